"""One transaction an event: all or nothing, rung after commit; writers lose nothing; one clock."""

import ast
import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlmodel import Session, col, func, select

from core import db
from core.clock import now
from core.db import Database, db_now_ms, on_commit
from core.errors import WrongStateError
from models import NumberCounter, User


class _Interrupted(BaseException):
    """What a stop signal or a job's time-out looks like: not an Exception."""


def _count(database: Database) -> int:
    with database.read_only() as session:
        return session.exec(select(func.count()).select_from(NumberCounter)).one()


def test_unit_of_work_commits_at_its_end(each_database: Database) -> None:
    with each_database.unit_of_work() as session:
        session.add(NumberCounter(series="a"))
    assert _count(each_database) == 1


@pytest.mark.parametrize("error", [WrongStateError("No."), ValueError("no"), _Interrupted()])
def test_unit_of_work_rolls_back_on_any_error(each_database: Database, error: BaseException) -> None:
    with pytest.raises(type(error)):
        _fail_after_writing(each_database, error)
    assert _count(each_database) == 0


def _fail_after_writing(database: Database, error: BaseException, ring: Callable[[], None] = lambda: None) -> None:
    with database.unit_of_work() as session:
        on_commit(session, ring)
        session.add(NumberCounter(series="a"))
        session.flush()
        raise error


def test_rows_stay_readable_after_the_block(each_database: Database) -> None:
    with each_database.unit_of_work() as session:
        made = NumberCounter(series="a", last_number=3)
        session.add(made)
    with each_database.read_only() as session:
        found = session.exec(select(NumberCounter)).one()
    assert made.last_number == found.last_number == 3


def test_on_commit_rings_once_the_row_can_be_seen(each_database: Database) -> None:
    seen: list[int] = []
    with each_database.unit_of_work() as session:
        on_commit(session, lambda: seen.append(_count(each_database)))
        session.add(NumberCounter(series="a"))
        assert seen == []
    assert seen == [1]


def test_on_commit_is_silent_after_a_rollback(each_database: Database) -> None:
    rung: list[str] = []
    with pytest.raises(WrongStateError):
        _fail_after_writing(each_database, WrongStateError("No."), lambda: rung.append("rung"))
    assert rung == []


def test_on_commit_is_silent_when_the_commit_itself_fails(database: Database) -> None:
    rung: list[str] = []
    with pytest.raises(IntegrityError, match="FOREIGN KEY"):
        _fail_at_commit(database, lambda: rung.append("rung"))
    assert rung == []


def _fail_at_commit(database: Database, ring: Callable[[], None]) -> None:
    with database.unit_of_work() as session:
        on_commit(session, ring)
        session.connection().execute(text("PRAGMA defer_foreign_keys=ON"))
        session.add(User(subject="s", email="e", name="n", roles=[], timekeeper_id=99, created_at=now()))


def test_rings_keep_their_order_and_belong_to_their_own_unit(each_database: Database) -> None:
    rung: list[str] = []
    with each_database.unit_of_work() as session:
        on_commit(session, lambda: rung.append("first"))
        on_commit(session, lambda: rung.append("second"))
    with each_database.unit_of_work():
        pass
    assert rung == ["first", "second"]


def test_read_only_keeps_nothing(database: Database) -> None:
    with database.read_only() as session:
        session.add(NumberCounter(series="a"))
        session.flush()
    assert _count(database) == 0


@pytest.mark.mariadb
def test_server_refuses_to_write_in_a_read(mariadb_database: Database) -> None:
    with mariadb_database.read_only() as session:
        session.add(NumberCounter(series="a"))
        with pytest.raises(OperationalError, match="READ ONLY"):
            session.flush()
    assert _count(mariadb_database) == 0


@pytest.mark.mariadb
def test_reads_put_no_words_around_their_statements(mariadb_database: Database) -> None:
    _count(mariadb_database)
    before = _asked(mariadb_database)
    for _ in range(20):
        _count(mariadb_database)
    after = _asked(mariadb_database)
    assert after - before == 20 + 1, "each read is one question; the look at the counter is one more"


@pytest.mark.mariadb
def test_read_goes_on_after_its_idle_connection_was_ended(
    mariadb_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(db, "_TRUSTED_SECONDS", 0.0)
    with mariadb_database.read_only() as session:
        ended = session.exec(select(func.connection_id())).one()
    with mariadb_database.unit_of_work() as session:
        session.execute(text(f"KILL {ended}"))
    assert _count(mariadb_database) == 0


@pytest.mark.mariadb
def test_forked_process_takes_no_connection_of_its_parent(mariadb_database: Database) -> None:
    with mariadb_database.read_only() as session, mariadb_database.unit_of_work() as writer:
        parents = {one.exec(select(func.connection_id())).one() for one in (session, writer)}
    reader, end = os.pipe()
    if (child := os.fork()) == 0:
        try:
            mariadb_database.leave_to_parent()
            with mariadb_database.read_only() as session, mariadb_database.unit_of_work() as writer:
                own = {one.exec(select(func.connection_id())).one() for one in (session, writer)}
            os.write(end, repr(sorted(own)).encode())
        finally:
            os._exit(0)  # whatever happens, no second run of the tests goes on here
    os.close(end)
    os.waitpid(child, 0)
    childs = set(ast.literal_eval(os.read(reader, 200).decode()))
    os.close(reader)
    assert len(childs) == len(parents) == 2
    assert childs.isdisjoint(parents)
    with mariadb_database.read_only() as session:
        assert session.exec(select(func.connection_id())).one() in parents


def _asked(database: Database) -> int:
    with database.read_only() as session:
        _, value = session.execute(text("SHOW GLOBAL STATUS LIKE 'Questions'")).one()
    return int(value)


def test_reader_does_not_wait_for_a_writer(database: Database) -> None:
    with database.unit_of_work() as session:
        session.add(NumberCounter(series="a"))
        session.flush()
        began = time.monotonic()
        assert _count(database) == 0
        assert time.monotonic() - began < 10


def test_reader_sees_one_moment(database: Database) -> None:
    with database.read_only() as session:
        before = session.exec(select(func.count()).select_from(NumberCounter)).one()
        with database.unit_of_work() as writer:
            writer.add(NumberCounter(series="a"))
        assert session.exec(select(func.count()).select_from(NumberCounter)).one() == before == 0


def test_concurrent_writers_lose_nothing(each_database: Database) -> None:
    with each_database.unit_of_work() as session:
        session.add(NumberCounter(series="n", last_number=0))
    with ThreadPoolExecutor(8) as pool:
        numbers = list(pool.map(lambda _: _next_number(each_database), range(200)))
    assert sorted(numbers) == list(range(1, 201))


def _next_number(database: Database) -> int:
    with database.unit_of_work() as session:
        counter = col(NumberCounter.last_number)
        session.exec(update(NumberCounter).values(last_number=counter + 1))
        return session.exec(select(NumberCounter.last_number)).one()


def test_writers_that_read_first_do_not_fail_at_commit(database: Database) -> None:
    """A deferred transaction would read, then be refused the lock: 'database is locked'."""
    with database.unit_of_work() as session:
        session.add(NumberCounter(series="n", last_number=0))
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: _read_then_write(database), range(40)))
    with database.read_only() as session:
        assert session.exec(select(NumberCounter.last_number)).one() == 40


def _read_then_write(database: Database) -> None:
    with database.unit_of_work() as session:
        counter = session.exec(select(NumberCounter)).one()
        counter.last_number += 1


def test_database_clock_is_the_wall_clock_in_milliseconds(each_database: Database) -> None:
    with each_database.read_only() as session:
        before, told, after = time.time(), session.exec(select(db_now_ms())).one(), time.time()
    assert before * 1000 - 50 <= told <= after * 1000 + 50


def test_database_clock_moves_in_milliseconds(each_database: Database) -> None:
    told = set()
    for _ in range(5):
        with each_database.read_only() as session:
            told.add(session.exec(select(db_now_ms())).one())
        time.sleep(0.003)
    assert len(told) == 5
    assert max(told) - min(told) < 60_000


def test_database_clock_compares_in_sql(each_database: Database) -> None:
    with each_database.read_only() as session:
        assert session.exec(select(db_now_ms() > 1_700_000_000_000)).one() == 1


def test_use_database_is_the_process_s_database_for_a_block(database: Database) -> None:
    other = Database("sqlite://")
    with db.use_database(other):
        assert db.get_database() is other
    assert db.get_database() is database
    other.dispose()


def test_module_functions_work_on_the_process_s_database(database: Database) -> None:
    with db.unit_of_work() as session:
        session.add(NumberCounter(series="a"))
    with db.read_only() as session:
        assert session.exec(select(NumberCounter.series)).all() == ["a"]
    assert _count(database) == 1


def test_foreign_keys_are_enforced_on_every_connection(database: Database) -> None:
    with ThreadPoolExecutor(3) as pool:
        barrier = threading.Barrier(3)
        told = list(pool.map(lambda _: _foreign_keys(database, barrier), range(3)))
    assert told == [1, 1, 1]


def _foreign_keys(database: Database, barrier: threading.Barrier) -> int:
    with database.read_only() as session:
        barrier.wait(10)
        return int(session.connection().execute(text("PRAGMA foreign_keys")).scalar_one())


def _count_up(session: Session, series: str) -> None:
    mine = col(NumberCounter.series) == series
    session.execute(update(NumberCounter).where(mine).values(last_number=NumberCounter.last_number + 1))


def _crossing(met: threading.Barrier, first: str, second: str) -> tuple[Callable[[Session], str], list[str]]:
    """Return work on two rows that, on its first try, lets its rival take the other one first; and its tries."""
    tries: list[str] = []

    def work(session: Session) -> str:
        tries.append(first)
        _count_up(session, first)
        if len(tries) == 1:
            met.wait(20)
        _count_up(session, second)
        return first

    return work, tries


def _add_two_counters(database: Database) -> None:
    with database.unit_of_work() as session:
        session.add_all([NumberCounter(series="a"), NumberCounter(series="b")])


@pytest.mark.mariadb
def test_transact_lets_both_sides_of_a_deadlock_succeed_once(mariadb_database: Database) -> None:
    _add_two_counters(mariadb_database)
    met = threading.Barrier(2)
    (forth, forth_tries), (back, back_tries) = _crossing(met, "a", "b"), _crossing(met, "b", "a")
    with ThreadPoolExecutor(2) as pool:
        made = [pool.submit(mariadb_database.transact, work) for work in (forth, back)]
    assert [one.result() for one in made] == ["a", "b"]
    assert len(forth_tries) + len(back_tries) == 3, "the database ended one of the two, once"
    with mariadb_database.read_only() as session:
        assert session.scalars(select(col(NumberCounter.last_number))).all() == [2, 2]


@pytest.mark.mariadb
def test_unit_of_work_alone_loses_one_side_of_a_deadlock(mariadb_database: Database) -> None:
    _add_two_counters(mariadb_database)
    met = threading.Barrier(2)

    def once(work: Callable[[Session], str]) -> str:
        with mariadb_database.unit_of_work() as session:
            return work(session)

    with ThreadPoolExecutor(2) as pool:
        made = [pool.submit(once, _crossing(met, *order)[0]) for order in (("a", "b"), ("b", "a"))]
    [failed] = [one.exception() for one in made if one.exception()]
    assert "1213" in str(failed)


def test_transact_tries_nothing_else_again(database: Database) -> None:
    tries: list[int] = []

    def work(session: Session) -> None:
        tries.append(1)
        session.add(NumberCounter(series="a"))
        session.flush()
        session.execute(text("SELECT nothing FROM nowhere"))

    with pytest.raises(OperationalError, match="nowhere"):
        database.transact(work)
    assert (len(tries), _count(database)) == (1, 0)


def test_transact_gives_up_after_five_tries_and_rings_once_it_committed(database: Database) -> None:
    tries: list[int] = []
    rung: list[str] = []

    def work(session: Session) -> int:
        tries.append(1)
        on_commit(session, lambda: rung.append("rung"))
        if len(tries) != 7:
            raise OperationalError("UPDATE", {}, RuntimeError(1213, "Deadlock found"))
        return 7

    with pytest.raises(OperationalError, match="Deadlock"):
        database.transact(work)
    assert (len(tries), rung) == (5, [])
    assert database.transact(work) == 7
    assert rung == ["rung"]


def test_instants_and_days_are_read_as_they_were_written(each_database: Database) -> None:
    at = now().replace(microsecond=120_000)
    with each_database.unit_of_work() as session:
        session.add(User(subject="s", email="a@hwr.example", name="Ann", roles=["biller"], created_at=at))
    with each_database.read_only() as session:
        assert session.exec(select(User.created_at)).one() == at
        days = session.execute(text("SELECT DATE('2026-02-28') AS day")).scalar_one()
    assert str(days) == "2026-02-28"
