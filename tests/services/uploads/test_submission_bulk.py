"""Many files at once: what would happen is said before, and what changed meanwhile is skipped by name."""

import pytest

from core.clock import now
from core.errors import DeniedError, InvalidInputError
from models import Carrier, SiteAccount, Submission
from models.enums import Role, SubmissionStatus
from services import lifecycle
from services.uploads.submission_bulk import LARGEST, BulkVerb, Seen, carry_out_bulk, plan_bulk
from tests.builders import actor, id_of, make_biller, make_submission
from tests.pretend_site import LedgerWorld, make_invoice_for, make_ready_carrier

S = SubmissionStatus
FUTURE = 99_999_999_999_999


@pytest.fixture
def world(each_database, tmp_path):
    return LedgerWorld(each_database, tmp_path)


@pytest.fixture(autouse=True)
def rung(monkeypatch):
    rung: list[int] = []
    monkeypatch.setattr(lifecycle, "ring", lambda _bell, row_id, _fence: rung.append(row_id))
    return rung


def files(world, *statuses, **columns):
    """Make one file of one carrier in each state; returns them as they are seen now."""
    with world.database.unit_of_work() as session:
        carrier = make_ready_carrier(session)
        world.carrier_id, world.account_id = id_of(carrier), carrier.site_account_id
        rows = [make_submission(session, make_invoice_for(session, carrier), status=s, **columns) for s in statuses]
        return [Seen(id_of(row), row.version) for row in rows]


def do(world, what, verb, seen, who=None, **given):
    with world.database.unit_of_work() as session:
        return what(session, who or make_biller(session), verb=verb, seen=seen, **given)


def reasons(plan):
    return [item.reason for item in plan.skipped]


def test_plan_names_what_is_done_and_what_is_skipped_and_changes_nothing(world):
    seen = files(world, S.NEEDS_ATTENTION, S.READY, S.CLAIMED, S.DELIVERED, S.REFUSED, S.IN_DOUBT)
    plan = do(world, plan_bulk, BulkVerb.SEND_AGAIN, seen)
    assert [item.row_id for item in plan.done] == [seen[0].submission_id]
    assert sorted(reasons(plan)) == [
        "is being sent now",
        "is delivered",
        "is in doubt: decide it first",
        "is in the queue already",
        "was refused: correct the invoice",
    ]
    assert all(item.name.startswith("Invoice ") for item in (*plan.done, *plan.skipped))
    assert world.row(seen[0].submission_id).status is S.NEEDS_ATTENTION


def test_send_again_retries_and_hurries_and_rings_once(world, rung):
    seen = files(world, S.NEEDS_ATTENTION, S.READY, due_at_ms=FUTURE)
    plan = do(world, carry_out_bulk, BulkVerb.SEND_AGAIN, seen, note="The site is back")
    assert (len(plan.done), plan.skipped) == (2, ())
    assert {world.row(one.submission_id).status for one in seen} == {S.READY}
    assert all(world.row(one.submission_id).due_at_ms < FUTURE for one in seen)
    assert rung == [world.account_id]


def test_what_changed_since_it_was_seen_is_skipped_and_named(world):
    seen = files(world, S.NEEDS_ATTENTION, S.NEEDS_ATTENTION, S.DELIVERED)
    with world.database.unit_of_work() as session:
        session.get_one(Submission, seen[0].submission_id).version += 1
        session.get_one(Submission, seen[2].submission_id).version += 1
    plan = do(world, carry_out_bulk, BulkVerb.SEND_AGAIN, seen)
    assert [item.row_id for item in plan.done] == [seen[1].submission_id]
    assert reasons(plan) == ["changed since you saw it: look at it first", "changed since you saw it: it is delivered"]
    assert world.row(seen[0].submission_id).status is S.NEEDS_ATTENTION


def test_pause_and_resume_the_carriers_of_the_files(world):
    seen = [*files(world, S.READY, S.READY), *files(world, S.READY)]
    paused = do(world, carry_out_bulk, BulkVerb.PAUSE_CARRIERS, seen, note="The site is being rebuilt")
    assert len(paused.done) == 2
    assert world.carrier().paused_reason == "The site is being rebuilt"
    again = do(world, plan_bulk, BulkVerb.PAUSE_CARRIERS, seen)
    assert reasons(again) == ["is paused already"] * 2
    with world.database.unit_of_work() as session:
        session.get_one(Carrier, world.carrier_id).paused_at = None
    resumed = do(world, carry_out_bulk, BulkVerb.RESUME_CARRIERS, seen)
    assert (len(resumed.done), reasons(resumed)) == (1, ["is running already"])


def test_resume_accounts_leaves_a_refused_log_in_alone(world):
    seen = files(world, S.READY)
    do(world, carry_out_bulk, BulkVerb.PAUSE_ACCOUNTS, seen, note="Looking into it")
    with world.database.unit_of_work() as session:
        session.get_one(SiteAccount, world.account_id).login_refused_at = now()
    plan = do(world, carry_out_bulk, BulkVerb.RESUME_ACCOUNTS, seen)
    assert (plan.done, [reason.split(":")[0] for reason in reasons(plan)]) == ((), ["its log-in was refused"])
    assert world.account().paused_at is not None


@pytest.mark.parametrize("verb", [BulkVerb.PAUSE_CARRIERS, BulkVerb.PAUSE_ACCOUNTS])
def test_pausing_many_wants_a_reason(world, verb):
    seen = files(world, S.READY)
    with pytest.raises(InvalidInputError, match="needs a reason"):
        do(world, carry_out_bulk, verb, seen, note="  ")
    assert world.carrier().paused_at is None


def test_bulk_is_for_those_who_may(world):
    seen = files(world, S.NEEDS_ATTENTION)
    for role, verb in [(Role.ADMIN, BulkVerb.SEND_AGAIN), (Role.ATTORNEY, BulkVerb.PAUSE_CARRIERS)]:
        for what in (plan_bulk, carry_out_bulk):
            with pytest.raises(DeniedError):
                do(world, what, verb, seen, who=actor(role, user_id=1))
    assert world.row(seen[0].submission_id).status is S.NEEDS_ATTENTION


@pytest.mark.parametrize("many", [0, LARGEST + 1])
def test_bulk_refuses_nothing_and_too_much(world, many):
    with pytest.raises(InvalidInputError, match="Nothing was changed"):
        do(world, plan_bulk, BulkVerb.SEND_AGAIN, [Seen(n, 1) for n in range(many)])
