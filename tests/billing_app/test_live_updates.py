"""A page follows the database by itself, and leaves nothing running when its tab has gone."""

import asyncio
from decimal import Decimal

import pytest
from sqlmodel import select

from core.clock import now
from core.ids import sha256_hex
from models import AuditEvent, Proforma, ProformaLine, User
from models.enums import Role
from models.person import UserSession
from services.actor import actor_of
from services.review.comments import About, add_comment
from services.review.proforma_edits import write_down
from services.sessions import open_session
from tests.billing_app.portal import Portal
from tests.billing_app.socket_client import HYDRATE, PLANTED, Tab, tab
from tests.builders import id_of, make_user
from tests.services.review.edit_desk import EditDesk, make_edit_desk

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
        assert await _listeners_come_to(mine, 1)


async def test_stop_listening_when_tab_closes(portal: Portal):
    async with tab(portal.url, portal.cookie("admin")) as gone:
        await _open_audit(gone)
    async with tab(portal.url, portal.cookie("admin")) as mine:
        await mine.send(HYDRATE)
        assert await _listeners_come_to(mine, 1)


async def test_stop_listening_when_session_ends(portal: Portal):
    mine_cookie, ended_cookie = portal.cookie("admin"), portal.cookie("admin")
    async with tab(portal.url, mine_cookie) as mine, tab(portal.url, ended_cookie) as ended:
        await mine.send(HYDRATE)
        await _open_audit(ended)
        assert await _listeners_come_to(mine, 3)  # this tab's bell, the other's bell and its page
        with portal.database.unit_of_work() as session:
            key = sha256_hex(ended_cookie.removeprefix("billing_session="))
            session.get_one(UserSession, key).revoked_at = now()
        seen = len(ended.received)
        _add_event(portal, "matter:hidden")
        # The page that was woken ends; the ended tab's bell, which nothing woke, may wait for its full check.
        assert await _listeners_come_to(mine, 2, 1)
        assert "matter:hidden" not in "\n".join(ended.received[seen:])


async def test_queue_hears_of_its_own_proformas_only(portal: Portal):
    with portal.database.unit_of_work() as session:
        mine, other = make_edit_desk(session), make_edit_desk(session)
        own, foreign = id_of(mine.proforma), id_of(other.proforma)
        cookie = f"billing_session={open_session(session, session.get_one(User, mine.attorney.user_id))}"
    async with tab(portal.url, cookie) as queue:
        await queue.send(HYDRATE, path="/review", patience=3)
        assert await _hear(queue, "left_text")
        # Until the page has opened whole and the poller has its first baseline.
        assert await _falls_silent(queue)
        seen = len(queue.received)
        _edit(portal, other, foreign)
        assert "review_queue" not in await queue.listen(seen, 2.5)
        _edit(portal, mine, own)
        assert await _hear(queue, "$997.49")


async def test_open_proforma_hears_of_edits_and_comments_of_others(portal: Portal):
    with portal.database.unit_of_work() as session:
        desk = make_edit_desk(session)
        shown = id_of(desk.proforma)
        owner, other = session.get_one(User, desk.attorney.user_id), make_user(session, Role.BILLER)
        cookie, says = f"billing_session={open_session(session, owner)}", actor_of(other)
    async with tab(portal.url, cookie) as page:
        await page.send(HYDRATE, path=f"/proforma/{shown}", patience=3)
        assert await _hear(page, "proforma_people")
        assert await _falls_silent(page)
        _edit(portal, desk, shown)
        assert await _hear(page, "$997.49")
        with portal.database.unit_of_work() as session:
            add_comment(session, says, about=About(shown), body="Is the last call right?")
        assert await _hear(page, "Is the last call right?")


def _edit(portal: Portal, desk: EditDesk, proforma_id: int) -> None:
    """Write a cent down on the first line, as the attorney would."""
    with portal.database.unit_of_work() as session:
        first = select(ProformaLine).where(ProformaLine.proforma_id == proforma_id, ProformaLine.line_number == 1)
        line_id, version = id_of(session.exec(first).one()), session.get_one(Proforma, proforma_id).version
        given = {"line_id": line_id, "expected_version": version, "amount": Decimal("0.01"), "note": "Courtesy"}
        write_down(session, desk.attorney, **given)


async def _open_audit(opened: Tab) -> None:
    await opened.send(HYDRATE, path="/audit", patience=3)
    await _hear(opened, "range_text")


async def _hear(listener: Tab, text: str, seconds: float = 8) -> str:
    for _ in range(int(seconds * 20)):
        if text in (heard := "\n".join(listener.received)):
            return heard
        await asyncio.sleep(0.05)
    return ""


async def _falls_silent(listener: Tab) -> bool:
    """Listen until nothing has come for two seconds."""
    for _ in range(20):
        if not await listener.listen(len(listener.received), 2):
            return True
    return False


async def _listeners_come_to(asking: Tab, *counts: int) -> bool:
    for _ in range(20):
        heard = await asking.send(f"{PLANTED}.count_listeners")
        if any(f"listeners={count}" in heard for count in counts):
            return True
        await asking.send(f"{PLANTED}.choose", patience=0.3, invoice_id=1)
        await asyncio.sleep(0.4)
    return False


def _add_event(portal: Portal, tag: str) -> None:
    with portal.database.unit_of_work() as session:
        session.add(AuditEvent(at=now(), tag=tag, actor_role="system", subject_type="matter", subject_id=1))
