"""Claims under rivalry, fences and leases, on SQLite and on MariaDB."""

import threading
import time
from collections import Counter

import pytest
from sqlalchemy import select, update
from sqlmodel import col

from core.db import db_now_ms
from core.errors import FencedError
from models import Carrier, Submission
from models.enums import SubmissionStatus
from services.sites.site_accounts import pause_account
from services.uploads import ledger
from services.uploads.dispatch import doubt_unlooked, has_unlooked, list_due_accounts
from services.uploads.lease_keeper import LeaseKeeper
from services.uploads.leases import release_account, renew, require, take_account
from services.uploads.workers import register_worker
from tests.builders import make_biller
from tests.pretend_site import LedgerWorld, make_dead_worker

RIVALS = 4
FILES = 24


@pytest.fixture
def world(each_database, tmp_path) -> LedgerWorld:
    return LedgerWorld(each_database, tmp_path)


def queue(world, files=1, **profile):
    with world.database.unit_of_work() as session:
        return world.queue(session, files, **profile)


def claim_one(world, lease_ms=30_000):
    with world.database.unit_of_work() as session:
        worker = register_worker(session)
        return ledger.claim_next(session, site_account_id=world.account_id, worker_id=worker, lease_ms=lease_ms)


def together(work) -> list:
    """Run the same work in several threads at once and return what each gave."""
    results, start = [], threading.Barrier(RIVALS)

    def run():
        start.wait()
        results.append(work())

    threads = [threading.Thread(target=run) for _ in range(RIVALS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_register_worker_writes_one_row_when_its_threads_come_together(world):
    def register():
        with world.database.unit_of_work() as session:
            return register_worker(session)

    ids = together(register)
    assert (len(ids), len(set(ids))) == (RIVALS, 1)


def test_claim_gives_each_row_to_one_of_four_rivals(world):
    ids = queue(world, FILES)

    def claim_until_empty():
        mine = []
        while True:
            try:
                claim = claim_one(world)
            except FencedError:
                continue
            if claim is None:
                return mine
            mine.append(claim.submission_id)

    claims = Counter(i for mine in together(claim_until_empty) for i in mine)
    assert claims == dict.fromkeys(ids, 1)


def test_take_account_gives_it_to_one_of_four_rivals(world):
    queue(world)
    with world.database.unit_of_work() as session:
        worker = register_worker(session)

    def take():
        with world.database.unit_of_work() as session:
            return take_account(session, site_account_id=world.account_id, worker_id=worker, lease_ms=30_000)

    assert sum(lease is not None for lease in together(take)) == 1


def test_write_with_an_old_fence_changes_nothing(world):
    [submission] = queue(world)
    old = claim_one(world, lease_ms=1)
    time.sleep(0.02)
    new = claim_one(world)
    assert new.fence == old.fence + 1
    with pytest.raises(FencedError), world.database.unit_of_work() as session:
        ledger.declare_intent(session, old, worker_id=1, step="Upload")
    row = world.row(submission)
    assert (row.status, row.intent_step) == (SubmissionStatus.CLAIMED, "")


def test_write_after_the_lease_ran_out_changes_nothing_even_without_a_rival(world):
    [submission] = queue(world)
    claim = claim_one(world, lease_ms=1)
    time.sleep(0.02)
    with pytest.raises(FencedError), world.database.unit_of_work() as session:
        ledger.release(session, claim)
    assert world.row(submission).status is SubmissionStatus.CLAIMED


def test_claim_counts_attempts_and_keeps_the_order(world):
    ids = queue(world, 3)
    claims = [claim_one(world) for _ in range(3)]
    assert [claim.submission_id for claim in claims] == ids
    assert {claim.attempt for claim in claims} == {1}
    assert claim_one(world) is None


def test_a_file_put_back_to_be_next_is_taken_before_those_that_waited_longer(world):
    ids = queue(world, 3)
    first, second = claim_one(world), claim_one(world)
    with world.database.unit_of_work() as session:
        ledger.release(session, first)
    with world.database.unit_of_work() as session:
        ledger.release(session, second, is_next=True)
    assert [claim_one(world).submission_id for _ in ids] == [ids[1], ids[2], ids[0]]


def test_claim_skips_a_paused_carrier_but_not_its_intents(world):
    ready, intended = queue(world, 2)
    with world.database.unit_of_work() as session:
        session.execute(update(Carrier).values(paused_at=None))
        dead = make_dead_worker(session)
        row = col(Submission.id) == intended
        session.execute(update(Submission).where(row).values(status=SubmissionStatus.INTENT, worker_id=dead))
        session.get_one(Carrier, world.carrier_id).paused_at = session.get_one(Submission, ready).created_at
    claim = claim_one(world)
    assert (claim.submission_id, claim.is_verification, claim.intent_worker_id) == (intended, True, dead)
    assert claim_one(world) is None


def test_renew_prolongs_account_and_file_and_tells_when_they_are_lost(world):
    queue(world)
    with world.database.unit_of_work() as session:
        worker = register_worker(session)
        lease = take_account(session, site_account_id=world.account_id, worker_id=worker, lease_ms=20_000)
    claim = claim_one(world, lease_ms=20_000)
    with world.database.unit_of_work() as session:
        assert renew(session, lease, claim.lease, 60_000)
    assert world.row(claim.submission_id).lease_until_ms > world.account().lease_until_ms - 1000
    world.expire_leases()
    with world.database.unit_of_work() as session:
        assert not renew(session, lease, claim.lease, 60_000)
    with pytest.raises(FencedError), world.database.unit_of_work() as session:
        require(session, lease)


def test_release_account_frees_it_for_the_next(world):
    queue(world)
    for fence in (1, 2):
        with world.database.unit_of_work() as session:
            worker = register_worker(session)
            lease = take_account(session, site_account_id=world.account_id, worker_id=worker, lease_ms=30_000)
            assert lease.fence == fence
            release_account(session, lease)


def test_keeper_renews_in_its_own_thread_until_the_block_ends(world):
    queue(world)
    lost = threading.Event()
    lease, taken_at = hold_account(world)
    with keeper_of(world, lease, taken_at, lost) as keeper:
        time.sleep(1.6)
        keeper.check()
    assert not lost.is_set()
    with world.database.read_only() as session:
        assert session.scalars(select(db_now_ms())).one() < world.account().lease_until_ms


def test_keeper_ends_the_browser_when_another_worker_took_over(world):
    queue(world)
    lost = threading.Event()
    lease, taken_at = hold_account(world)
    with keeper_of(world, lease, taken_at, lost) as keeper:
        world.expire_leases()
        assert lost.wait(5)
        with pytest.raises(FencedError):
            keeper.check()


def test_keeper_refuses_a_click_after_the_monotonic_deadline(world):
    queue(world)
    lease, _ = hold_account(world)
    keeper = keeper_of(world, lease, time.monotonic() - 60, threading.Event())
    with pytest.raises(FencedError, match="nothing was clicked"):
        keeper.check()


def test_due_accounts_are_those_with_free_work(world):
    queue(world, 2)
    assert due_ids(world) == [world.account_id]
    lease, _ = hold_account(world, lease_ms=30_000)
    assert due_ids(world) == []
    with world.database.unit_of_work() as session:
        release_account(session, lease)
        pause_account(session, make_biller(session), site_account_id=world.account_id, reason="Site announced a move")
    assert due_ids(world) == []


def test_due_accounts_forget_files_that_wait(world):
    queue(world)
    with world.database.unit_of_work() as session:
        session.execute(update(Submission).values(due_at_ms=db_now_ms() + 60_000))
    assert due_ids(world) == []


def test_abandoned_intents_of_a_paused_account_go_to_a_person(world):
    [submission] = queue(world)
    with world.database.unit_of_work() as session:
        session.execute(update(Submission).values(status=SubmissionStatus.INTENT))
        pause_account(session, make_biller(session), site_account_id=world.account_id, reason="Locked out")
    with world.database.unit_of_work() as session:
        assert has_unlooked(session)
        assert doubt_unlooked(session, world.settings) == 1
    assert world.row(submission).status is SubmissionStatus.IN_DOUBT
    with world.database.read_only() as session:
        assert not has_unlooked(session)


def hold_account(world, lease_ms=1500):
    taken_at = time.monotonic()
    with world.database.unit_of_work() as session:
        worker = register_worker(session)
        return take_account(session, site_account_id=world.account_id, worker_id=worker, lease_ms=lease_ms), taken_at


def keeper_of(world, lease, taken_at, lost):
    return LeaseKeeper(
        world.database, lease, lease_seconds=1.5, heartbeat_seconds=0.4, taken_at=taken_at, on_lost=lost.set
    )


def due_ids(world):
    with world.database.read_only() as session:
        return [account.site_account_id for account in list_due_accounts(session)]
