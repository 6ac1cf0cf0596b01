"""The dispatcher: rings for due accounts, keeps going without Redis or database, and says so once."""

import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from rq import Queue
from rq.serializers import JSONSerializer

from core import queue
from core.clock import now
from core.db import Database
from core.settings import get_settings
from jobs import dispatcher
from jobs.dispatcher import Dispatcher
from models import DryRun, Mailing
from models.enums import DeliveryChannel, MailingStatus, Role
from tests.builders import id_of, make_carrier, make_mailing, make_user
from tests.pretend_site import LedgerWorld


@pytest.fixture
def world(database: Database, tmp_path: Path) -> LedgerWorld:
    world = LedgerWorld(database, tmp_path)
    with database.unit_of_work() as session:
        world.queue(session, 2)
    return world


@pytest.fixture
def real_redis(redis_url: str, monkeypatch: pytest.MonkeyPatch) -> redis.Redis:
    monkeypatch.setenv("BILLING_REDIS_URL", redis_url)
    get_settings.cache_clear()
    queue.connect.cache_clear()
    return queue.connect()


class Loud:
    """Counts what a dispatcher logs."""

    def __init__(self) -> None:
        self.events: list[str] = []

    def warning(self, event: str, **_facts: object) -> None:
        self.events.append(event)

    def info(self, event: str, **_facts: object) -> None:
        self.events.append(event)


def test_dispatcher_logs_a_missing_redis_once_and_goes_on(world, monkeypatch):
    loud = Loud()
    monkeypatch.setattr(dispatcher, "_log", loud)
    monkeypatch.setattr(
        dispatcher, "connect", lambda: redis.Redis(unix_socket_path="/nonexistent.sock", retry=Retry(NoBackoff(), 0))
    )
    looking = Dispatcher(world.database, world.settings)
    assert [looking.look_once() for _ in range(3)] == [0, 0, 0]
    assert loud.events == ["dispatcher:away"]


def test_dispatcher_survives_a_broken_database_and_says_when_it_is_back(world, tmp_path, monkeypatch):
    loud = Loud()
    monkeypatch.setattr(dispatcher, "_log", loud)
    monkeypatch.setattr(dispatcher, "ring", lambda *_: True)
    monkeypatch.setattr(dispatcher, "connect", Answering)
    empty = Database(f"sqlite:///{tmp_path / 'empty.db'}")
    looking = Dispatcher(empty, world.settings)
    assert [looking.look_once(), looking.look_once()] == [0, 0]
    looking._database = world.database
    assert looking.look_once() == 1
    assert loud.events == ["dispatcher:away", "dispatcher:back"]
    empty.dispose()


def test_dispatcher_stops_when_told(world, monkeypatch):
    monkeypatch.setattr(dispatcher, "connect", Answering)
    monkeypatch.setattr(dispatcher, "ring", lambda *_: True)
    stop = threading.Event()
    thread = threading.Thread(target=Dispatcher(world.database, world.settings).run, args=(stop,))
    thread.start()
    stop.set()
    thread.join(timeout=5)
    assert not thread.is_alive()


@pytest.mark.redis
def test_dispatcher_rings_once_a_slot_and_again_after_redis_was_wiped(world, real_redis):
    start_of_slot()
    looking = Dispatcher(world.database, world.settings)
    assert [looking.look_once(), looking.look_once()] == [1, 0]
    real_redis.flushall()
    assert looking.look_once() == 1
    [job] = Queue("uploads", connection=real_redis, serializer=JSONSerializer).jobs
    assert job.func_name == "jobs.uploads.drain"
    assert job.args[0] == world.account_id
    assert len(job.args[1]) == 16


def start_of_slot() -> None:
    """Wait until the present slot of the bell has time left for a whole test."""
    while time.time() % 5 > 3:
        time.sleep(0.1)


class Answering:
    """A Redis that is there."""

    def ping(self) -> bool:
        return True


def test_dispatcher_rings_dry_runs_first_and_ends_stale_ones(world):
    with world.database.unit_of_work() as session:
        user = make_user(session, Role.ADMIN)
        carrier = make_carrier(session)
        facts = {"carrier_id": id_of(carrier), "site_account_id": carrier.site_account_id, "document": {}}
        runs = [
            DryRun(**facts, requested_by_id=id_of(user), requested_at=now() - timedelta(minutes=age)) for age in (0, 11)
        ]
        session.add_all(runs)
        session.flush()
        fresh, stale = (id_of(run) for run in runs)
    due = Dispatcher(world.database, world.settings)._due()
    assert [(bell.kind, row) for bell, row, _ in due[:2]] == [("dry-run", fresh), ("dry-run", stale)]
    assert due[2][0].kind == "site-account"
    again = Dispatcher(world.database, world.settings)._due()
    assert [row for bell, row, _ in again if bell.kind == "dry-run"] == [fresh]


def test_dispatcher_rings_for_mails_and_asks_a_person_about_those_whose_sender_vanished(world):
    with world.database.unit_of_work() as session:
        due = id_of(make_mailing(session))
        vanished = id_of(make_mailing(session, status=MailingStatus.INTENT, intent_at_ms=1))
        make_mailing(session, channel=DeliveryChannel.PAPER)
    rung = Dispatcher(world.database, world.settings)._due()
    assert [row for bell, row, _ in rung if bell.kind == "invoice-mail"] == [due]
    with world.database.read_only() as session:
        assert session.get_one(Mailing, vanished).status is MailingStatus.IN_DOUBT
