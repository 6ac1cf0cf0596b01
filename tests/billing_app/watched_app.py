"""The portal with a watch on its event loop; served by a test in a process of its own."""

import asyncio
import os
import time
from asyncio import Handle
from collections.abc import Callable
from pathlib import Path

import reflex as rx

from billing_app.billing_app import app
from state.guard import guarded

HOLDS_FILE = "WATCHED_HOLDS_FILE"
_EVENT = "reflex_event|"


class Sluggish(rx.State):
    """The control: a handler that does what none may."""

    note: str = ""

    @rx.event
    @guarded()
    async def hold(self):
        time.sleep(0.04)  # noqa: ASYNC251 -- it holds the loop on purpose
        self.note = "held"


class LoopWatch:
    """Notes every stretch that one event ran on the loop without giving it back, as `event|number|ms`."""

    def __init__(self, path: Path) -> None:
        self._holds = path.open("a", buffering=1)
        self._run = Handle._run
        Handle._run = self._watched()  # type: ignore[method-assign, assignment]  # the one place every callback passes

    def _watched(self) -> Callable[[Handle], None]:
        def run(handle: Handle) -> None:
            begun = time.perf_counter()
            self._run(handle)
            self._note(handle, (time.perf_counter() - begun) * 1000)

        return run

    def _note(self, handle: Handle, ms: float) -> None:
        task = getattr(handle._callback, "__self__", None)
        if isinstance(task, asyncio.Task) and task.get_name().startswith(_EVENT):
            _, name, _, number = task.get_name().split("|")
            self._holds.write(f"{name}|{number}|{ms:.1f}\n")


def serve():
    """Return the app for the server, watched from its first event."""
    LoopWatch(Path(os.environ[HOLDS_FILE]))
    return app()
