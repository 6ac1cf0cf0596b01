"""Opening hours, pace and batches of a carrier: honoured by whoever rings, takes up and sends."""

from datetime import datetime

import pytest
from sqlalchemy import select, update
from sqlmodel import col

from models import CarrierProfileVersion, Invoice, Submission
from models.enums import DecisionStatus, SubmissionStatus
from services.sites import site_traffic
from services.sites.site_traffic import held_carriers
from services.uploads import resting
from services.uploads.dispatch import list_due_accounts, others_wait
from tests.builders import id_of, make_submission
from tests.pretend_site import KilledError, LedgerWorld, make_invoice_for, make_ready_carrier

OFFICE = {
    "time_zone": "America/New_York",
    "times": [{"days": ["mon", "tue", "wed", "thu", "fri"], "opens": "08:00", "closes": "18:00"}],
}
FRIDAY_NOON, FRIDAY_EVENING, MONDAY = "2026-11-27T17:00", "2026-11-27T23:00", "2026-11-30T13:00"


class Clock:
    """The database's clock, as a test says; a rest moves it on."""

    def __init__(self) -> None:
        self.ms = 0
        self.set(FRIDAY_NOON)

    def __call__(self, _session: object = None) -> int:
        return self.ms

    def set(self, text: str) -> None:
        self.ms = int(datetime.fromisoformat(f"{text}:00+00:00").timestamp() * 1000)

    def sleep(self, seconds: float) -> None:
        self.ms += max(1, int(seconds * 1000))


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(site_traffic, "clock_ms", clock)
    monkeypatch.setattr(resting, "clock_ms", clock)
    monkeypatch.setattr(resting.time, "sleep", clock.sleep)
    return clock


@pytest.fixture
def world(each_database, tmp_path, clock):
    return LedgerWorld(each_database, tmp_path)


def queue(world, files=1, **site):
    """Queue files of a new carrier whose profile says this of its site."""
    with world.database.unit_of_work() as session:
        ids = world.queue(session, files)
        say(session, world.carrier_id, site)
    return ids


def say(session, carrier_id, site):
    version = session.scalars(select(CarrierProfileVersion).filter_by(carrier_id=carrier_id)).one()
    version.document = {**version.document, "site": {**version.document["site"], **site}}


def queue_beside(world, files, **site):
    """Queue files of another carrier that shares the world's account; returns its id."""
    with world.database.unit_of_work() as session:
        carrier = make_ready_carrier(session, site_account=world.account())
        say(session, id_of(carrier), site)
        for _ in range(files):
            make_submission(session, make_invoice_for(session, carrier))
        return id_of(carrier)


def due(world):
    with world.database.read_only() as session:
        return {account.site_account_id: account.files for account in list_due_accounts(session)}


def sent_at(world, ids, at_ms):
    """Note that these files left at an instant."""
    with world.database.unit_of_work() as session:
        sent = {"intent_at_ms": at_ms, "status": SubmissionStatus.DELIVERED}
        session.execute(update(Submission).where(col(Submission.id).in_(ids)).values(sent))


def test_an_account_is_not_due_outside_its_hours(world, clock):
    queue(world, 2, opening_hours=OFFICE)
    assert due(world) == {world.account_id: 2}
    clock.set(FRIDAY_EVENING)
    assert due(world) == {}
    clock.set(MONDAY)
    assert due(world) == {world.account_id: 2}


def test_a_closed_site_names_its_next_opening_by_its_own_clock(world, clock):
    queue(world, opening_hours=OFFICE)
    clock.set(FRIDAY_EVENING)
    with world.database.read_only() as session:
        opens = held_carriers(session).closed[world.carrier_id]
    assert f"{opens:%a %H:%M %Z}" == "Mon 08:00 EST"


def test_a_carrier_that_is_closed_does_not_hold_back_the_other_of_its_account(world, clock):
    queue(world, 2, opening_hours=OFFICE)
    queue_beside(world, 3)
    clock.set(FRIDAY_EVENING)
    assert due(world) == {world.account_id: 3}
    report = world.drain()
    assert (report.files, report.ended) == (3, "closed")
    assert due(world) == {}


def test_nobody_waits_for_a_closed_site(world, clock):
    queue(world, opening_hours=OFFICE)
    with world.database.read_only() as session:
        assert others_wait(session, site_account_id=0)
        clock.set(FRIDAY_EVENING)
        assert not others_wait(session, site_account_id=0)


def test_drain_ends_at_closing_time_with_the_file_in_hand_finished(world, clock):
    ids = queue(world, 4, opening_hours=OFFICE)
    world.site.will("after_click", None, lambda: clock.set(FRIDAY_EVENING))
    report = world.drain()
    assert (report.files, report.ended) == (2, "closed")
    assert [world.row(i).status for i in ids] == [SubmissionStatus.DELIVERED] * 2 + [SubmissionStatus.READY] * 2
    clock.set(MONDAY)
    assert world.drain().files == 2


def test_an_abandoned_file_is_looked_after_when_the_site_opens(world, clock):
    ids = queue(world, 1, opening_hours=OFFICE)
    world.site.will("after_click", KilledError())
    world.drain_killed()
    world.bury_workers()
    clock.set(FRIDAY_EVENING)
    assert due(world) == {}
    assert world.drain().files == 0
    clock.set(MONDAY)
    assert due(world) == {world.account_id: 1}
    world.drain()
    assert world.row(ids[0]).status is SubmissionStatus.DELIVERED
    assert len(world.site.posts) == 1


def test_a_decision_is_not_looked_for_while_the_site_is_closed(world, clock):
    ids = queue(world, 1, opening_hours=OFFICE)
    world.drain()
    with world.database.unit_of_work() as session:
        invoice = session.get_one(Invoice, world.row(ids[0]).invoice_id)
        pending = {"decision_status": DecisionStatus.PENDING, "decision_due_at_ms": 1}
        session.execute(update(Invoice).where(col(Invoice.id) == invoice.id).values(pending))
    clock.set(FRIDAY_EVENING)
    assert due(world) == {}
    assert world.drain().decisions == 0
    clock.set(MONDAY)
    assert due(world) == {world.account_id: 0}
    assert world.drain().decisions == 1


def test_files_follow_one_another_at_the_pace_of_the_site(world, clock):
    first, *rest = queue(world, 3, pace={"seconds_between_files": 90})
    sent_at(world, [first], clock.ms - 60_000)
    assert due(world) == {}
    with world.database.read_only() as session:
        assert held_carriers(session).paced == {world.carrier_id: clock.ms + 30_000}
    clock.ms += 30_000
    assert due(world) == {world.account_id: len(rest)}


def test_no_more_files_an_hour_than_the_site_allows(world, clock):
    ids = queue(world, 4, pace={"files_per_hour": 2})
    sent_at(world, ids[:1], clock.ms - 3_500_000)
    assert due(world) == {world.account_id: 3}
    sent_at(world, ids[1:2], clock.ms - 60_000)
    assert due(world) == {}
    clock.ms += 100_000
    assert due(world) == {world.account_id: 2}


def test_the_files_of_every_carrier_of_an_account_count_for_its_pace(world, clock):
    queue(world, 1, pace={"files_per_hour": 1})
    queue_beside(world, 1)
    with world.database.read_only() as session:
        beside = session.scalars(select(col(Submission.id)).where(col(Submission.carrier_id) != world.carrier_id)).one()
    sent_at(world, [beside], clock.ms - 1000)
    assert due(world) == {}


def test_drain_rests_between_files_in_one_visit(world, clock):
    ids = queue(world, 3, pace={"seconds_between_files": 20})
    began = clock.ms
    _send_by(world, clock)
    report = world.drain()
    assert (report.files, report.ended) == (3, "nothing_due")
    assert world.site.opened == 1
    assert 40_000 <= clock.ms - began <= 42_000
    assert {world.row(i).status for i in ids} == {SubmissionStatus.DELIVERED}


def test_drain_gives_way_instead_of_resting_while_another_account_waits(world, clock):
    queue(world, 1)
    queue(world, 2, pace={"seconds_between_files": 20})
    _send_by(world, clock)
    report = world.drain()
    assert (report.files, report.ended) == (1, "paced")


def test_drain_leaves_a_long_wait_to_another_visit(world, clock):
    queue(world, 2, pace={"seconds_between_files": 600})
    _send_by(world, clock)
    assert (world.drain().files, world.drain().ended) == (1, "paced")


def test_drain_stops_resting_when_asked(world, clock):
    queue(world, 2, pace={"seconds_between_files": 50})
    _send_by(world, clock)
    began = clock.ms
    assert world.drain(stop=lambda: clock.ms > began + 3_000).ended == "asked_to_stop"
    assert clock.ms < began + 10_000


def test_drain_sends_no_more_than_a_batch_in_one_visit(world, clock):
    queue(world, 5, batch_size=2)
    reports = [world.drain() for _ in range(3)]
    assert [(report.files, report.ended) for report in reports] == [(2, "batch"), (2, "batch"), (1, "nothing_due")]
    assert len(world.site.posts) == 5


def _send_by(world, clock):
    """Let each click of the site be noted at the test's clock rather than the database's."""

    def note() -> None:
        with world.database.unit_of_work() as session:
            intent = col(Submission.status) == SubmissionStatus.INTENT
            session.execute(update(Submission).where(intent).values(intent_at_ms=clock.ms))

    world.site.will("after_click", *[note] * 9)
