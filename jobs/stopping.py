"""A work-horse that is told to stop finishes the file in hand first."""

import signal
from threading import Event
from types import FrameType

_asked = Event()


def listen() -> None:
    """Take SIGTERM as the wish to stop after the current file. Call in the main thread."""
    signal.signal(signal.SIGTERM, _note)


def is_asked_to_stop() -> bool:
    """Whether somebody asked this process to stop."""
    return _asked.is_set()


def _note(_number: int, _frame: FrameType | None) -> None:
    _asked.set()
