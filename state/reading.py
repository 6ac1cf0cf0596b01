"""Reading in a thread: what the parts of one tab's page ask at the same time is asked there as one read.

A thread, a connection and a session each cost about as much as a small question, and parts ask for the same facts.
"""

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Sequence
from contextvars import Context, copy_context
from functools import partial
from typing import Any, NamedTuple, TypeVar

from reflex_base.event.context import EventContext

from core.db import get_database

_Found = TypeVar("_Found")


class _Question(NamedTuple):
    """What is asked, in whose context, and where the answer goes."""

    ask: Callable[[], Any]
    context: Context
    answer: asyncio.Future[Any]


_asked: dict[str, list[_Question]] = {}


async def read_together(ask: Callable[..., _Found], *arguments: Any) -> _Found:  # noqa: ANN401 -- the function's own
    """Return what a blocking function that only reads gives; those of one tab that are asked at once share a read.

    Each gets its answer, or its error, as soon as it is there. Outside of an event everybody asks alone.
    """
    try:
        token = EventContext.get().token
    except LookupError:
        return await asyncio.to_thread(ask, *arguments)
    loop = asyncio.get_running_loop()
    question = _Question(partial(ask, *arguments), copy_context(), loop.create_future())
    if token in _asked:
        _asked[token].append(question)
    else:
        _asked[token] = [question]
        # After everybody who is about to ask in this turn of the loop.
        loop.call_soon(_begin, loop, token)
    found: _Found = await question.answer
    return found


async def side_by_side(parts: Iterable[Coroutine[Any, Any, object]]) -> None:
    """Run parts of a page at the same time until each has ended; the first error, if any, is raised then."""
    for ended in await asyncio.gather(*parts, return_exceptions=True):
        if isinstance(ended, BaseException):
            raise ended


def _begin(loop: asyncio.AbstractEventLoop, token: str) -> None:
    questions = _asked.pop(token)
    ended = loop.run_in_executor(None, _answer_all, loop, questions)
    ended.add_done_callback(partial(_leave_nobody_waiting, questions))


def _answer_all(loop: asyncio.AbstractEventLoop, questions: Sequence[_Question]) -> None:
    with get_database().one_read():
        for question in questions:
            try:
                done = partial(_give, question.answer, question.context.run(question.ask))
            except BaseException as wrong:  # noqa: BLE001 -- whoever asked hears it
                done = partial(_fail, question.answer, wrong)
            loop.call_soon_threadsafe(done)


def _leave_nobody_waiting(questions: Sequence[_Question], ended: asyncio.Future[None]) -> None:
    """Tell those who have no answer yet why there was no read at all."""
    if not ended.cancelled() and (wrong := ended.exception()) is not None:
        for question in questions:
            _fail(question.answer, wrong)


def _give(answer: asyncio.Future[Any], found: Any) -> None:  # noqa: ANN401
    # Whoever asked may have left the page meanwhile.
    if not answer.done():
        answer.set_result(found)


def _fail(answer: asyncio.Future[Any], wrong: BaseException) -> None:
    if not answer.done():
        answer.set_exception(wrong)
