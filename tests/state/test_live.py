"""The change feed wakes whom something concerns, and nobody else; what a page has read itself is no news to it."""

import asyncio

import pytest

from state import live
from state.live import ChangeFeed, Watched

SOON = 0.05


async def woken(feed: ChangeFeed, seen: int, *watched: Watched) -> bool:
    return await feed.wait_beyond(seen, watched, SOON)


@pytest.mark.parametrize(
    ("watched", "expected"),
    [
        ([("proforma", 7)], True),
        ([("proforma", 8)], False),
        (["proforma"], True),
        (["invoice"], False),
        (["invoice", ("proforma", 7)], True),
        ([], True),
    ],
)
async def test_wake_whom_it_concerns(watched: list[object], expected: bool) -> None:
    feed = ChangeFeed()
    waiting = asyncio.create_task(woken(feed, feed.tick, *watched))
    await asyncio.sleep(0)
    feed.tell([("proforma", 7)])
    assert await waiting is expected
    assert await woken(feed, 0, *watched) is expected
    assert not await woken(feed, feed.tick, *watched)


async def test_page_is_not_told_what_it_has_read_itself() -> None:
    feed = ChangeFeed()
    feed.tell([("proforma", 7)])
    feed.arrive("tab")
    seen = feed.arrived_at("tab")
    assert not await woken(feed, seen, ("proforma", 7))
    feed.tell([("proforma", 7)])
    assert await woken(feed, seen, ("proforma", 7))
    assert await woken(feed, feed.arrived_at("another tab"), ("proforma", 9))


async def test_tell_everybody_after_a_gap() -> None:
    feed = ChangeFeed()
    waiting = asyncio.create_task(woken(feed, feed.tick, ("proforma", 7)))
    await asyncio.sleep(0)
    feed.tell_all()
    assert await waiting
    assert await woken(feed, 0, "invoice")


async def test_forget_old_news_without_losing_any(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("state.live._MOST_KEYS", 3)
    feed = ChangeFeed()
    for number in range(5):
        feed.tell([("proforma", number)])
    assert await woken(feed, 1, ("proforma", 1))
    assert not await woken(feed, feed.tick, ("proforma", 1))


async def test_forget_tabs_of_long_ago(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("state.live._MOST_ARRIVALS", 2)
    feed = ChangeFeed()
    for token in ("one", "two", "three"):
        feed.arrive(token)
    assert (feed.arrived_at("one"), feed.arrived_at("three")) == (-1, 0)


async def test_watchers_woken_together_ask_for_their_session_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def recognise(cookie: str) -> None:
        asked.append(cookie)

    monkeypatch.setattr(live, "recognise", recognise)
    await asyncio.gather(*(live._recognised(cookie) for cookie in ("one", "one", "two")))
    assert sorted(asked) == ["one", "two"]
    await live._recognised("one")
    assert asked.count("one") == 2


def test_know_whose_bells_are_watched() -> None:
    feed = ChangeFeed()
    feed.listen([("notices_of", 4)])
    feed.listen([("notices_of", 4), "proforma"])
    feed.leave([("notices_of", 4)])
    assert (feed.listeners, sorted(feed._bells)) == (1, [4])
    feed.leave([("notices_of", 4), "proforma"])
    assert (feed.listeners, sorted(feed._bells)) == (0, [])
