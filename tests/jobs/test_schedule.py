"""Schedules: a turn is taken once however many dispatchers run, and work that failed gets its turn again."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from core.clock import today
from core.errors import UnavailableError
from jobs.dispatcher import Dispatcher
from jobs.schedule import SCHEDULES, Schedule, Scheduler, daily, hourly
from models import AuditEvent, BillingPeriod, LedesFile, Matter, ScheduleSlot, Timekeeper
from models.enums import Role
from services.billing.billing_calendar import MONTHS_AHEAD
from services.schedule import take_slot
from services.sites.password_expiry import set_expiry
from tests.builders import (
    actor_for,
    id_of,
    make_biller,
    make_ledes_file,
    make_matter,
    make_site_account,
    make_timekeeper,
    make_user,
    sound_file,
)
from tests.pretend_site import LedgerWorld

AT = datetime(2026, 11, 28, 18, 20, tzinfo=UTC)


class Time:
    """A clock that a test moves; `monotonic` moves with it."""

    def __init__(self) -> None:
        self.at = AT

    def __call__(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return (self.at - AT).total_seconds()


@pytest.fixture
def time() -> Time:
    return Time()


def scheduler(database, work, time: Time, slot_of=hourly) -> Scheduler:
    return Scheduler(database, [Schedule("planted", slot_of, work)], clock=time, monotonic=time.monotonic)


def hired(database) -> int:
    with database.read_only() as session:
        return len(session.scalars(select(Timekeeper)).all())


def test_run_due_works_once_a_turn(database, time):
    mine = scheduler(database, make_timekeeper, time)
    ran = []
    for minutes in (0, 1, 39, 41, 100, 101):
        time.at = AT + timedelta(minutes=minutes)
        ran.append(mine.run_due())
    assert ran == [1, 0, 0, 1, 1, 0]
    assert hired(database) == 3


def test_run_due_works_once_after_the_dispatcher_was_started_again(database, time):
    assert [scheduler(database, make_timekeeper, time).run_due() for _ in range(3)] == [1, 0, 0]
    assert hired(database) == 1


def test_run_due_keeps_the_turn_of_work_that_failed_and_tries_a_minute_later(database, time):
    calls = []

    def work(session):
        make_timekeeper(session)
        calls.append(time.at)
        if len(calls) == 1:
            raise UnavailableError("The mailbox is away.")

    mine = scheduler(database, work, time)
    for seconds in (0, 1, 59, 60, 61):
        time.at = AT + timedelta(seconds=seconds)
        mine.run_due()
    assert calls == [AT, AT + timedelta(seconds=60)]
    assert hired(database) == 1


def test_slots_name_hour_and_day():
    assert (hourly(AT), daily(AT)) == ("2026-11-28T18", "2026-11-28")
    assert len({schedule.name for schedule in SCHEDULES}) == len(SCHEDULES)


def test_take_slot_forgets_turns_of_long_ago(session):
    for days in (0, 1, 40):
        assert take_slot(session, name="planted", slot=str(days), at=AT + timedelta(days=days))
    assert [row.slot for row in session.scalars(select(ScheduleSlot).order_by(ScheduleSlot.id))] == ["40"]


def test_rival_dispatchers_take_a_turn_once(each_database, time):
    start, ran = threading.Barrier(4), []

    def compete():
        mine = scheduler(each_database, make_timekeeper, time)
        start.wait()
        ran.append(mine.run_due())

    threads = [threading.Thread(target=compete) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ran) == [0, 0, 0, 1]
    assert hired(each_database) == 1


def test_dispatcher_reminds_of_passwords_as_it_looks(database, tmp_path, monkeypatch):
    monkeypatch.setattr(Dispatcher, "_ring", lambda _self, due: len(due))  # there is no Redis here
    with database.unit_of_work() as session:
        admin = actor_for(make_user(session, Role.ADMIN))
        account = id_of(make_site_account(session))
        set_expiry(session, admin, site_account_id=account, expires_on=datetime.now(UTC).date(), every_days=None)
    settings = LedgerWorld(database, tmp_path).settings
    for _ in range(2):
        Dispatcher(database, settings).look_once()
    with database.read_only() as session:
        assert len(session.scalars(select(AuditEvent).filter_by(tag="site_account:password_reminded")).all()) == 1


def test_schedules_take_expired_files_off_the_workbenches(database, time):
    with database.unit_of_work() as session:
        kept = make_ledes_file(session, make_biller(session), sound_file())
        session.get_one(LedesFile, kept.id).expires_at = AT - timedelta(days=400)
    Scheduler(database, SCHEDULES, clock=time, monotonic=time.monotonic).run_due()
    with database.read_only() as session:
        assert session.scalars(select(LedesFile)).all() == []


def test_schedules_make_the_billing_calendar_and_wake_holds(database, time):
    with database.unit_of_work() as session:
        matter_id = id_of(make_matter(session))
        session.get_one(Matter, matter_id).billing_hold_until = today()
    for _ in range(2):
        Scheduler(database, SCHEDULES, clock=time, monotonic=time.monotonic).run_due()
    with database.read_only() as session:
        assert session.get_one(Matter, matter_id).billing_hold_until is None
        assert len(session.scalars(select(BillingPeriod)).all()) == MONTHS_AHEAD + 2
