"""The steps of the set-up in their order, one at a time even when two commands start together."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.setup import debian, grid, packages
from tools.setup.errors import SetupError

__all__ = ["SetupError", "prepare"]


def prepare(root: Path, *, tests: bool) -> None:
    """Install what is missing: Debian's programs, the virtual environment, the locked packages.

    Raises:
        SetupError: with one sentence that says what is missing and the line to type.
    """
    with _alone(root):
        debian.install(debian.missing(root, tests=tests))
        packages.install(root)
        if tests:
            grid.install(root)


@contextmanager
def _alone(root: Path) -> Iterator[None]:
    """Wait for a set-up that is under way in another terminal."""
    folder = root / "var"
    folder.mkdir(exist_ok=True)
    with (folder / "setup.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
