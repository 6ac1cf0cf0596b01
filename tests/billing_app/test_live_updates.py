"""A page follows the database by itself, and leaves nothing running when its tab has gone."""

import asyncio

import pytest
from sqlalchemy import update

from core.clock import now
from models import AuditEvent
from models.person import UserSession
from tests.billing_app.portal import Portal
from tests.billing_app.socket_client import HYDRATE, PLANTED, Tab, tab

pytestmark = pytest.mark.slow


async def test_show_new_row_without_asking(portal: Portal):
    async with tab(portal.url, portal.cookie("admin")) as mine:
        await _open_audit(mine)
        _add_event(portal, "matter:noticed")
        assert "matter:noticed" in await _hear(mine, "matter:noticed")


async def test_stop_listening_when_tab_moves_on(portal: Portal):
    async with tab(portal.url, portal.cookie("admin")) as mine:
        await _open_audit(mine)
        assert "listeners=2" in await mine.send(f"{PLANTED}.count_listeners", path="/audit")
        await mine.send(HYDRATE, path="/elsewhere")
        assert await _listeners_fall_to(mine, 1)


async def test_stop_listening_when_tab_closes(portal: Portal):
    async with tab(portal.url, portal.cookie("admin")) as gone:
        await _open_audit(gone)
    async with tab(portal.url, portal.cookie("admin")) as mine:
        await mine.send(HYDRATE)
        assert await _listeners_fall_to(mine, 1)


async def test_stop_listening_when_session_ends(portal: Portal):
    async with tab(portal.url, portal.cookie("admin")) as ended:
        await _open_audit(ended)
        await ended.listen(len(ended.received), 1.5)  # until the page's first look of its own is over
        with portal.database.unit_of_work() as session:
            session.execute(update(UserSession).values(revoked_at=now()))
        seen = len(ended.received)
        _add_event(portal, "matter:hidden")
        async with tab(portal.url, portal.cookie("admin")) as mine:
            await mine.send(HYDRATE)
            # The page that was woken has gone; the ended tab's bell, which nothing woke, is asked at its full check.
            assert await _listeners_fall_to(mine, 2)
        assert "matter:hidden" not in "\n".join(ended.received[seen:])


async def _open_audit(opened: Tab) -> None:
    await opened.send(HYDRATE, path="/audit", patience=3)
    await _hear(opened, "range_text")


async def _hear(listener: Tab, text: str, seconds: float = 8) -> str:
    for _ in range(int(seconds * 20)):
        if text in (heard := "\n".join(listener.received)):
            return heard
        await asyncio.sleep(0.05)
    return ""


async def _listeners_fall_to(asking: Tab, count: int) -> bool:
    for _ in range(12):
        if f"listeners={count}" in await asking.send(f"{PLANTED}.count_listeners"):
            return True
        await asking.send(f"{PLANTED}.choose", patience=0.3, invoice_id=1)
        await asyncio.sleep(0.4)
    return False


def _add_event(portal: Portal, tag: str) -> None:
    with portal.database.unit_of_work() as session:
        session.add(AuditEvent(at=now(), tag=tag, actor_role="system", subject_type="matter", subject_id=1))
