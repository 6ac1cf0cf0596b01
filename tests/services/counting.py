"""Counts the statements a database executes."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from core.db import Database


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    """Collect the statements executed inside the block; an executemany is one."""
    seen: list[str] = []

    def see(_connection, _cursor, statement, *_rest):
        seen.append(statement)

    event.listen(database.engine, "before_cursor_execute", see)
    yield seen
    event.remove(database.engine, "before_cursor_execute", see)
