"""Live screens: one poller a process watches the audit trail and wakes the pages that listen."""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

from reflex_base.event.context import EventContext
from reflex_base.registry import RegistrationContext
from sqlalchemy.exc import SQLAlchemyError

from core.db import read_only
from core.log import get_logger
from services.changes import Marks, is_floor_stale, marks_above, newest_marks
from state.doorkeeper import recognise
from state.guard import set_principal

POLL_SECONDS = 0.7
CHECK_SECONDS = 5.0
FULL_CHECK_SECONDS = 30.0
PACE_SECONDS = 1.0
_log = get_logger(__name__)


class ChangeFeed:
    """What changed, by kind of record, for everybody in this process who listens."""

    def __init__(self) -> None:
        self.listeners = 0
        self._versions: dict[str, int] = {}
        self._baselines = 0
        self._condition = asyncio.Condition()
        self._marks: Marks | None = None

    def version(self, kinds: tuple[str, ...]) -> int:
        """Return a number that grows with every change of the kinds (of any kind, when none are named)."""
        return self._baselines + sum(count for kind, count in self._versions.items() if not kinds or kind in kinds)

    async def wait_beyond(self, seen: int, kinds: tuple[str, ...], seconds: float) -> bool:
        """Wait until the kinds changed after version `seen`; False when nothing did in time."""
        try:
            async with asyncio.timeout(seconds), self._condition:
                await self._condition.wait_for(lambda: self.version(kinds) != seen)
        except TimeoutError:
            return False
        return True

    async def tell(self, kinds: frozenset[str]) -> None:
        """Wake everybody who listens to one of the kinds."""
        async with self._condition:
            for kind in kinds:
                self._versions[kind] = self._versions.get(kind, 0) + 1
            self._condition.notify_all()

    async def poll_for_ever(self) -> None:
        """Look at the audit trail again and again while somebody listens; runs as long as the process."""
        while True:
            await asyncio.sleep(POLL_SECONDS)
            if not self.listeners:
                self._marks = None
                continue
            try:
                await self.poll()
            except SQLAlchemyError as away:
                _log.warning("live:database_unreachable", reason=type(away).__name__)

    async def poll(self) -> None:
        """Look once, and wake who listens."""
        earlier, self._marks = self._marks, await asyncio.to_thread(_look, self._marks)
        if earlier is None:
            # What happened before this baseline is unknown, so everybody looks once.
            self._baselines += 1
            await self.tell(frozenset())
        elif changed := self._marks.changed_since(earlier):
            await self.tell(changed)
        if is_floor_stale(self._marks):
            self._marks = None


class _Feeds:
    """The one feed of this process's event loop; a test's next loop gets its own."""

    current: ChangeFeed | None = None
    loop: asyncio.AbstractEventLoop | None = None


def feed() -> ChangeFeed:
    """Return the feed of the running event loop."""
    loop = asyncio.get_running_loop()
    if _Feeds.current is None or _Feeds.loop is not loop:
        _Feeds.current, _Feeds.loop = ChangeFeed(), loop
    return _Feeds.current


async def run_change_feed() -> None:
    """Poll for as long as the process runs; a lifespan task of the app."""
    await feed().poll_for_ever()


async def changes(state: Any, *kinds: str) -> AsyncIterator[None]:  # noqa: ANN401 -- a background event's proxy
    """Yield once, then when records of these kinds changed, at most once a second, while this tab shows this page.

    For background events only; no kinds means any. Ends when the tab is gone, has moved to another page, or its
    session has ended.
    """
    token, source = EventContext.get().token, feed()
    async with state:
        path, cookie = state.router.url.path, state.router.headers.cookie
    source.listeners += 1
    try:
        seen, checked_at = -1, time.monotonic()
        while True:
            changed = await source.wait_beyond(seen, kinds, CHECK_SECONDS)
            if not _is_shown(state, token, path):
                return
            # The session is asked before anything is sent; while nothing is, now and then is enough.
            if changed or time.monotonic() - checked_at >= FULL_CHECK_SECONDS:
                if not await _is_still_there(state, path, cookie):
                    return
                checked_at = time.monotonic()
            if changed:
                seen = source.version(kinds)
                yield
                await asyncio.sleep(PACE_SECONDS)
    finally:
        source.listeners -= 1


def _is_shown(state: Any, token: str, path: str) -> bool:  # noqa: ANN401
    """Look without the state's lock: what is read may be old, and then the full check tells."""
    namespace = RegistrationContext.get().app.event_namespace
    return namespace is not None and token in namespace.token_to_sid and bool(state.router.url.path == path)


async def _is_still_there(state: Any, path: str, cookie: str) -> bool:  # noqa: ANN401
    if (person := await asyncio.to_thread(recognise, cookie)) is None:
        return False
    set_principal(person)
    async with state:
        return bool(state.router.url.path == path)


def _look(earlier: Marks | None) -> Marks:
    with read_only() as session:
        return newest_marks(session) if earlier is None else marks_above(session, earlier.floor)
