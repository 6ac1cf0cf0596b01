"""What every builder shares: the days, the numbers that keep rows apart, and adding a row."""

from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count
from typing import Any, TypeVar

from sqlmodel import Session, SQLModel

PERIOD_START = date(2026, 10, 1)
PERIOD_END = date(2026, 10, 31)
NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
RATE = Decimal("285.00")

NUMBERS = count(1)
_Row = TypeVar("_Row", bound=SQLModel)


def id_of(row: Any) -> int:
    """Return the id of a flushed row, as the number it is by then."""
    assert row.id is not None
    return int(row.id)


def add(session: Session, row: _Row) -> _Row:
    """Add a row and flush it, so that its id is set."""
    session.add(row)
    session.flush()
    return row
