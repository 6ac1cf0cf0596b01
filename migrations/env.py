"""What Alembic runs for every command: one transaction on the database given by `migrations.schema`."""

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import context
from sqlalchemy import Connection, Engine

from core.db import Database
from migrations.comparison import AUTOGENERATE
from models.base import metadata


@contextmanager
def _transaction(engine: Engine) -> Iterator[Connection]:
    """Open the migration's transaction, with SQLite's foreign keys off while tables are rebuilt, then checked."""
    with engine.connect() as connection:
        is_sqlite = engine.dialect.name == "sqlite"
        _foreign_keys(connection, on=False) if is_sqlite else None
        try:
            with connection.begin():
                yield connection
                if is_sqlite and (broken := connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()):
                    message = f"The migration would leave rows without their parent: {broken[:5]}"
                    raise RuntimeError(message)
        finally:
            _foreign_keys(connection, on=True) if is_sqlite else None


def _foreign_keys(connection: Connection, *, on: bool) -> None:
    """Set the pragma on the driver's own connection: inside a transaction SQLite ignores it."""
    driver = connection.connection.driver_connection
    if driver is not None:
        driver.execute(f"PRAGMA foreign_keys={'ON' if on else 'OFF'}")


def _run(database: Database) -> None:
    with _transaction(database.engine) as connection:
        context.configure(
            connection=connection,
            target_metadata=metadata,
            render_as_batch=database.is_sqlite,
            transactional_ddl=database.is_sqlite,
            **AUTOGENERATE,
        )
        context.run_migrations()


_run(context.config.attributes["database"])
