"""The id of a row that is in the database: the type says None only because a new row has none yet."""

from typing import Protocol


class _Row(Protocol):
    id: int | None


def row_id(row: _Row) -> int:
    """Return the id of a row that was read or flushed."""
    if row.id is None:
        message = f"{type(row).__name__} was not flushed"
        raise LookupError(message)
    return row.id
