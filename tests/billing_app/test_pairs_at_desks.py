"""Pairs edit one proforma each at the same time, over the served pages: nothing that was taken is lost."""

import asyncio
import time

import aiohttp
import pytest
from sqlmodel import Session, col, select

from benchmarks.desk_account import broken_chains, ghosts, lost_edits, wrong_sums
from benchmarks.desk_days import Day, pairs_day
from benchmarks.desk_ledger import DeskLedger, Refused, Taken
from benchmarks.desk_person import Person
from benchmarks.desk_tab import DeskTab
from models import ProformaEdit, ProformaLine, User
from services.actor import Actor
from services.sessions import open_session
from tests.billing_app.portal import Portal
from tests.builders import id_of, make_delegation
from tests.services.review.edit_desk import EditDesk, make_edit_desk

PAIRS = 3
EDITS, THINK_SECONDS = 9, 0.1
MOST_SECONDS = 100

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]


def seat(session: Session, who: Actor, day: Day) -> tuple[str, Day]:
    """Return the Cookie header of a person's new session, and what the person does."""
    return f"billing_session={open_session(session, session.get_one(User, who.user_id))}", day


def make_pairs(portal: Portal) -> tuple[list[tuple[str, Day]], list[int]]:
    """Make a bill a pair: its attorney, and in turn a delegate who may do the same, or billing, which moves codes."""
    seats: list[tuple[str, Day]] = []
    bills: list[int] = []
    with portal.database.unit_of_work() as session:
        for number in range(PAIRS):
            desk: EditDesk = make_edit_desk(session)
            bill, is_delegate = str(id_of(desk.proforma)), number % 2 == 0
            if is_delegate:
                owner, delegate = (session.get_one(User, who.user_id) for who in (desk.attorney, desk.timekeeper))
                make_delegation(session, principal=owner, delegate=delegate)
            second = desk.timekeeper if is_delegate else desk.biller
            seats.append(seat(session, desk.attorney, pairs_day(bill, edits_money=True, most_edits=EDITS)))
            seats.append(seat(session, second, pairs_day(bill, edits_money=is_delegate, most_edits=EDITS)))
            bills.append(int(bill))
    return seats, bills


async def work(portal: Portal, seats: list[tuple[str, Day]]) -> DeskLedger:
    """Let all of them work at once."""
    ledger = DeskLedger()
    async with aiohttp.ClientSession() as http:
        tabs = [DeskTab(http, portal.url, cookie) for cookie, _ in seats]
        await asyncio.gather(*(tab.__aenter__() for tab in tabs))
        until = time.monotonic() + MOST_SECONDS
        try:
            async with asyncio.timeout(MOST_SECONDS):
                await asyncio.gather(
                    *(
                        day(Person(f"Desk {number}", tab, ledger, think=THINK_SECONDS, until=until))
                        for number, (tab, (_, day)) in enumerate(zip(tabs, seats, strict=True))
                    )
                )
        finally:
            await asyncio.gather(*(tab.__aexit__() for tab in tabs))
    return ledger


async def test_no_acknowledged_edit_is_lost(portal: Portal) -> None:
    seats, bills = make_pairs(portal)
    ledger = await work(portal, seats)
    with portal.database.read_only() as session:
        assert lost_edits(session, ledger.taken) == []
        assert ghosts(session, ledger.refused) == []
        assert broken_chains(session, of=bills) == []
        assert wrong_sums(session, of=bills) == []
        stored = session.exec(select(ProformaEdit).where(col(ProformaEdit.proforma_id).in_(bills))).all()
    assert len(stored) == len(ledger.taken)
    assert len({one.who for one in ledger.taken}) == 2 * PAIRS
    met = [one for one in ledger.refused if one.said.startswith("Somebody changed this")]
    assert met
    assert ledger.toasts == []


def test_account_finds_what_is_lost_or_wrong(portal: Portal) -> None:
    """The account itself: what is not there, came twice, or adds up to something else is said."""
    with portal.database.unit_of_work() as session:
        desk = make_edit_desk(session)
        line, bill = desk.line(1), id_of(desk.proforma)
        key = id_of(line)
        ghost = Taken("Nobody", "Nobody, edit 1.", key, "task_code", "L120")
        assert lost_edits(session, [ghost]) == ["Nobody, edit 1. is stored 0 times"]
        assert lost_edits(session, [ghost, ghost])[0] == "Nobody, edit 1. was acknowledged 2 times"
        assert ghosts(session, [Refused("Nobody", "Nobody, edit 2.", "", offers_both=False)]) == [
            "Nobody, edit 2. was refused without a word"
        ]
        session.get_one(ProformaLine, key).billed_amount += 1
        session.flush()
        assert len(wrong_sums(session, of=[bill])) == 2
        session.rollback()
