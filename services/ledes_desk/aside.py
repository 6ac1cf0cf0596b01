"""Long work on a large file in a process of its own: the page's process stays quick, and its memory comes back."""

import pickle
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any, Final, ParamSpec, TypeVar

from core.errors import BillingError, UnavailableError

P = ParamSpec("P")
Result = TypeVar("Result")
SMALL: Final = 1024 * 1024
"""Bytes; work on less takes less time than starting a process."""
_ROOT: Final = Path(__file__).parents[2]
_SECONDS: Final = 180
# Two at a time would only make each other slow, and the memory of both is needed at once.
_turn = BoundedSemaphore(1)


class AsideFailedError(UnavailableError):
    """The process that worked on the file did not come to an end."""

    code = "aside_failed"


def beside(size: int, work: Callable[P, Result], *args: P.args, **kwargs: P.kwargs) -> Result:
    """Do work on a file of so many bytes: here when that is quick, else in a process of its own.

    The work is a function of a module, and its values are plain.

    Raises:
        AsideFailedError: it took too long or did not come to an end.
        BillingError: whatever the work itself refused.
    """
    if size <= SMALL:
        return work(*args, **kwargs)
    with _turn:
        return _in_own_process(work, args, kwargs)


def _in_own_process(work: Callable[..., Result], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Result:
    command = [sys.executable, "-m", "services.ledes_desk.aside"]
    order = pickle.dumps((work, args, kwargs), protocol=pickle.HIGHEST_PROTOCOL)
    try:
        done = subprocess.run(command, input=order, capture_output=True, cwd=_ROOT, timeout=_SECONDS, check=True)
    except (subprocess.SubprocessError, OSError) as wrong:
        message = "The work on this file did not come to an end. Nothing was changed; try again, or split the file."
        raise AsideFailedError(message) from wrong
    outcome: Result | BillingError = pickle.loads(done.stdout)  # noqa: S301 -- written by our own process
    if isinstance(outcome, BillingError):
        raise outcome
    return outcome


def main() -> None:
    """Do the work that stands on standard input, and write what came of it."""
    work, args, kwargs = pickle.loads(sys.stdin.buffer.read())  # noqa: S301 -- written by the portal's process
    try:
        outcome = work(*args, **kwargs)
    except BillingError as refused:
        outcome = refused
    sys.stdout.buffer.write(pickle.dumps(outcome, protocol=pickle.HIGHEST_PROTOCOL))


if __name__ == "__main__":
    main()
