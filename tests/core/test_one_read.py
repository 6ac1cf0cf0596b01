"""Reads of one thread that are one read: one session, what was asked once, and no more than that is shared."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlmodel import Session, func, select

from core.db import Database, once
from models import NumberCounter


def test_reads_of_one_read_share_a_session_and_what_was_asked_once(each_database: Database) -> None:
    asked = []

    def ask() -> int:
        asked.append(1)
        return len(asked)

    with each_database.one_read():
        with each_database.read_only() as first:
            assert once(first, "key", ask) == 1
        with each_database.read_only() as second:
            assert second is first
            assert (once(second, "key", ask), once(second, "another", ask)) == (1, 2)
    with each_database.read_only() as third:
        assert third is not first
        assert once(third, "key", ask) == 3
    with each_database.unit_of_work() as writing:
        assert (once(writing, "key", ask), once(writing, "key", ask)) == (4, 5)


def test_a_read_of_another_database_is_its_own(each_database: Database, tmp_path: Path) -> None:
    other = Database(f"sqlite:///{tmp_path / 'other.db'}")
    with each_database.one_read(), each_database.read_only() as mine, other.read_only() as theirs:
        assert mine is not theirs
        assert theirs.execute(text("SELECT 7")).scalar_one() == 7
    other.dispose()


def test_what_fails_within_one_read_does_not_keep_the_others_from_reading(each_database: Database) -> None:
    with each_database.one_read():
        with pytest.raises((OperationalError, ProgrammingError)), each_database.read_only() as session:
            session.execute(text("SELECT * FROM no_such_table"))
        with each_database.read_only() as session:
            assert session.execute(text("SELECT 7")).scalar_one() == 7
    with each_database.read_only() as session:
        assert session.exec(select(func.count()).select_from(NumberCounter)).one() == 0


def test_one_read_is_of_one_thread(each_database: Database) -> None:
    with each_database.one_read(), each_database.read_only() as mine, ThreadPoolExecutor() as pool:
        assert pool.submit(_session_of, each_database).result() is not mine


def _session_of(database: Database) -> Session:
    with database.read_only() as session:
        return session
