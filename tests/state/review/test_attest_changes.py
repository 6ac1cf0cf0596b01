"""Questions about one's own entries: shown with what would change, attested with a tap, declined with a reason."""

from datetime import date
from decimal import Decimal

import pytest

from core.db import Database
from models import LineProposal, ProformaLine, Timekeeper
from models.enums import ProposalKind, ProposalStatus, Role
from state.review.attest_changes import ChangeInbox
from state.waiting import Waiting
from tests.acting import acting_as, call, fresh_state
from tests.builders import NOW, id_of, make_rate, make_timekeeper, make_user
from tests.builders.base import add
from tests.state.review_desk import ReviewDesk, make_review_desk

_VALUES = {
    ProposalKind.TEXT: {"narrative": "Draft motion on late notice"},
    ProposalKind.HOURS: {"hours": Decimal("2.0")},
    ProposalKind.DATE: {"worked_on": date(2026, 10, 7)},
}


@pytest.fixture
def desk(database: Database) -> ReviewDesk:
    return make_review_desk(database)


def make_waiting(desk: ReviewDesk, kind: ProposalKind) -> int:
    """Ask the flagged proforma's first line's timekeeper; return that person's user id."""
    line_id = desk.lines(desk.flagged)[0].id
    with desk.database.unit_of_work() as session:
        line = session.get_one(ProformaLine, line_id)
        person = make_user(session, Role.ATTORNEY)
        person.timekeeper_id = line.timekeeper_id
        add(
            session,
            LineProposal(
                proforma_id=desk.flagged,
                proforma_line_id=id_of(line),
                timekeeper_id=line.timekeeper_id or 0,
                kind=kind,
                reason="As you told me",
                proposed_by_id=desk.biller_id,
                proposed_at=NOW,
                **_VALUES[kind],
            ),
        )
        return id_of(person)


async def opened() -> ChangeInbox:
    state = fresh_state(ChangeInbox, "/attest")
    await call(state, "load")
    return state


def proposal(desk: ReviewDesk) -> LineProposal:
    with desk.database.read_only() as session:
        return session.get_one(LineProposal, 1)


@pytest.mark.parametrize(
    ("kind", "shown", "typed"),
    [
        (ProposalKind.TEXT, "Draft motion on late notice", "Draft motion on notice"),
        (ProposalKind.HOURS, "2.0", "1.8"),
        (ProposalKind.DATE, "2026-10-07", "2026-10-08"),
    ],
)
async def test_show_what_would_change_and_attest_what_is_right(
    desk: ReviewDesk, kind: ProposalKind, shown: str, typed: str
) -> None:
    with acting_as(Role.ATTORNEY, user_id=make_waiting(desk, kind)):
        state = await opened()
        waiting = await state.get_state(Waiting)
        await call(waiting, "load")
        (row,) = state.rows
        assert (row.kind, row.proposed, row.reason, waiting.count) == (kind.value, shown, "As you told me", "1")
        assert bool(row.diff) is (kind is ProposalKind.TEXT)
        await call(state, "attest", {"change": row.id, "value": typed})
        assert (state.rows, state.problem, waiting.count) == ([], "", "")
    line = desk.lines(desk.flagged)[0]
    expected = {
        ProposalKind.TEXT: line.billed_narrative,
        ProposalKind.HOURS: f"{line.billed_units.normalize():f}",
        ProposalKind.DATE: line.worked_on.isoformat(),
    }
    assert expected[kind] == typed
    assert proposal(desk).status is ProposalStatus.ATTESTED


async def test_refused_values_are_said_on_their_card(desk: ReviewDesk) -> None:
    with acting_as(Role.ATTORNEY, user_id=make_waiting(desk, ProposalKind.HOURS)):
        state = await opened()
        for typed, sentence in (
            ("many", "is no number"),
            ("1.0", "fewer are written down"),
            ("30", "it would be 40.5 h"),
        ):
            await call(state, "attest", {"change": state.rows[0].id, "value": typed})
            assert sentence in state.problem
            assert state.problem_of == state.rows[0].id
        await call(state, "attest", {"change": "99", "value": "2"})
        assert "does not wait any more" in state.problem
    assert proposal(desk).status is ProposalStatus.PROPOSED


async def test_a_day_is_given_as_a_day(desk: ReviewDesk) -> None:
    with acting_as(Role.ATTORNEY, user_id=make_waiting(desk, ProposalKind.DATE)):
        state = await opened()
        await call(state, "attest", {"change": state.rows[0].id, "value": "soon"})
    assert "Give the day" in state.problem


async def test_decline_wants_a_reason(desk: ReviewDesk) -> None:
    with acting_as(Role.ATTORNEY, user_id=make_waiting(desk, ProposalKind.TEXT)):
        state = await opened()
        await call(state, "ask_decline", state.rows[0].id)
        await call(state, "decline", {"note": " "})
        assert "What you typed is still here." in state.declining_problem
        await call(state, "decline", {"note": "It says what I did"})
        assert (state.rows, state.declining) == ([], "")
        await call(state, "decline", {"note": "again"})
    assert (proposal(desk).status, proposal(desk).answer) == (ProposalStatus.DECLINED, "It says what I did")


async def test_only_ones_own_wait(desk: ReviewDesk) -> None:
    make_waiting(desk, ProposalKind.TEXT)
    with acting_as(Role.ATTORNEY, user_id=desk.attorney_id):
        state = await opened()
        await call(state, "ask_decline", "1")
        await call(state, "close_decline", False)
        await call(state, "dismiss")
    assert (state.rows, state.declining, state.is_loading) == ([], "", False)


async def test_work_entered_under_another_is_attested_as_ones_own(desk: ReviewDesk) -> None:
    line_id = desk.lines(desk.flagged)[0].id
    with desk.database.unit_of_work() as session:
        line = session.get_one(ProformaLine, line_id)
        cole = make_timekeeper(session, last_name="Cole")
        make_rate(session, Decimal(150), timekeeper=cole)
        person = make_user(session, Role.ATTORNEY)
        person.timekeeper_id = cole.id
        former = session.get_one(Timekeeper, line.timekeeper_id).ledes_name
        add(
            session,
            LineProposal(
                proforma_id=desk.flagged,
                proforma_line_id=id_of(line),
                timekeeper_id=id_of(cole),
                kind=ProposalKind.PERFORMER,
                reason="You drafted it",
                proposed_by_id=desk.biller_id,
                proposed_at=NOW,
            ),
        )
        user_id, cole_id = id_of(person), id_of(cole)
    with acting_as(Role.ATTORNEY, user_id=user_id):
        state = await opened()
        (row,) = state.rows
        assert (row.kind, row.title, row.reason) == ("performer", "Was this your work?", "You drafted it")
        assert row.now.startswith(f"Entered under {former} · $")
        await call(state, "attest", {"change": row.id})
        assert (state.rows, state.problem) == ([], "")
    line = desk.lines(desk.flagged)[0]
    assert (line.timekeeper_id, line.unit_cost) == (cole_id, Decimal(150))
