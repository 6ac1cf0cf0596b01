"""The billing page: what will be billed and what not, running, undoing, and making the invoices in portions."""

import pytest
from sqlmodel import select

from core.db import Database
from core.errors import DeniedError
from models import Invoice, Proforma, Submission, TimeEntry
from models.enums import EntryStatus, ProformaStatus, Role, SubmissionStatus
from services import lifecycle
from state.billing.billing_run import BillingRunPage
from state.invoicing import finalizing
from state.invoicing.finalizing import Finalizing
from tests.acting import acting_as, call, fresh_state
from tests.builders import make_time_entry
from tests.state.billing_desk import BillingDesk, make_billing_desk


@pytest.fixture
def desk(database: Database, monkeypatch: pytest.MonkeyPatch) -> BillingDesk:
    monkeypatch.setattr(lifecycle, "ring", lambda *_bell: True)
    return make_billing_desk(database)


@pytest.fixture
def still_signed_in(monkeypatch: pytest.MonkeyPatch) -> None:
    async def check(_state: object) -> None:
        return None

    monkeypatch.setattr(finalizing, "check_still_signed_in", check)


async def opened(address: str = "/billing?period=2026-10") -> BillingRunPage:
    state = fresh_state(BillingRunPage, address)
    await call(state, "load")
    return state


async def test_preview_a_month_with_everything_chosen(desk: BillingDesk):
    with desk.biller():
        state = await opened()
    assert (state.month, state.month_name, state.chosen_text) == ("2026-10", "October 2026", "3 of 3")
    assert state.bill_amount == "$2,692.50"
    assert (state.earlier_href, state.later_href) == ("/billing?period=2026-09", "/billing?period=2026-11")
    assert (state.obstacles, state.runs) == ([], [])


async def test_open_last_month_when_the_address_names_none_or_nonsense(desk: BillingDesk):
    with desk.biller():
        assert (await opened("/billing")).month == (await opened("/billing?period=2026-99")).month != ""


async def test_group_what_stays_behind_by_reason_with_its_owner(desk: BillingDesk):
    with desk.database.unit_of_work() as session:
        for matter_id in desk.matter_ids[:2]:
            entry = make_time_entry(session, status=EntryStatus.SUBMITTED)
            entry.matter_id = matter_id
    with desk.biller():
        state = await opened()
    [group] = state.obstacles
    assert (group.reason, group.line_count, len(group.matters)) == ("Not released", "2 lines", 2)
    assert "release it" in group.sentence
    assert all(matter.owner for matter in group.matters)


async def test_run_only_the_matters_chosen_and_send_them_to_review(desk: BillingDesk):
    with desk.biller():
        state = await opened()
        await call(state, "choose", state.proposals[0].matter_id, False)
        assert state.chosen_text == "2 of 3"
        await call(state, "run")
    assert [row.status for row in desk.all_of(Proforma)] == [ProformaStatus.IN_REVIEW] * 2
    assert (state.is_working, state.problem) == (False, "")
    assert (state.work_done, state.work_total) == (2, 2)
    assert [(run.states, run.can_undo) for run in state.runs] == [("2 in review", True)]


async def test_leave_every_matter_out_and_take_them_back(desk: BillingDesk):
    with desk.biller():
        state = await opened()
        await call(state, "choose_all", False)
        assert (state.chosen_count, state.bill_amount) == (0, "$0.00")
        await call(state, "run")
        assert "Nothing" in state.problem
        await call(state, "choose_all", True)
        assert state.chosen_count == 3
    assert desk.all_of(Proforma) == []


async def test_find_a_proposed_matter(desk: BillingDesk):
    with desk.biller():
        state = await opened()
        wanted = state.proposals[1].matter_number
        await call(state, "find", wanted)
    assert [row.matter_number for row in state.proposals] == [wanted]
    assert state.chosen_count == 3


async def test_undo_a_run_before_invoices_are_made(desk: BillingDesk):
    desk.approve()
    with desk.biller():
        state = await opened()
        await call(state, "undo", state.runs[0].id)
    assert {row.status for row in desk.all_of(Proforma)} == {ProformaStatus.VOIDED}
    assert state.runs[0].is_undone
    assert state.chosen_count == 3


async def test_say_why_a_run_with_invoices_cannot_be_undone(desk: BillingDesk):
    desk.invoice()
    with desk.biller():
        state = await opened()
        assert not state.runs[0].can_undo
        await call(state, "undo", state.runs[0].id)
    assert "cannot be undone" in state.problem
    assert {row.status for row in desk.all_of(Proforma)} == {ProformaStatus.FINALIZED}


@pytest.mark.usefixtures("still_signed_in")
async def test_make_invoices_of_everything_approved_and_queue_them(desk: BillingDesk):
    desk.approve()
    with desk.biller():
        state = fresh_state(Finalizing, "/billing")
        await call(state, "load")
        assert (state.ready_count, state.ready_amount) == (3, "$2,692.50")
        await call(state, "finalize_all")
    assert len(desk.all_of(Invoice)) == 3
    assert {row.status for row in desk.all_of(Submission)} == {SubmissionStatus.READY}
    assert state.outcome == "3 invoices made, 3 in the queue."
    assert (state.ready_count, state.is_working, state.work_done) == (0, False, 3)


@pytest.mark.usefixtures("still_signed_in")
async def test_leave_a_faulty_proforma_behind_and_name_it(desk: BillingDesk):
    faulty = desk.approve()[1]
    with desk.database.unit_of_work() as session:
        matter_id = session.get_one(Proforma, faulty).matter_id
        for entry in session.exec(select(TimeEntry).where(TimeEntry.matter_id == matter_id)):
            entry.status = EntryStatus.HELD
    with desk.biller():
        state = fresh_state(Finalizing, "/billing")
        await call(state, "finalize_all")
    assert [fault.href for fault in state.left_behind] == [f"/proforma/{faulty}"]
    assert "held" in state.left_behind[0].reason
    assert len(desk.all_of(Invoice)) == 2
    assert state.outcome == "2 invoices made, 2 in the queue."


async def test_stop_making_invoices_once_the_session_has_ended(desk: BillingDesk):
    desk.approve()
    with desk.biller():
        state = fresh_state(Finalizing, "/billing")
        await call(state, "finalize_all")
    assert "signed out" in state.failure
    assert desk.all_of(Invoice) == []


@pytest.mark.parametrize("handler", ["load", "run", "choose_all"])
async def test_refuse_billing_to_other_roles(desk: BillingDesk, handler: str):
    arguments = (True,) if handler == "choose_all" else ()
    with acting_as(Role.ATTORNEY, Role.ADMIN, user_id=desk.admin_id), pytest.raises(DeniedError):
        await call(fresh_state(BillingRunPage, "/billing"), handler, *arguments)
