"""Databases for tests: a fresh SQLite file, an emptied MariaDB schema, or each in turn."""

import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest
from sqlalchemy import Engine, event, exists, literal, select, text, union_all
from sqlmodel import Session

import migrations
from core.db import Database, use_database
from models.base import metadata
from tests.servers import MariaDbServer


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Database:
    """Make the schema once a session; copying a file is faster than creating tables a test."""
    path = tmp_path_factory.mktemp("template") / "billing.db"
    template = Database(f"sqlite:///{path}")
    metadata.create_all(template.engine)
    template.dispose()
    return template


@pytest.fixture
def database(sqlite_template: Database, tmp_path: Path) -> Iterator[Database]:
    """Yield an empty SQLite file database with all tables, as the process's database."""
    path = tmp_path / "billing.db"
    shutil.copy(str(sqlite_template.url.database), path)
    yield from _in_use(_Hurried(f"sqlite:///{path}", sqlite_template))


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """Yield a session inside one unit of work; on SQLite it holds the write lock until the test ends."""
    with database.unit_of_work() as session:
        yield session


@pytest.fixture
def mariadb_url(mariadb_server: MariaDbServer) -> Iterator[str]:
    """Yield the URL of a new MariaDB schema without tables, dropped after the test; for migrations."""
    name = f"fresh_{secrets.token_hex(4)}"
    mariadb_server.execute(f"CREATE DATABASE {name} CHARACTER SET utf8mb4")
    yield mariadb_server.url(name)
    mariadb_server.execute(f"DROP DATABASE {name}")


@pytest.fixture(scope="session")
def mariadb_tables(mariadb_server: MariaDbServer) -> str:
    """Make the schema on MariaDB once a session, by the migrations that ship, and return its URL."""
    mariadb_server.execute("CREATE DATABASE billing CHARACTER SET utf8mb4")
    return migrated_url(mariadb_server.url("billing"))


def migrated_url(url: str) -> str:
    """Make the schema at a URL by the migrations that ship, and return it."""
    maker = Database(url)
    migrations.upgrade(maker)
    maker.dispose()
    return url


@pytest.fixture
def mariadb_database(mariadb_tables: str) -> Iterator[Database]:
    """Yield an empty MariaDB database with all tables, as the process's database."""
    database = Database(mariadb_tables)
    _empty(database.engine)
    yield from _in_use(database)


@pytest.fixture(params=["sqlite", pytest.param("mariadb", marks=pytest.mark.mariadb)])
def each_database(request: pytest.FixtureRequest) -> Database:
    """Run a test twice: on the embedded default and on MariaDB."""
    name = "database" if request.param == "sqlite" else "mariadb_database"
    found: Database = request.getfixturevalue(name)
    return found


class _Hurried(Database):
    """A file that need not outlive the machine, and statements compiled once for all tests instead of once a test."""

    _compiled: ClassVar[dict[object, object]] = {}

    def __init__(self, url: str, template: Database) -> None:
        super().__init__(url)
        event.listen(self.engine, "connect", _wait_for_no_disk)
        # What is compiled is kept by dialect; one's own would find nothing.
        self.engine.dialect = template.engine.dialect
        self.engine.update_execution_options(compiled_cache=self._compiled)
        self._reading = self.engine.execution_options(**self._reading.get_execution_options())


def _wait_for_no_disk(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA synchronous=OFF")


def _in_use(database: Database) -> Iterator[Database]:
    with use_database(database):
        yield database
    database.dispose()


def _empty(engine: Engine) -> None:
    """Delete what the test before left: one question names the few tables that hold rows."""
    tables = metadata.tables.items()
    asked = union_all(*(select(literal(name)).where(exists().select_from(table)) for name, table in tables))
    with engine.begin() as connection:
        connection.execute(text("SET FOREIGN_KEY_CHECKS = 0"))
        for name in connection.scalars(asked).all():
            connection.execute(metadata.tables[name].delete())
        connection.execute(text("SET FOREIGN_KEY_CHECKS = 1"))
