"""Which files are the product: the rooms and what stands beside them."""

from pathlib import Path, PurePosixPath

ROOMS = ("billing_app", "pages", "state", "api", "jobs", "services", "carriers", "adapters", "guidelines", "ledes",
         "replication", "models", "core")  # fmt: skip
BESIDE = ("sandbox", "migrations", "benchmarks", "tools")


def is_room_file(path: PurePosixPath) -> bool:
    """Whether a file is part of the product itself."""
    return path.parts[0] in ROOMS


def product_files(root: Path) -> list[Path]:
    """Return every Python file of the rooms and of what stands beside them, in order."""
    folders = [root / name for name in (*ROOMS, *BESIDE)]
    return sorted(path for folder in folders for path in folder.rglob("*.py"))
