"""Fair sharing: carriers of one account take turns, accounts take turns, and the largest backlog is rung for first."""

from itertools import groupby

import pytest
from sqlalchemy import update
from sqlmodel import col

from core.clock import now
from models import Carrier, Submission
from models.enums import SubmissionStatus
from services.uploads.dispatch import list_due_accounts, others_wait
from services.uploads.leases import take_account
from services.uploads.ledger import claim_next
from services.uploads.turns import AccountTurn, CarrierTurn
from services.uploads.workers import register_worker
from tests.builders import id_of, make_submission
from tests.pretend_site import LedgerWorld, make_invoice_for, make_ready_carrier


@pytest.fixture
def world(each_database, tmp_path):
    return LedgerWorld(each_database, tmp_path)


def queue(world, files=1):
    """Queue files of a new carrier with an account of its own; returns that account."""
    with world.database.unit_of_work() as session:
        world.queue(session, files)
    return world.account_id


def queue_beside(world, files):
    """Queue files of another carrier that shares the world's account; returns the carrier's id."""
    with world.database.unit_of_work() as session:
        carrier = make_ready_carrier(session, site_account=world.account())
        for _ in range(files):
            make_submission(session, make_invoice_for(session, carrier))
        return id_of(carrier)


def claim(world, turn):
    with world.database.unit_of_work() as session:
        taken = claim_next(
            session,
            site_account_id=world.account_id,
            worker_id=register_worker(session),
            lease_ms=30_000,
            from_carrier_id=turn.from_carrier_id,
        )
    turn.take(taken)
    return taken.carrier_id


def test_take_turns_between_carriers_of_one_account(world):
    queue(world, 7)
    first, second = world.carrier_id, queue_beside(world, 5)
    turn = CarrierTurn(files=3)
    served = [claim(world, turn) for _ in range(12)]
    rounds = [(carrier, len(list(files))) for carrier, files in groupby(served)]
    assert rounds == [(first, 3), (second, 3), (first, 3), (second, 2), (first, 1)]


def test_start_with_the_carrier_that_has_waited_longest(world):
    queue(world, 2)
    second = queue_beside(world, 2)
    with world.database.unit_of_work() as session:
        session.execute(update(Submission).where(col(Submission.carrier_id) != second).values(due_at_ms=5))
    assert claim(world, CarrierTurn(files=3)) == second


def test_keep_one_carrier_in_hand_while_it_is_alone(world):
    queue(world, 5)
    turn = CarrierTurn(files=2)
    assert {claim(world, turn) for _ in range(5)} == {world.carrier_id}


def test_look_after_an_abandoned_file_is_nobodys_turn(world):
    queue(world, 2)
    first, second = world.carrier_id, queue_beside(world, 1)
    turn = CarrierTurn(files=9)
    assert claim(world, turn) == first
    with world.database.unit_of_work() as session:
        session.execute(
            update(Submission).where(col(Submission.carrier_id) == second).values(status=SubmissionStatus.INTENT)
        )
    assert [claim(world, turn), claim(world, turn)] == [second, first]
    assert turn.sent == 2


def test_ring_for_the_largest_backlog_first(world):
    small, large, middle = queue(world, 1), queue(world, 4), queue(world, 2)
    with world.database.read_only() as session:
        due = list_due_accounts(session)
    assert [(account.site_account_id, account.files) for account in due] == [(large, 4), (middle, 2), (small, 1)]


def test_count_no_files_of_a_paused_carrier_in_the_backlog(world):
    queue(world, 2)
    paused = queue_beside(world, 6)
    with world.database.unit_of_work() as session:
        session.execute(update(Carrier).where(col(Carrier.id) == paused).values(paused_at=now()))
    with world.database.read_only() as session:
        assert [account.files for account in list_due_accounts(session)] == [2]


def test_notice_whether_another_account_waits(world):
    mine, other = queue(world), queue(world)
    with world.database.unit_of_work() as session:
        assert others_wait(session, site_account_id=mine)
        take_account(session, site_account_id=other, worker_id=register_worker(session), lease_ms=30_000)
    with world.database.read_only() as session:
        assert not others_wait(session, site_account_id=mine)


def test_end_a_turn_only_when_its_time_is_over_and_another_waits(world):
    mine = queue(world)
    settings = world.settings.model_copy(update={"drain_turn_seconds": 0.0})
    assert not AccountTurn(world.database, settings, mine).is_over()
    queue(world)
    assert AccountTurn(world.database, settings, mine).is_over()
    assert not AccountTurn(world.database, world.settings, mine).is_over()


def test_drain_gives_way_after_its_turn_and_loses_nothing(each_database, tmp_path):
    world = LedgerWorld(each_database, tmp_path, drain_turn_seconds=0)
    queue(world, 1)
    queue(world, 3)
    report = world.drain()
    assert (report.files, report.ended) == (1, "turn")
    assert [world.drain().files for _ in range(2)] == [1, 1]
    assert len(world.site.posts) == 3
