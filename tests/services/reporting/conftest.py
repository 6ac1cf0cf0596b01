"""A firm that has billed, made once a session and copied for each test that reads it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.db import Database, use_database
from models.base import metadata
from tests.services.reporting.firm import Firm, make_firm


@pytest.fixture(scope="session")
def billed_firm(tmp_path_factory: pytest.TempPathFactory) -> Firm:
    """Make the firm on SQLite."""
    folder = tmp_path_factory.mktemp("firm")
    database = Database(f"sqlite:///{folder / 'firm.db'}")
    metadata.create_all(database.engine)
    made = make_firm(database, folder)
    database.dispose()  # so that all of it stands in the one file that is copied
    return made


@pytest.fixture(params=["sqlite", pytest.param("mariadb", marks=pytest.mark.mariadb)], scope="module")
def firm(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firm]:
    """Yield the firm on the embedded default and on MariaDB, as the process's database."""
    if request.param == "sqlite":
        made: Firm = request.getfixturevalue("billed_firm")
        folder = tmp_path_factory.mktemp("copy")
        shutil.copy(made.database.url.database or "", folder / "firm.db")
        database = Database(f"sqlite:///{folder / 'firm.db'}")
        made = Firm(database, made.period, made.biller, made.attorneys)
    else:
        made = request.getfixturevalue("mariadb_firm")
    with use_database(made.database):
        yield made
    made.database.dispose()


@pytest.fixture(scope="module")
def mariadb_firm(mariadb_tables: str, tmp_path_factory: pytest.TempPathFactory) -> Firm:
    """Make the firm on MariaDB, in a schema that is empty before it."""
    database = Database(mariadb_tables)
    _empty(database)
    return make_firm(database, Path(tmp_path_factory.mktemp("mariadb-firm")))


def _empty(database: Database) -> None:
    with database.engine.begin() as connection:
        connection.exec_driver_sql("SET FOREIGN_KEY_CHECKS = 0")
        for table in metadata.tables.values():
            connection.execute(table.delete())
        connection.exec_driver_sql("SET FOREIGN_KEY_CHECKS = 1")
