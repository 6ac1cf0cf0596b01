"""Move a database between revisions, and say how it differs from the tables of `models`."""

from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.util.exc import CommandError
from sqlalchemy import Connection

from core.db import Database
from core.errors import UnavailableError
from migrations.comparison import AUTOGENERATE
from models.base import metadata

_FOLDER = Path(__file__).parent


def upgrade(database: Database, revision: str = "head") -> None:
    """Bring `database` up to a revision; doing it again changes nothing.

    Raises:
        UnavailableError: the database is at a revision this version of the product does not know.
    """
    try:
        command.upgrade(config(database), revision)
    except CommandError as refused:
        message = (
            f"The database was not changed: {refused}. Run the version of the product that made it, or a newer one."
        )
        raise UnavailableError(message) from refused


def downgrade(database: Database, revision: str = "base") -> None:
    """Take `database` back to a revision; 'base' drops every table and what is in it."""
    command.downgrade(config(database), revision)


def draft(database: Database, message: str) -> None:
    """Write a revision from the difference between `database` and the models, for a person to read and mend."""
    command.revision(config(database), message, autogenerate=True)


def current(database: Database) -> str | None:
    """Return the revision a database is at, None before the first one."""
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def differences(database: Database) -> list[Any]:
    """Return what the models say and the database does not, as Alembic's operations; empty when they agree."""
    with database.engine.connect() as connection:
        return _compare(connection)


def config(database: Database) -> Config:
    """Return Alembic's configuration for one database; there is no ini file, this is all of it."""
    settings = Config()
    settings.set_main_option("script_location", str(_FOLDER))
    settings.set_main_option("path_separator", "os")
    settings.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    settings.attributes["database"] = database
    return settings


def _compare(connection: Connection) -> list[Any]:
    return list(compare_metadata(MigrationContext.configure(connection, opts=dict(AUTOGENERATE)), metadata))
