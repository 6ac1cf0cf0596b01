"""Run every check and show every failure: `python -m tools.check`. Nothing is changed."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOMS = ("billing_app", "pages", "state", "jobs", "services", "carriers", "adapters", "guidelines", "ledes", "models",
         "core")  # fmt: skip
BESIDE = ("sandbox", "migrations", "benchmarks", "tools", "tests")
_BIN = Path(sys.executable).parent


@dataclass(frozen=True)
class Check:
    """One command that exits with 0 when all is well."""

    name: str
    command: tuple[str, ...]


@dataclass(frozen=True)
class Outcome:
    """What a check said and how long it took."""

    check: Check
    is_good: bool
    output: str
    seconds: float


def all_checks(root: Path) -> list[Check]:
    """Return the checks, the longest first so that two cores finish together."""
    folders = tuple(name for name in (*ROOMS, *BESIDE) if any((root / name).rglob("*.py")))
    return [
        Check("types", (_tool("mypy"), *folders)),
        Check("import contracts", (_tool("lint-imports"), "--no-logo", "--no-cache")),
        Check("own lints", (sys.executable, "-m", "tools.lints")),
        Check("lint", (_tool("ruff"), "check", "--quiet", "--output-format=concise", ".")),
        Check("format", (_tool("ruff"), "format", "--check", "--output-format=concise", ".")),
        Check("lifecycle document", (sys.executable, "-m", "services.lifecycle_doc", "--check")),
    ]


def run(check: Check, root: Path) -> Outcome:
    """Run one check to its end."""
    started = time.monotonic()
    environment = {**os.environ, "PYTHONPATH": str(root)}
    done = subprocess.run(
        check.command, cwd=root, env=environment, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )
    return Outcome(check, done.returncode == 0, done.stdout + done.stderr, time.monotonic() - started)


def main() -> int:
    """Run all checks, two at a time; return 1 when any fails."""
    root = Path.cwd()
    failed = 0
    with ThreadPoolExecutor(max_workers=2) as pool:
        for outcome in pool.map(lambda check: run(check, root), all_checks(root)):
            failed += not outcome.is_good
            print(f"{'ok  ' if outcome.is_good else 'FAIL'} {outcome.check.name} ({outcome.seconds:.1f} s)")
            if not outcome.is_good:
                print(outcome.output.rstrip())
    return 1 if failed else 0


def _tool(name: str) -> str:
    return str(_BIN / name)


if __name__ == "__main__":
    raise SystemExit(main())
