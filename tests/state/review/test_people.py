"""One's absence, and the administrator's page of teams, rules, steps and reminders: saved, refused, kept."""

from datetime import timedelta

import pytest

from core.clock import today
from core.db import Database
from core.errors import DeniedError
from models import Absence, User
from models.enums import ApproverKind, Role
from state.review.approval_desk import ApprovalDesk
from state.review.policy_desk import PolicyDesk
from state.review.standing_in import StandingIn
from state.review.team_desk import TeamDesk
from tests.acting import acting_as, call, fresh_state
from tests.builders import id_of, make_absence, make_approval, make_user
from tests.builders.clock import business_day_ahead


@pytest.fixture
def people(database: Database) -> dict[str, int]:
    """Return the ids of two attorneys and an administrator."""
    with database.unit_of_work() as session:
        return {
            "ana": id_of(make_user(session, Role.ATTORNEY, name="Ana Reyes")),
            "ben": id_of(make_user(session, Role.ATTORNEY, name="Ben Cole")),
            "omar": id_of(make_user(session, Role.ADMIN, name="Omar Whitfield")),
        }


async def opened(kind, address: str):
    state = fresh_state(kind, address)
    await call(state, "load")
    return state


def days(first: int, last: int) -> dict[str, str]:
    return {
        name: (today() + timedelta(days=count)).isoformat() for name, count in (("from_on", first), ("until_on", last))
    }


async def test_set_change_and_end_ones_own_absence(people):
    with acting_as(Role.ATTORNEY, user_id=people["ana"], name="Ana Reyes"):
        state = await opened(StandingIn, "/absence")
        await call(state, "ask_absence", "")
        await call(state, "save_absence", {**days(0, 3), "substitute": ""})
        assert (state.is_setting, "Say who stands in" in state.problem) == (True, True)
        await call(state, "save_absence", {"from_on": "tomorrow", "until_on": "", "substitute": str(people["ben"])})
        assert "the first day as a date" in state.problem
        await call(state, "save_absence", {**days(0, 3), "substitute": str(people["ben"]), "note": "Trial"})
        [row] = state.absences
        assert (state.is_setting, row.substitute, row.is_now, row.is_own) == (False, "Ben Cole", True, True)
        await call(state, "ask_absence", row.id)
        assert state.editing.until_on == row.until_on
        await call(state, "save_absence", {**days(0, 9), "substitute": str(people["ben"])})
        assert state.absences[0].until_on == days(0, 9)["until_on"]
        await call(state, "end_absence", row.id, state.absences[0].version)
    assert (state.absences, state.done) == ([], "Ended. Nobody stands in any more.")


async def test_absence_of_others_is_the_administrators(people, database: Database):
    with database.unit_of_work() as session:
        row = make_absence(
            session, user=session.get_one(User, people["ana"]), substitute=session.get_one(User, people["ben"])
        )
        key = str(row.id)
    with acting_as(Role.ATTORNEY, user_id=people["ben"], name="Ben Cole"):
        state = await opened(StandingIn, "/people")
        assert (state.is_everybodys, state.absences[0].is_own) == (False, False)
        with pytest.raises(DeniedError):
            await call(state, "end_absence", key, "1")
    with acting_as(Role.ADMIN, user_id=people["omar"]):
        state = await opened(StandingIn, "/people")
        assert (state.is_everybodys, len(state.absences)) == (True, 1)
        await call(state, "end_absence", key, "1")
        await call(state, "ask_absence", "")
        await call(state, "save_absence", {**days(1, 2), "user": str(people["ben"]), "substitute": str(people["ana"])})
        assert state.absences[0].who == "Ben Cole"
    with database.read_only() as session:
        assert session.get_one(Absence, int(key)).status.value == "ended"


async def test_let_somebody_act_and_revoke_it(people):
    with acting_as(Role.ATTORNEY, user_id=people["ana"], name="Ana Reyes"):
        state = await opened(StandingIn, "/absence")
        await call(state, "ask_grant", True)
        await call(state, "grant", {"delegate": str(people["ana"])})
        assert (state.is_granting, "act for yourself" in state.problem) == (True, True)
        await call(state, "grant", {"delegate": str(people["ben"]), "can_approve": "on", "note": "Always"})
        [row] = state.delegations
        assert (row.delegate, row.what, row.is_given) == (
            "Ben Cole", "all matters, may approve and return, until revoked", True,
        )  # fmt: skip
        await call(state, "revoke", row.id, row.version)
        assert state.delegations == []


async def test_choose_ones_cap(people):
    with acting_as(Role.ATTORNEY, user_id=people["ana"], name="Ana Reyes"):
        state = await opened(StandingIn, "/absence")
        assert (state.cap, state.most) == ("250,000", "$2,000,000.00")
        await call(state, "save_cap", {"cap": "9,000,000"})
        assert "which is the firm's own" in state.cap_problem
        await call(state, "save_cap", {"cap": "40,000"})
    assert (state.cap, state.cap_problem) == ("40,000", "")


async def test_make_change_and_delete_a_team(people):
    with acting_as(Role.ADMIN, user_id=people["omar"]):
        state = await opened(TeamDesk, "/people")
        await call(state, "ask", "")
        await call(state, "save", {"name": "Property", "lead": ""})
        assert (state.is_open, "who leads" in state.problem) == (True, True)
        form = {"name": "Property", "lead": str(people["ben"]), f"member_{people['ana']}": "on", "member_9": ""}
        await call(state, "save", form)
        [team] = state.teams
        assert (team.name, team.lead, team.members, team.member_ids) == (
            "Property", "Ben Cole", "Ana Reyes", (str(people["ana"]),),
        )  # fmt: skip
        await call(state, "ask", team.id)
        await call(state, "save", {**form, "name": "Property East"})
        assert state.teams[0].name == "Property East"
        await call(state, "delete", team.id, "1")
        assert "Somebody changed this" in state.problem
        await call(state, "delete", team.id, "2")
    assert state.teams == []


async def test_make_and_end_a_rule(people):
    with acting_as(Role.ADMIN, user_id=people["omar"]):
        state = await opened(ApprovalDesk, "/people")
        await call(state, "ask", True)
        await call(state, "choose_kind", "person")
        await call(state, "add", {"stage": "2", "amount": "10,000"})
        assert "Say who approves" in state.problem
        await call(state, "add", {"stage": "2", "amount": "10,000", "approver": str(people["ben"]), "mode": "any"})
        [rule] = state.rules
        assert (rule.stage, rule.who, rule.what, rule.mode) == (
            "Stage 2", "Ben Cole", "All matters, from $10,000.00", "One of this stage suffices",
        )  # fmt: skip
        await call(state, "end", rule.id, rule.version)
        assert state.rules == []
        await call(state, "choose_kind", "anything")
        assert state.kind == ApproverKind.TEAM_LEAD.value


async def test_ask_somebody_else_for_a_step(people, database: Database):
    with database.unit_of_work() as session:
        make_approval(session, approver=session.get_one(User, people["ben"]))
    with acting_as(Role.ADMIN, user_id=people["omar"]):
        state = await opened(ApprovalDesk, "/people")
        [step] = state.steps
        assert (step.who, step.stage) == ("Ben Cole", "stage 2")
        await call(state, "ask_passing", step.id)
        await call(state, "pass_on", {"to": ""})
        assert (state.passing, "who should be asked" in state.passing_problem) == (step.id, True)
        await call(state, "pass_on", {"to": str(people["ana"]), "note": "Ben is on trial"})
    assert (state.passing, state.steps[0].who) == ("", "Ana Reyes")


async def test_set_reminders_and_closing_days(people):
    good = {"urgent_after_days": "4", "remind_after_days": "2", "remind_every_days": "1", "escalate_after_days": "6",
            "remind_from_hour": "7", "remind_until_hour": "19", "most": "500,000", "is_reminding": "on"}  # fmt: skip
    with acting_as(Role.ADMIN, user_id=people["omar"]):
        state = await opened(PolicyDesk, "/people")
        for name, wrong in (("urgent_after_days", "soon"), ("remind_from_hour", "20"), ("most", "much")):
            await call(state, "save", {**good, name: wrong})
            assert state.problem
            assert state.policy.version == "1"
        await call(state, "save", good)
        assert (state.policy.urgent_after_days, state.policy.most, state.policy.can_forward_authority) == (
            "4", "500,000", False,
        )  # fmt: skip
        await call(state, "close_firm", {"on": "soon", "name": "Retreat"})
        assert "as a date" in state.closing_problem
        retreat = business_day_ahead().isoformat()
        await call(state, "close_firm", {"on": retreat, "name": "Retreat"})
        assert [(row.on, row.name) for row in state.closing] == [(retreat, "Retreat")]
        await call(state, "open_firm", retreat)
    assert (state.closing, state.problem) == ([], "")


@pytest.mark.parametrize(
    ("kind", "handler", "args"),
    [
        (TeamDesk, "load", []), (TeamDesk, "save", [{}]), (ApprovalDesk, "add", [{}]), (ApprovalDesk, "pass_on", [{}]),
        (PolicyDesk, "save", [{}]), (PolicyDesk, "close_firm", [{}]), (PolicyDesk, "open_firm", ["2026-12-30"]),
    ],
)  # fmt: skip
async def test_leave_the_page_to_administrators(people, kind, handler: str, args: list[object]):
    with acting_as(Role.ATTORNEY, user_id=people["ana"]), pytest.raises(DeniedError):
        await call(fresh_state(kind), handler, *args)
    with acting_as(Role.BILLER, user_id=99), pytest.raises(DeniedError):
        await call(fresh_state(StandingIn), "load")
