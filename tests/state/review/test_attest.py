"""Waiting for me: what is shown, hours as they are typed, attesting, declining, and only one's own."""

from decimal import Decimal

import pytest
from sqlmodel import select

from core.db import Database
from models import ProformaLine, SplitProposal, User
from models.enums import LineTreatment, ProposalStatus, Role
from state.review.attest import AttestPage
from state.review.proforma import ProformaPage
from state.review.proforma_allow import AllowDialog
from state.review.proforma_split import SplitDialog
from state.waiting import Waiting
from tests.acting import acting_as, call, fresh_state
from tests.builders import id_of, make_split, make_user
from tests.state.review_desk import ReviewDesk, make_review_desk


@pytest.fixture
def desk(database: Database) -> ReviewDesk:
    return make_review_desk(database)


def make_waiting(desk: ReviewDesk) -> int:
    """Propose a split of the flagged proforma's first line; return the user id of its timekeeper."""
    line_id = desk.lines(desk.flagged)[0].id
    with desk.database.unit_of_work() as session:
        line = session.get_one(ProformaLine, line_id)
        person = make_user(session, Role.ATTORNEY)
        person.timekeeper_id = line.timekeeper_id
        make_split(session, line=line)
        return id_of(person)


async def opened() -> AttestPage:
    state = fresh_state(AttestPage, "/attest")
    await call(state, "load")
    return state


def hours_form(state: AttestPage, *hours: str) -> dict[str, str]:
    (row,) = state.rows
    form = {"split": row.id}
    for part, typed in zip(row.parts, hours, strict=True):
        form |= {f"hours-{part.key}": typed, f"text-{part.key}": part.narrative}
    return form


async def test_add_up_and_attest(desk: ReviewDesk) -> None:
    user_id = make_waiting(desk)
    with acting_as(Role.ATTORNEY, user_id=user_id):
        state = await opened()
        (row,) = state.rows
        await call(state, "type_hours", row.parts[0].key, "0.5")
        assert state.rows[0].sum_words.startswith("0.5 of 1.5 h given, 1.0 h")
        assert not state.rows[0].is_whole
        await call(state, "type_hours", row.parts[1].key, "0.7")
        assert state.rows[0].is_whole
        await call(state, "attest", hours_form(state, "0.5", "0.7"))
        assert (state.rows, state.problem) == ([], "")
    lines = desk.lines(desk.flagged)
    assert [line.billed_units for line in lines if line.split_from_id] == [Decimal("0.5"), Decimal("0.7")]


async def test_refused_hours_are_said_on_their_card(desk: ReviewDesk) -> None:
    with acting_as(Role.ATTORNEY, user_id=make_waiting(desk)):
        state = await opened()
        await call(state, "attest", hours_form(state, "1.5", "0.7"))
        assert "never adds hours" in state.problem
        assert state.problem_of == state.rows[0].id
        await call(state, "attest", hours_form(state, "a lot", "0.7"))
        assert "is no number" in state.problem


async def test_decline_wants_a_reason(desk: ReviewDesk) -> None:
    with acting_as(Role.ATTORNEY, user_id=make_waiting(desk)):
        state = await opened()
        await call(state, "ask_decline", state.rows[0].id)
        await call(state, "decline", {"note": " "})
        assert "needs a reason" in state.declining_problem
        await call(state, "decline", {"note": "It was one task"})
        assert state.rows == []
    with desk.database.read_only() as session:
        assert session.exec(select(SplitProposal)).one().status is ProposalStatus.DECLINED


async def test_others_see_nothing_and_attest_nothing(desk: ReviewDesk) -> None:
    make_waiting(desk)
    with acting_as(Role.ATTORNEY, user_id=desk.attorney_id):
        state = await opened()
        assert state.rows == []
        await call(state, "attest", {"split": "1", "hours-1-1": "0.1"})
        assert "does not wait any more" in state.problem
    assert desk.lines(desk.flagged)[0].treatment is LineTreatment.BILL


async def test_count_what_waits_for_the_navigation(desk: ReviewDesk) -> None:
    for user_id, count in ((make_waiting(desk), "1"), (desk.attorney_id, "")):
        with acting_as(Role.ATTORNEY, user_id=user_id):
            state = fresh_state(Waiting, "/")
            await call(state, "load")
            assert state.count == count


async def dialogs(desk: ReviewDesk) -> tuple[ProformaPage, SplitDialog, AllowDialog]:
    page = fresh_state(ProformaPage, f"/proforma/{desk.flagged}")
    await call(page, "load")
    return page, await page.get_state(SplitDialog), await page.get_state(AllowDialog)


async def test_propose_from_the_dialog_and_take_it_back(desk: ReviewDesk) -> None:
    with acting_as(Role.ATTORNEY, user_id=desk.attorney_id):
        page, split, _ = await dialogs(desk)
        line_id = str(desk.lines(desk.flagged)[0].id)
        await call(split, "ask", line_id, page.head.version)
        assert len(split.fields) == 2
        await call(split, "propose", {split.fields[0].name: "Only one"})
        assert "2 to 20 texts" in split.problem
        await call(split, "add_text")
        await call(split, "propose", {field.name: f"Task {field.label}" for field in split.fields})
        assert (split.is_open, page.head.waiting) == (False, "A split waits for its timekeeper")
        await call(page, "open_line", line_id)
        await call(split, "withdraw", page.panel.waiting_split)
        assert page.head.waiting == ""


async def test_propose_for_ones_own_line_leads_to_the_hours(desk: ReviewDesk) -> None:
    line = desk.lines(desk.flagged)[0]
    with desk.database.unit_of_work() as session:
        session.get_one(User, desk.attorney_id).timekeeper_id = line.timekeeper_id
    with acting_as(Role.ATTORNEY, user_id=desk.attorney_id):
        page, split, _ = await dialogs(desk)
        await call(split, "ask", str(line.id), page.head.version)
        events = await call(split, "propose", {field.name: f"Task {field.label}" for field in split.fields})
    assert "/attest" in str(events)


async def test_allowing_wants_a_handler_and_keeps_what_was_typed(desk: ReviewDesk) -> None:
    with acting_as(Role.ATTORNEY, user_id=desk.attorney_id):
        page, _, allow = await dialogs(desk)
        found = page.lines[0].findings[0]
        await call(allow, "ask", found.id, found.message, found.line_id, page.head.version)
        assert (allow.is_open, allow.may_choose_all, allow.has_person) == (True, False, True)
        await call(allow, "allow", {"handler": " ", "granted_on": allow.today})
        assert "who at the carrier" in allow.problem
        await call(allow, "allow", {"handler": "M. Ortiz", "granted_on": "soon"})
        assert "Give the day" in allow.problem
        await call(allow, "allow", {"handler": "M. Ortiz", "granted_on": allow.today})
    assert allow.is_open is False
    assert allow.problem == ""
