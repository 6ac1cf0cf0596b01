"""The migrations make exactly the tables of the models, go back down, and lose no row on the way."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import delete, inspect, text
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

import migrations
from core.clock import now
from core.db import Database
from core.errors import UnavailableError
from migrations import schema
from models import AuditEvent, SiteFinding, Timekeeper
from models.base import metadata
from tests.fixtures_db import migrated_url

REVISIONS = [
    "0001",
    "0002",
    "0003",
    "0004",
    "0005",
    "0006",
    "0007",
    "0008",
    "0009",
    "0010",
    "0011",
    "0012",
    "0013",
    "0014",
    "0015",
    "0016",
    "0017",
    "0018",
    "0019",
    "0020",
    "0021",
    "0022",
    "0023",
    "0024",
    "0025",
]


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'fresh.db'}"


@pytest.fixture(params=["sqlite_url", pytest.param("mariadb_url", marks=pytest.mark.mariadb)])
def empty_database(request: pytest.FixtureRequest) -> Iterator[Database]:
    database = Database(request.getfixturevalue(request.param))
    yield database
    database.dispose()


@pytest.fixture(scope="module", params=["sqlite", pytest.param("mariadb", marks=pytest.mark.mariadb)])
def shared_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Migrate one database for all tests that only look at it, or put back what they wrote."""
    if request.param == "mariadb":
        server = request.getfixturevalue("mariadb_server")
        server.execute("CREATE DATABASE migrated CHARACTER SET utf8mb4")
        return migrated_url(server.url("migrated"))
    return migrated_url(f"sqlite:///{tmp_path_factory.mktemp('migrated') / 'billing.db'}")


@pytest.fixture
def migrated(shared_url: str) -> Iterator[Database]:
    database = Database(shared_url)
    yield database
    with database.engine.begin() as connection:
        for table in (Timekeeper, AuditEvent):
            connection.execute(delete(table))
    database.dispose()


def _tables(database: Database) -> set[str]:
    return set(inspect(database.engine).get_table_names()) - {"alembic_version"}


def _columns(database: Database) -> set[tuple[str, str]]:
    found = inspect(database.engine)
    return {(table, column["name"]) for table in _tables(database) for column in found.get_columns(table)}


def test_upgrade_makes_every_table(migrated: Database) -> None:
    assert _tables(migrated) == set(metadata.tables)
    assert migrations.current(migrated) == REVISIONS[-1]


def test_upgrade_agrees_with_the_models(migrated: Database) -> None:
    assert schema.differences(migrated) == []


def test_differences_tell_a_missing_column_and_a_wrong_length(empty_database: Database) -> None:
    migrations.upgrade(empty_database)
    with empty_database.engine.begin() as connection:
        connection.execute(text("ALTER TABLE matter DROP COLUMN closed_on"))
        connection.execute(text("ALTER TABLE site ADD COLUMN planted INTEGER"))
    told = str(schema.differences(empty_database))
    assert "closed_on" in told
    assert "planted" in told


def test_upgrade_twice_changes_nothing(migrated: Database) -> None:
    with migrated.unit_of_work() as session:
        session.add(_timekeeper())
    migrations.upgrade(migrated)
    with migrated.read_only() as session:
        assert session.exec(select(Timekeeper.code)).all() == ["TK001"]


def test_downgrade_leaves_nothing_and_upgrade_works_again(empty_database: Database) -> None:
    migrations.upgrade(empty_database)
    migrations.downgrade(empty_database)
    assert _tables(empty_database) == set()
    assert migrations.current(empty_database) is None
    migrations.upgrade(empty_database)
    assert _tables(empty_database) == set(metadata.tables)


def test_every_revision_goes_up_and_down_alone(empty_database: Database) -> None:
    for revision, before in zip(REVISIONS, ["base", *REVISIONS], strict=False):
        migrations.upgrade(empty_database, revision)
        made = _columns(empty_database)
        migrations.downgrade(empty_database, before)
        assert _columns(empty_database) < made
        migrations.upgrade(empty_database, revision)
        assert _columns(empty_database) == made


def test_upgrade_refuses_a_database_of_a_newer_product(empty_database: Database) -> None:
    migrations.upgrade(empty_database)
    with empty_database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(UnavailableError, match="was not changed"):
        migrations.upgrade(empty_database)


def test_identifiers_differ_by_case(migrated: Database) -> None:
    with migrated.unit_of_work() as session:
        session.add_all([_timekeeper("TK001"), _timekeeper("tk001")])
    with migrated.read_only() as session:
        assert session.exec(select(Timekeeper.code).where(Timekeeper.code == "tk001")).all() == ["tk001"]


def test_unique_code_is_kept_by_the_database(migrated: Database) -> None:
    with pytest.raises(IntegrityError), migrated.unit_of_work() as session:
        session.add_all([_timekeeper("TK001"), _timekeeper("TK001")])


def test_foreign_keys_hold_after_migrating(migrated: Database) -> None:
    with pytest.raises(IntegrityError), migrated.unit_of_work() as session:
        session.add(SiteFinding(invoice_id=99, submission_id=99, message="x", created_at=now()))


def test_instants_keep_their_microseconds(migrated: Database) -> None:
    moment = now().replace(microsecond=654321)
    with migrated.unit_of_work() as session:
        session.add(AuditEvent(at=moment, tag="test:made", actor_role="system", subject_type="test", subject_id=1))
    with migrated.read_only() as session:
        assert session.exec(select(AuditEvent.at)).one() == moment


def test_a_failed_upgrade_leaves_a_sqlite_database_as_it_was(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    with database.engine.begin() as connection:
        connection.execute(text("CREATE TABLE audit_event (in_the_way INTEGER)"))
    with pytest.raises(Exception, match="already exists"):
        migrations.upgrade(database)
    assert _tables(database) == {"audit_event"}
    database.dispose()


def _timekeeper(code: str = "TK001") -> Timekeeper:
    return Timekeeper(code=code, last_name="Reyes", first_name="Ana", classification="PT")


def test_scaled_columns_are_exact_storage(migrated: Database) -> None:
    columns = {column["name"]: str(column["type"]) for column in inspect(migrated.engine).get_columns("rate")}
    expected = "BIGINT" if migrated.is_sqlite else "DECIMAL(14, 4)"
    assert columns["hourly_amount"] == expected
