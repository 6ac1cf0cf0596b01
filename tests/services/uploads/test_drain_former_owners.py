"""What a drain makes of files that an earlier owner left in the middle, or that it loses itself."""

from pathlib import Path

import pytest
from sqlmodel import col

from carriers.errors import PageChangedError, SiteUnavailableError
from core.db import Database
from models import Evidence
from models.enums import SubmissionStatus
from services.uploads import verification
from tests.pretend_site import KilledError, LedgerWorld, reply_lost
from tests.services.draining import count, queue


@pytest.fixture
def world(database: Database, tmp_path: Path) -> LedgerWorld:
    return LedgerWorld(database, tmp_path)


def test_drain_finds_the_file_itself_when_the_reply_was_lost(world):
    [submission] = queue(world)
    world.site.will("after_click", reply_lost())
    world.drain()
    assert world.row(submission).status is SubmissionStatus.DELIVERED
    assert len(world.site.posts) == 1


def test_drain_puts_a_file_in_doubt_when_the_reply_was_lost_and_the_site_does_not_show_it(world):
    [submission] = queue(world)
    world.site.hidden.add(world.invoice(submission).number)
    world.site.will("after_click", reply_lost())
    world.drain()
    row = world.row(submission)
    assert row.status is SubmissionStatus.IN_DOUBT
    assert row.decider_id == row.queued_by_id
    assert row.decide_by is not None
    assert len(world.site.posts) == 1
    assert world.drain().files == 0


@pytest.mark.parametrize("step", ["find", "upload"])
def test_drain_sends_once_after_a_worker_died_before_the_intent(world, step):
    [submission] = queue(world)
    world.site.will(step, KilledError())
    world.drain_killed()
    assert world.row(submission).status is SubmissionStatus.CLAIMED
    world.drain()
    assert world.row(submission).status is SubmissionStatus.DELIVERED
    assert len(world.site.posts) == 1


def test_drain_sends_again_when_the_dead_owner_never_clicked(world):
    [submission] = queue(world)
    world.site.will("before_click", KilledError())
    world.drain_killed()
    assert world.row(submission).status is SubmissionStatus.INTENT
    world.bury_workers()
    world.drain()
    assert world.row(submission).status is SubmissionStatus.DELIVERED
    assert len(world.site.posts) == 1


def test_drain_records_the_proof_when_the_owner_died_after_the_click(world):
    [submission] = queue(world)
    world.site.will("after_click", KilledError())
    world.drain_killed()
    world.bury_workers()
    world.drain()
    assert world.row(submission).status is SubmissionStatus.DELIVERED
    assert len(world.site.posts) == 1


def test_drain_doubts_when_the_former_owner_may_still_click(world):
    [submission] = queue(world)
    world.site.will("before_click", KilledError())
    world.drain_killed()
    world.drain()
    assert world.row(submission).status is SubmissionStatus.IN_DOUBT
    assert world.site.posts == []


def test_drain_ends_a_former_owner_that_stands_still_and_sends_after_its_last_words(world, monkeypatch):
    [submission] = queue(world)
    world.site.will("before_click", KilledError())
    world.drain_killed()
    monkeypatch.setattr(verification, "end_worker", lambda _session, _worker_id: True)
    world.drain()
    world.bury_workers()
    row = world.row(submission)
    assert (row.status, row.lease_until_ms, world.site.posts) == (SubmissionStatus.INTENT, None, [])
    assert row.due_at_ms > row.intent_at_ms
    world.drain()
    assert world.row(submission).status is SubmissionStatus.INTENT, "what was on its way may still arrive"
    world.forget_delays()
    world.drain()
    assert world.row(submission).status is SubmissionStatus.DELIVERED
    assert len(world.site.posts) == 1


@pytest.mark.parametrize(
    "blind", [SiteUnavailableError("Practice site"), PageChangedError("Practice site", "#list", "List")]
)
def test_drain_waits_for_a_site_that_cannot_be_looked_at_after_the_click(database, tmp_path, blind):
    world = LedgerWorld(database, tmp_path, doubt_look_seconds=30)
    [submission] = queue(world)
    world.site.will("after_click", reply_lost())
    world.site.will("find", None, blind)
    world.drain()
    row = world.row(submission)
    assert row.status is SubmissionStatus.INTENT
    assert 0 < row.due_at_ms - row.intent_at_ms < 15_000, "several looks fit into the time there is"
    world.forget_delays()
    world.drain()
    assert world.row(submission).status is SubmissionStatus.DELIVERED
    assert len(world.site.posts) == 1


def test_drain_looks_later_until_the_settle_time_has_passed(world):
    [submission] = queue(world, settle_seconds=600)
    world.site.will("after_click", KilledError())
    world.drain_killed()
    world.bury_workers()
    world.site.hidden.add(world.invoice(submission).number)
    world.drain()
    row = world.row(submission)
    assert row.status is SubmissionStatus.INTENT
    assert row.lease_until_ms is None
    world.site.hidden.clear()
    world.forget_delays()
    world.drain()
    assert world.row(submission).status is SubmissionStatus.DELIVERED
    assert len(world.site.posts) == 1


def test_drain_keeps_the_dead_author_of_an_intent_through_a_second_death(world):
    [submission] = queue(world)
    world.site.will("before_click", KilledError())
    world.drain_killed()
    world.bury_workers()
    world.site.will("find", KilledError())
    world.drain_killed()
    world.drain()
    assert world.row(submission).status is SubmissionStatus.DELIVERED
    assert len(world.site.posts) == 1


def test_drain_clicks_nothing_once_the_lease_has_run_out(world):
    [submission] = queue(world)
    world.site.will("upload", world.expire_leases)
    assert world.drain().ended == "fenced"
    assert world.site.posts == []
    assert world.row(submission).status is SubmissionStatus.CLAIMED


def test_drain_keeps_the_proof_of_a_fenced_worker(world):
    [submission] = queue(world)
    world.site.will("after_click", world.expire_leases)
    assert world.drain().ended == "fenced"
    assert world.row(submission).status is SubmissionStatus.INTENT
    assert count(world, Evidence, col(Evidence.submission_id) == submission) == 4


def test_drain_gives_a_file_to_a_person_after_many_dead_workers(world):
    [submission] = queue(world)
    for _ in range(5):
        world.site.will("upload", KilledError())
        world.drain_killed()
    world.drain()
    row = world.row(submission)
    assert (row.status, row.error_code) == (SubmissionStatus.NEEDS_ATTENTION, "workers_died")
