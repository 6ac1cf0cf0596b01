"""The page of matters: the list, one matter, its frequency and holds; and billing one before its turn."""

from datetime import date

import pytest
from sqlmodel import select

from core.db import Database
from core.errors import DeniedError, InvalidInputError
from models import AuditEvent, Matter, Proforma, TimeEntry
from models.enums import BillingFrequency, ProformaStatus
from services import lifecycle
from state.billing.billing_run import BillingRunPage
from state.billing.matter import MatterPage
from state.billing.matters import Matters
from state.review.proforma import ProformaPage
from tests.acting import call, fresh_state
from tests.builders.clock import TurnedClock
from tests.state.billing_desk import BillingDesk, make_billing_desk


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> TurnedClock:
    return TurnedClock(monkeypatch, date(2026, 11, 4))


@pytest.fixture
def desk(database: Database, clock: TurnedClock, monkeypatch: pytest.MonkeyPatch) -> BillingDesk:
    monkeypatch.setattr(lifecycle, "ring", lambda *_bell: True)
    return make_billing_desk(database)


async def listed(address: str = "/matters") -> Matters:
    state = fresh_state(Matters, address)
    await call(state, "load")
    return state


async def opened(desk: BillingDesk, number: int = 0) -> MatterPage:
    state = fresh_state(MatterPage, f"/matters/{desk.matter_ids[number]}")
    await call(state, "load")
    return state


def matter(desk: BillingDesk, number: int = 0) -> Matter:
    return next(one for one in desk.all_of(Matter) if one.id == desk.matter_ids[number])


async def test_list_search_and_filter(desk: BillingDesk) -> None:
    with desk.database.unit_of_work() as session:
        session.get_one(Matter, desk.matter_ids[1]).billing_frequency = BillingFrequency.ANNUAL
        session.get_one(Matter, desk.matter_ids[2]).billing_hold_until = date(2026, 12, 1)
    with desk.biller():
        state = await listed()
        assert [row.id for row in state.rows] == [str(one) for one in reversed(desk.matter_ids)]
        assert state.rows[0].hold == "Held until 1 Dec 2026"
        await call(state, "find", "no such thing")
        assert state.rows == []
        yearly = await listed("/matters?frequency=annual")
        assert [(row.frequency, row.href) for row in yearly.rows] == [
            ("Once a year", f"/matters/{desk.matter_ids[1]}?frequency=annual")
        ]
        assert len((await listed("/matters?held=yes")).rows) == 1
        assert len((await listed("/matters?frequency=nonsense")).rows) == 3


async def test_set_the_frequency(desk: BillingDesk) -> None:
    with desk.biller():
        state = await opened(desk)
        await call(state, "set_frequency", "quarterly")
        assert (state.item.frequency, state.problem) == ("Quarterly", "")
        with pytest.raises(InvalidInputError):
            await call(state, "set_frequency", "weekly")
    assert matter(desk).billing_frequency is BillingFrequency.QUARTERLY


async def test_a_change_over_an_old_page_is_refused(desk: BillingDesk) -> None:
    with desk.biller():
        first, second = await opened(desk), await opened(desk)
        await call(first, "set_frequency", "annual")
        await call(second, "set_frequency", "quarterly")
        assert "Somebody changed this" in second.problem
        assert second.item.frequency == "Once a year"


async def test_hold_and_end_the_hold(desk: BillingDesk) -> None:
    with desk.admin():
        state = await opened(desk)
        await call(state, "ask_hold", True)
        await call(state, "hold", {"until": "", "note": "Coverage"})
        assert "is no day" in state.problem
        assert (state.is_holding, state.kept_text) == (True, "Coverage")
        await call(state, "hold", {"until": "2026-12-01", "note": "Coverage"})
        assert (state.is_holding, state.item.hold, state.item.hold_reason) == (
            False,
            "Held until 1 Dec 2026",
            "Coverage",
        )
        await call(state, "end_hold")
        assert state.item.hold == ""


async def test_close_and_reopen_with_the_reason(desk: BillingDesk) -> None:
    with desk.biller():
        state = await opened(desk)
        assert "of work in progress" in state.closing_text
        assert "nobody bills it while it is closed" in state.closing_text
        await call(state, "ask_closing", True)
        await call(state, "close_or_reopen", {"closed_on": "2026-11-05", "note": "Settled"})
        assert "up to today" in state.problem
        assert (state.asks_closing, state.kept_text, state.latest_day) == (True, "Settled", "2026-11-04")
        await call(state, "close_or_reopen", {"closed_on": "2026-10-30", "note": "Settled"})
        assert (state.asks_closing, state.problem, state.item.is_closed) == (False, "", True)
        assert state.closing.startswith("Closed by Dana Brooks, ")
        assert state.closing.endswith(": Settled")
        assert "closed 30 Oct 2026" in state.dates
        assert any(one.count != "0 lines" for one in state.work)
        assert [row.is_closed for row in (await listed()).rows].count(True) == 1
        await call(state, "close_or_reopen", {"note": " "})
        assert "needs a reason" in state.problem
        await call(state, "close_or_reopen", {"note": "Appealed"})
        assert (state.item.is_closed, "closed" in state.dates) == (False, False)
        assert state.closing.startswith("Reopened by ")


async def test_attorneys_read_their_own_and_change_nothing(desk: BillingDesk) -> None:
    with desk.attorney():
        state = await opened(desk)
        assert (state.can_edit, len(state.work)) == (False, 4)
        for handler, given in (
            ("set_frequency", "annual"),
            ("hold", {}),
            ("end_hold", None),
            ("ask_closing", True),
            ("close_or_reopen", {}),
            ("end_entry_hold", "F-1"),
        ):
            with pytest.raises(DeniedError):
                await call(state, handler, *([] if given is None else [given]))


async def test_a_matter_that_is_not_there(desk: BillingDesk) -> None:
    with desk.biller():
        state = fresh_state(MatterPage, "/matters/987654")
        await call(state, "load")
    assert "no such matter" in state.problem


async def test_end_the_hold_of_an_entry(desk: BillingDesk) -> None:
    with desk.database.unit_of_work() as session:
        entry = session.exec(select(TimeEntry).where(TimeEntry.matter_id == desk.matter_ids[0])).first()
        assert entry is not None
        entry.held_until, entry.hold_reason = date(2026, 12, 1), "Waits for the expert"
    with desk.biller():
        state = await opened(desk)
        (row,) = state.held
        assert row.detail == "Held until 1 Dec 2026: Waits for the expert."
        await call(state, "end_entry_hold", row.key)
        assert (state.held, state.problem) == ([], "")
        with pytest.raises(InvalidInputError):
            await call(state, "end_entry_hold", "IF-7")


async def test_bill_a_matter_before_its_turn(desk: BillingDesk) -> None:
    with desk.database.unit_of_work() as session:
        session.get_one(Matter, desk.matter_ids[0]).billing_frequency = BillingFrequency.QUARTERLY
    with desk.biller():
        page = fresh_state(BillingRunPage, "/billing?period=2026-10")
        await call(page, "load")
        assert (len(page.proposals), len(page.ages)) == (2, 4)
        (group,) = page.obstacles
        (row,) = group.matters
        assert (group.reason, row.why, row.may_bill) == (
            "Not due",
            "Billed quarterly: next for December 2026.",
            True,
        )
        await call(page, "ask_early", row.id)
        await call(page, "bill_early", {"note": " "})
        assert "Write why" in page.early_problem
        await call(page, "bill_early", {"note": "The carrier closes its books"})
        assert (page.early_id, len(page.proposals), page.obstacles) == ("", 3, [])
        assert [one.early for one in page.proposals if one.early] == ["The carrier closes its books"]
        await call(page, "wait_for_turn", row.id)
        assert len(page.proposals) == 2
        await call(page, "ask_early", row.id)
        await call(page, "bill_early", {"note": "The carrier closes its books"})
        await call(page, "run")
    assert len(desk.all_of(Proforma)) == 3
    events = [one for one in desk.all_of(AuditEvent) if one.tag == "matter:billed_early"]
    assert [(one.subject_id, one.note) for one in events] == [(desk.matter_ids[0], "The carrier closes its books")]


async def test_hold_a_proforma_until_a_day(desk: BillingDesk) -> None:
    with desk.biller():
        page = fresh_state(BillingRunPage, "/billing?period=2026-10")
        await call(page, "load")
        await call(page, "run")
        proforma = desk.all_of(Proforma)[0]
        state = fresh_state(ProformaPage, f"/proforma/{proforma.id}")
        await call(state, "load")
        await call(state, "act", "hold", state.head.version)
        assert state.dialog.day == "Until (optional)"
        await call(state, "answer", {"note": "Adjuster is away", "until": "2026-11-01"})
        assert "no day to wait for" in state.dialog_problem
        await call(state, "answer", {"note": "Adjuster is away", "until": "2026-11-20"})
        assert (state.dialog.verb, state.head.next_step) == (
            "",
            "It is back in review on 20 Nov 2026, or when somebody resumes it. Held: Adjuster is away",
        )
    held = desk.all_of(Proforma)[0]
    assert (held.status, held.held_until) == (ProformaStatus.HELD, date(2026, 11, 20))
