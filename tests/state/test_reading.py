"""What the parts of one tab ask at once is read in one thread as one read; each gets its own answer or error."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from reflex_base.event.context import EventContext
from sqlalchemy.orm import Session

from core.db import Database, read_only
from core.errors import InvalidInputError, NotFoundError
from models.enums import Role
from state import reading
from state.guard import actor
from state.reading import read_together, side_by_side
from tests.acting import acting_as


@contextmanager
def event_of(tab: str) -> Iterator[None]:
    nothing: Any = None
    with EventContext(token=tab, state_manager=nothing, enqueue_impl=nothing):
        yield


def session_and_thread() -> tuple[Session, int]:
    with read_only() as session:
        return session, threading.get_ident()


@pytest.mark.usefixtures("database")
async def test_parts_of_a_tab_share_one_read() -> None:
    with event_of("tab"):
        first, second = await asyncio.gather(read_together(session_and_thread), read_together(session_and_thread))
        later = await read_together(session_and_thread)
    assert first == second
    assert first[1] != threading.get_ident()
    assert later[0] is not first[0]


@pytest.mark.usefixtures("database")
async def test_tabs_do_not_share() -> None:
    async def ask(tab: str) -> Session:
        with event_of(tab):
            return (await read_together(session_and_thread))[0]

    first, second = await asyncio.gather(ask("one"), ask("two"))
    assert first is not second


@pytest.mark.usefixtures("database")
async def test_each_asks_in_the_own_name_and_with_the_own_values() -> None:
    async def ask(name: str, number: int) -> tuple[str, int]:
        with acting_as(Role.ATTORNEY, name=name):
            return await read_together(lambda added: (actor().name, added + 1), number)

    with event_of("tab"):
        assert list(await asyncio.gather(ask("Ana", 1), ask("Ben", 2))) == [("Ana", 2), ("Ben", 3)]


@pytest.mark.usefixtures("database")
async def test_an_error_is_told_to_who_asked_alone() -> None:
    with event_of("tab"):
        found = await asyncio.gather(
            read_together(_fail, NotFoundError("No.")),
            read_together(lambda: 7),
            read_together(_fail, _Interrupted()),
            return_exceptions=True,
        )
    assert [type(one) for one in found] == [NotFoundError, int, _Interrupted]


class _Interrupted(BaseException):
    """What a stop signal looks like: not an Exception."""


def _fail(error: BaseException) -> None:
    raise error


@pytest.mark.usefixtures("database")
async def test_who_left_meanwhile_takes_nothing_from_the_others() -> None:
    go_on = threading.Event()
    with event_of("tab"):
        left = asyncio.create_task(read_together(go_on.wait))
        stays = asyncio.create_task(read_together(lambda: "read"))
        await asyncio.sleep(0)
        left.cancel()
        go_on.set()
        assert await stays == "read"
    with pytest.raises(asyncio.CancelledError):
        await left


async def test_outside_of_an_event_everybody_asks_alone(database: Database) -> None:
    assert database is not None
    first, second = await asyncio.gather(read_together(session_and_thread), read_together(session_and_thread))
    assert first[0] is not second[0]


async def test_side_by_side_ends_all_before_it_tells_of_an_error() -> None:
    ended = []

    async def part(name: str, after: Callable[[], None]) -> None:
        await asyncio.sleep(0)
        after()
        await asyncio.sleep(0)
        ended.append(name)

    def refuse() -> None:
        raise InvalidInputError("No.")

    with pytest.raises(InvalidInputError):
        await side_by_side([part("first", refuse), part("second", lambda: None)])
    assert ended == ["second"]
    await side_by_side([])


async def test_nobody_waits_for_a_read_that_cannot_begin(monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> Database:
        raise InvalidInputError("There is no such database.")

    monkeypatch.setattr(reading, "get_database", away)
    with event_of("tab"):
        found = await asyncio.gather(*(read_together(lambda: 7) for _ in range(2)), return_exceptions=True)
    assert [type(one) for one in found] == [InvalidInputError, InvalidInputError]
