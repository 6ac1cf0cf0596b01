"""Databases for tests: a fresh SQLite file, an emptied MariaDB schema, or each in turn."""

import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session

import migrations
from core.db import Database, use_database
from models.base import metadata
from tests.servers import MariaDbServer


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the schema once a session; copying a file is faster than creating tables a test."""
    path = tmp_path_factory.mktemp("template") / "billing.db"
    template = Database(f"sqlite:///{path}")
    metadata.create_all(template.engine)
    template.dispose()
    return path


@pytest.fixture
def database(sqlite_template: Path, tmp_path: Path) -> Iterator[Database]:
    """Yield an empty SQLite file database with all tables, as the process's database."""
    path = tmp_path / "billing.db"
    shutil.copy(sqlite_template, path)
    yield from _in_use(Database(f"sqlite:///{path}"))


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
    url = mariadb_server.url("billing")
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


def _in_use(database: Database) -> Iterator[Database]:
    with use_database(database):
        yield database
    database.dispose()


def _empty(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("SET FOREIGN_KEY_CHECKS = 0"))
        for table in metadata.tables.values():
            connection.execute(table.delete())
        connection.execute(text("SET FOREIGN_KEY_CHECKS = 1"))
