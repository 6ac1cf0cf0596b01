"""The heartbeat beside the work: it locks in the work's order, and outlives a cut line and a database that hangs."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, select
from sqlalchemy.engine import ExceptionContext

from core.db import Database, db_now_ms
from models.enums import SubmissionStatus
from services.uploads.lease_keeper import LeaseKeeper
from services.uploads.leases import take_account
from services.uploads.workers import register_worker
from tests.pretend_site import LedgerWorld
from tests.servers import MariaDbServer

SECONDS = 20
HEARTBEAT = 4.0


def keeper_of(world: LedgerWorld, *, lease: float, heartbeat: float, lost: threading.Event) -> LeaseKeeper:
    taken_at = time.monotonic()
    with world.database.unit_of_work() as session:
        worker = register_worker(session)
        held = take_account(session, site_account_id=world.account_id, worker_id=worker, lease_ms=int(lease * 1000))
    assert held is not None
    return LeaseKeeper(
        world.database, held, lease_seconds=lease, heartbeat_seconds=heartbeat, taken_at=taken_at, on_lost=lost.set
    )


def queued(database: Database, folder: Path, files: int = 1, **settings: Any) -> tuple[LedgerWorld, list[int]]:
    world = LedgerWorld(database, folder, **settings)
    with database.unit_of_work() as session:
        return world, world.queue(session, files)


def is_beat() -> bool:
    return threading.current_thread().name == "lease-keeper"


@contextmanager
def listening(database: Database, **hooks: Any) -> Iterator[None]:
    for name, hook in hooks.items():
        event.listen(database.engine, name, hook)
    yield
    for name, hook in hooks.items():
        event.remove(database.engine, name, hook)


@pytest.mark.mariadb
def test_heartbeat_and_delivery_lock_in_one_order(mariadb_database: Database, tmp_path: Path) -> None:
    """The heartbeat stands between account and file while the worker delivers that file; neither is ended."""
    world, ids = queued(mariadb_database, tmp_path, 2, lease_seconds=20, heartbeat_seconds=1)
    armed, halted, met = threading.Event(), threading.Event(), threading.Event()
    errors: list[str] = []

    def stand_between(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if is_beat() and armed.is_set() and not halted.is_set() and statement.startswith("UPDATE site_account"):
            halted.set()
            met.wait(SECONDS)
            time.sleep(0.2)

    def begin_the_delivery(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        is_first_lock = statement.startswith("UPDATE submission") or statement.rstrip().endswith("FOR UPDATE")
        if not is_beat() and halted.is_set() and is_first_lock:
            met.set()

    def note(context: ExceptionContext) -> None:
        errors.append(str(context.original_exception))

    def clicked() -> None:
        armed.set()
        halted.wait(SECONDS)

    world.site.will("after_click", clicked)
    hooks = {"after_cursor_execute": stand_between, "before_cursor_execute": begin_the_delivery, "handle_error": note}
    with listening(mariadb_database, **hooks):
        report = world.drain()
    assert halted.is_set()
    assert (report.files, report.ended, errors) == (2, "nothing_due", [])
    assert [world.row(one).status for one in ids] == [SubmissionStatus.DELIVERED] * 2


@pytest.mark.mariadb
def test_keeper_tries_again_at_once_when_its_line_was_cut(
    mariadb_database: Database, mariadb_server: MariaDbServer, tmp_path: Path
) -> None:
    world, _ = queued(mariadb_database, tmp_path)
    lost, cut, renewed = threading.Event(), threading.Event(), threading.Event()

    def cut_the_line(connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if is_beat() and not cut.is_set() and statement.startswith("UPDATE site_account"):
            cut.set()
            mariadb_server.execute(f"KILL CONNECTION {connection.connection.thread_id()}")

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if is_beat() and cut.is_set() and statement.startswith("UPDATE site_account"):
            renewed.set()

    keeper = keeper_of(world, lease=30, heartbeat=HEARTBEAT, lost=lost)
    before = world.account().lease_until_ms or 0
    with listening(mariadb_database, before_cursor_execute=cut_the_line, after_cursor_execute=note), keeper:
        assert cut.wait(SECONDS)
        assert renewed.wait(HEARTBEAT * 0.9), "before the next regular beat"
        time.sleep(0.2)
        keeper.check()
    assert not lost.is_set()
    assert (world.account().lease_until_ms or 0) > before


def test_keeper_ends_the_browser_in_time_while_a_renewal_hangs(database: Database, tmp_path: Path) -> None:
    world, _ = queued(database, tmp_path)
    lost = threading.Event()
    keeper = keeper_of(world, lease=1.0, heartbeat=0.2, lost=lost)
    with keeper:
        with database.unit_of_work() as session:
            session.scalars(select(db_now_ms())).one()  # from here on nobody else writes on SQLite
            assert lost.wait(3)
        assert keeper.is_lost
