"""Live screens: one poller a process watches the audit trail and wakes the pages that what changed concerns."""

import asyncio
import time
from collections import Counter, OrderedDict
from collections.abc import AsyncIterator, Callable, Collection, Iterable
from typing import Any, Final

from reflex_base.event.context import EventContext
from reflex_base.registry import RegistrationContext
from sqlalchemy.exc import SQLAlchemyError

from core.db import read_only
from core.log import get_logger
from services.changes import NOTICES_OF, Marks, Record, changed_since, newest_marks
from services.sessions import Principal
from state.doorkeeper import recognise
from state.guard import set_principal

POLL_SECONDS = 0.7
CHECK_SECONDS = 5.0
FULL_CHECK_SECONDS = 30.0
PACE_SECONDS = 1.0
# For what everybody's work changes all the time: the first change shows at once, those that follow together.
WIDE_PACE_SECONDS = 5.0
# A kind of record, or one record.
Watched = str | Record
_ANY: Final = ""
_MOST_KEYS = 20_000
_MOST_ARRIVALS = 5_000
_log = get_logger(__name__)
_asking: dict[str, asyncio.Task[Principal | None]] = {}


class ChangeFeed:
    """What changed, by kind and by record, for everybody in this process who listens; `tick` grows with each news."""

    def __init__(self) -> None:
        self.listeners = 0
        self.tick = 0
        self._changed_at: dict[Watched, int] = {}
        self._all_at = 0
        self._waiting: dict[Watched, set[asyncio.Future[None]]] = {}
        self._bells: Counter[int] = Counter()
        self._arrivals: OrderedDict[str, int] = OrderedDict()
        self._marks: Marks | None = None

    def arrive(self, token: str) -> None:
        """Note that a tab opens a page now: what it reads from here on is what has changed until here."""
        self._arrivals.pop(token, None)
        self._arrivals[token] = self.tick
        if len(self._arrivals) > _MOST_ARRIVALS:
            self._arrivals.popitem(last=False)

    def arrived_at(self, token: str) -> int:
        """Return the tick at which the tab's page was opened; -1 when that is not known."""
        return self._arrivals.get(token, -1)

    def listen(self, watched: Collection[Watched]) -> None:
        """Count a listener in."""
        self.listeners += 1
        self._bells.update(_people(watched))

    def leave(self, watched: Collection[Watched]) -> None:
        """Count a listener out."""
        self.listeners -= 1
        self._bells.subtract(_people(watched))
        self._bells = +self._bells

    def news(self, seen: int, watched: Collection[Watched]) -> frozenset[Watched]:
        """Return which of the kinds and records ('' for any, when none are named) changed after the tick `seen`."""
        keys = watched or (_ANY,)
        if seen < self._all_at:
            return frozenset(keys)
        return frozenset(key for key in keys if self._changed_at.get(key, 0) > seen)

    async def wait_beyond(self, seen: int, watched: Collection[Watched], seconds: float) -> bool:
        """Wait until there is news for who saw the tick `seen`; False when there was none in time."""
        if seen < 0 or self.news(seen, watched):
            return True
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        keys = set(watched) or {_ANY}
        for key in keys:
            self._waiting.setdefault(key, set()).add(woken)
        try:
            async with asyncio.timeout(seconds):
                await woken
        except TimeoutError:
            return False
        finally:
            for key in keys:
                self._waiting[key].discard(woken)
                if not self._waiting[key]:
                    del self._waiting[key]
        return True

    def tell(self, records: Iterable[Record]) -> None:
        """Wake those, and only those, whom these records concern."""
        self.tick += 1
        keys: set[Watched] = {_ANY}
        for kind, record_id in records:
            keys |= {kind, (kind, record_id)}
        if len(self._changed_at) > _MOST_KEYS:
            self._changed_at.clear()
            self._all_at = self.tick
        for key in keys:
            self._changed_at[key] = self.tick
            self._wake(key)

    def tell_all(self) -> None:
        """Wake everybody."""
        self.tick += 1
        self._all_at = self.tick
        for key in list(self._waiting):
            self._wake(key)

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
        earlier, people = self._marks, frozenset(self._bells)
        self._marks, records = await asyncio.to_thread(_look, earlier, people)
        if earlier is None:
            # What happened before this baseline is unknown, so everybody looks once.
            self.tell_all()
        elif records:
            self.tell(records)

    def _wake(self, key: Watched) -> None:
        for woken in self._waiting.get(key, ()):
            if not woken.done():
                woken.set_result(None)


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


async def changes(
    state: Any,  # noqa: ANN401 -- a background event's proxy
    *watched: Watched,
    more: Callable[[], Iterable[Watched]] = tuple,
    pace: float = PACE_SECONDS,
) -> AsyncIterator[frozenset[Watched]]:
    """Yield which of these kinds or records changed since the page was opened, while this tab shows this page.

    For background events only; nothing named means anything. `more` names what else to watch, and is asked each time.
    After each the next comes `pace` seconds later at the earliest. Ends when the tab is gone, has moved to another
    page, or its session has ended.
    """
    token, source = EventContext.get().token, feed()
    seen = source.arrived_at(token)
    path, cookie = _path_and_cookie(state)
    source.listen(watched)
    try:
        checked_at = time.monotonic()
        while True:
            wanted = (*watched, *more())
            changed = await source.wait_beyond(seen, wanted, CHECK_SECONDS)
            if not _is_shown(state, token, path):
                return
            # The session is asked before anything is sent; while nothing is, now and then is enough.
            is_due = time.monotonic() - checked_at >= FULL_CHECK_SECONDS
            if (changed or is_due) and not await _is_signed_in(cookie):
                return
            if is_due:
                if not await _is_still_there(state, path):
                    return
                checked_at = time.monotonic()
            if changed:
                news, seen = frozenset(wanted) if seen < 0 else source.news(seen, wanted), source.tick
                yield news
                await asyncio.sleep(pace)
    finally:
        source.leave(watched)


async def ticks(state: Any, seconds: float) -> AsyncIterator[None]:  # noqa: ANN401 -- a background event's proxy
    """Yield at once and then every so many seconds, while this tab shows this page and its session lives.

    For background events only.
    """
    token = EventContext.get().token
    path, cookie = _path_and_cookie(state)
    checked_at = time.monotonic()
    while _is_shown(state, token, path):
        if time.monotonic() - checked_at >= FULL_CHECK_SECONDS:
            if not (await _is_signed_in(cookie) and await _is_still_there(state, path)):
                return
            checked_at = time.monotonic()
        yield
        await asyncio.sleep(seconds)


def _path_and_cookie(state: Any) -> tuple[str, str]:  # noqa: ANN401
    """Return where a background event has just begun, beneath the proxy, which would lock the state to tell."""
    router = state.__wrapped__.router
    return router.url.path, router.headers.cookie


def _is_shown(state: Any, token: str, path: str) -> bool:  # noqa: ANN401
    """Look without the state's lock: what is read may be old, and then the full check tells."""
    namespace = RegistrationContext.get().app.event_namespace
    if namespace is None or token not in namespace._token_manager.token_to_socket:  # noqa: SLF001 -- its public mapping is copied whole
        return False
    # Beneath the proxy, which would make another one of the root for each look.
    return bool(state.__wrapped__.router.url.path == path)


async def _is_signed_in(cookie: str) -> bool:
    """Whether the session lives; the rest of the background event is its person's, with the rights of now."""
    if (person := await _recognised(cookie)) is None:
        return False
    set_principal(person)
    return True


async def _is_still_there(state: Any, path: str) -> bool:  # noqa: ANN401
    """Look with the state's lock, and so at what other processes made of it, too."""
    async with state:
        return bool(state.router.url.path == path)


async def _recognised(cookie: str) -> Principal | None:
    """Return who a cookie stands for; the watchers of one session that are woken together ask once."""
    asked = _asking.get(cookie)
    if asked is None or asked.get_loop() is not asyncio.get_running_loop():
        asked = _asking[cookie] = asyncio.create_task(asyncio.to_thread(recognise, cookie))
        asked.add_done_callback(lambda _: _asking.pop(cookie, None))
    # One that leaves its page meanwhile takes the answer from nobody else.
    return await asyncio.shield(asked)


def _look(earlier: Marks | None, people: frozenset[int]) -> tuple[Marks, frozenset[Record]]:
    with read_only() as session:
        return (
            (newest_marks(session, people), frozenset()) if earlier is None else changed_since(session, earlier, people)
        )


def _people(watched: Collection[Watched]) -> list[int]:
    return [one[1] for one in watched if isinstance(one, tuple) and one[0] == NOTICES_OF]
