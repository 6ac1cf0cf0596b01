"""A session is read for each event of a browser, and once for the events that one leads to."""

from types import SimpleNamespace
from typing import Any

import pytest
from reflex_base.event.context import EventContext

from billing_app import whose
from billing_app.whose import Whose
from models.enums import Role
from services.actor import Actor
from services.sessions import Principal

COOKIE = "billing_session=one"


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the cookies that were looked up; everybody but 'nobody' has a session."""
    found: list[str] = []

    def recognise(cookie: str) -> Principal | None:
        found.append(cookie)
        return None if cookie == "nobody" else Principal(cookie, Actor(1, "Ana", frozenset({Role.ATTORNEY})), "a@b.c")

    monkeypatch.setattr(whose, "recognise", recognise)
    return found


def event(parent: EventContext | None = None) -> EventContext:
    if parent is not None:
        return parent.fork()
    nothing: Any = None
    return EventContext(token="tab", state_manager=nothing, enqueue_impl=nothing)


async def who(checks: Whose, context: EventContext, cookie: str = COOKIE) -> Principal | None:
    with context:
        return await checks.recognised(cookie)


async def test_what_follows_from_an_event_is_of_the_same_person(asked: list[str]) -> None:
    checks, click = Whose(), event()
    first = await who(checks, click)
    led_to = event(click)
    assert await who(checks, led_to) is first
    assert await who(checks, event(led_to)) is first
    assert asked == [COOKIE]


async def test_each_event_of_the_browser_is_asked_for(asked: list[str]) -> None:
    checks = Whose()
    await who(checks, event())
    await who(checks, event())
    assert asked == [COOKIE] * 2


async def test_another_cookie_is_asked_for(asked: list[str]) -> None:
    checks, click = Whose(), event()
    await who(checks, click)
    assert await who(checks, event(click), "nobody") is None
    assert asked == [COOKIE, "nobody"]


async def test_nobody_is_not_remembered(asked: list[str]) -> None:
    checks, click = Whose(), event()
    assert await who(checks, click, "nobody") is None
    assert await who(checks, event(click), "nobody") is None
    assert asked == ["nobody"] * 2


async def test_what_comes_later_is_asked_for_anew(asked: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    checks, click = Whose(), event()
    await who(checks, click)
    monkeypatch.setattr(whose, "_TOGETHER_SECONDS", -1.0)
    await who(checks, event(click))
    assert asked == [COOKIE] * 2


async def test_a_chain_is_not_carried_on_for_ever(asked: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Each link is measured from the check itself, not from the link before."""
    at = iter((0.0, 0.7, 1.4))
    monkeypatch.setattr(whose, "time", SimpleNamespace(monotonic=lambda: next(at)))
    checks, click = Whose(), event()
    await who(checks, click)
    await who(checks, led_to := event(click))
    await who(checks, event(led_to))
    assert asked == [COOKIE] * 2


async def test_old_checks_are_forgotten(asked: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whose, "_MOST", 2)
    checks, click = Whose(), event()
    for context in (click, event(), event()):
        await who(checks, context)
    await who(checks, event(click))
    assert len(asked) == 4
