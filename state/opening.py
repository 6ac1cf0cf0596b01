"""Opening a page in one event: its parts read at the same time, and its watchers run as one background event.

An event costs its session check, its state's lock and a message before any work is done; a page of many parts would
pay that for each of them.
"""

import asyncio
import inspect
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from itertools import count
from typing import Any, Final

import reflex as rx
from reflex_base.event.context import EventContext
from reflex_base.utils.format import format_event_handler

from core.errors import InvalidInputError
from state.guard import guarded

# What is read by then is shown at once; a part that takes longer follows.
_AT_ONCE_SECONDS: Final = 0.15
_parts: dict[str, tuple[Any, ...]] = {}
_numbers: Final = count(1)


class Opening(rx.State):
    """Runs handlers of other states that were named together when the pages were made."""

    @rx.event
    @guarded()
    async def open(self, part: str) -> None:
        """Run the handlers of a part side by side, each with its own guard."""
        handlers = _handlers(part)
        async with _side_by_side([(one, await self.get_state(one.state)) for one in handlers]) as running:
            _, late = await asyncio.wait(running, timeout=_AT_ONCE_SECONDS)
            if late:
                await _show_so_far(self)
                await asyncio.wait(late)

    @rx.event(background=True)
    @guarded()
    async def watch(self, part: str) -> None:
        """Run the watchers of a part side by side until each has ended."""
        handlers = _handlers(part)
        async with self:
            states = [(one, await self.get_state(one.state)) for one in handlers]
        async with _side_by_side(states) as running:
            await asyncio.wait(running)


def together(part: str, *handlers: Any) -> Any:  # noqa: ANN401 -- the framework's event handlers and specs
    """Name handlers that do not need one another, and return the event that runs them side by side.

    They take nothing and return nothing. Raises TypeError for one that does.
    """
    event: Any = Opening.open
    return event(_named(part, handlers))


def watching(part: str, *handlers: Any) -> Any:  # noqa: ANN401 -- as above
    """Name watchers, and return the background event that runs them side by side."""
    event: Any = Opening.watch
    return event(_named(part, handlers))


def _named(part: str, handlers: tuple[Any, ...]) -> str:
    for one in handlers:
        if not inspect.iscoroutinefunction(one.fn) or len(inspect.signature(one.fn).parameters) != 1:
            raise TypeError(f"{format_event_handler(one)} takes or yields something and cannot run beside others")
    _parts[part] = handlers
    return part


def _handlers(part: str) -> tuple[Any, ...]:
    if part not in _parts:
        raise InvalidInputError("There is no such page. Nothing was changed; reload the page.")
    return _parts[part]


async def _show_so_far(state: rx.State) -> None:
    """Send what was read so far while others still read: counted as sent before any of them can go on.

    A `yield` counts everything as sent after the sending, so what a late part writes meanwhile would never be shown.
    """
    root = state._get_root_state()  # noqa: SLF001 -- the framework offers only the yield
    delta = root.get_delta()
    root._clean()  # noqa: SLF001
    if delta:
        await EventContext.get().emit_delta(delta)


@asynccontextmanager
async def _side_by_side(states: list[tuple[Any, Any]]) -> AsyncIterator[list[asyncio.Task[None]]]:
    """Run each handler on its state; at the end none is left running, and what the first one raised is raised."""
    running = list(_tasks(states))
    try:
        yield running
    finally:
        # A page that is left, or a tab that goes, ends all of them: the state's lock is not ours any more.
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
    wrong = [found for task in running if not task.cancelled() and (found := task.exception()) is not None]
    if wrong:
        raise wrong[0]


def _tasks(states: list[tuple[Any, Any]]) -> Iterator[asyncio.Task[None]]:
    token = EventContext.get().token
    for handler, state in states:
        # Named as the framework names its own, so that whoever watches the loop sees the handler.
        name = f"reflex_event|{format_event_handler(handler)}|{token}|opening-{next(_numbers)}"
        yield asyncio.create_task(handler.fn(state), name=name)
