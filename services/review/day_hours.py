"""A timekeeper's day: with all that was entered on it, whatever the matter, it has twenty-four hours."""

from decimal import Decimal

from sqlalchemy import func, select
from sqlmodel import Session, col

from core.errors import InvalidInputError
from models import ProformaLine, TimeEntry
from models.enums import EntryStatus

_MOST_HOURS = Decimal(24)
_COUNTED = (EntryStatus.DRAFT, EntryStatus.SUBMITTED, EntryStatus.RELEASED, EntryStatus.HELD, EntryStatus.BILLED)


def check_day_hours(session: Session, line: ProformaLine, *, timekeeper_id: int, hours: Decimal) -> None:
    """Let a line have so many hours of a timekeeper, beside the other work of that person on its day.

    Raises:
        InvalidInputError: the day would have more than 24 hours.
    """
    others = (
        col(TimeEntry.timekeeper_id) == timekeeper_id,
        col(TimeEntry.worked_on) == line.worked_on,
        col(TimeEntry.id) != line.time_entry_id,
        col(TimeEntry.status).in_(_COUNTED),
    )
    day = hours + (session.scalar(select(func.sum(col(TimeEntry.entered_hours))).where(*others)) or Decimal(0))
    if day > _MOST_HOURS:
        message = f"With the other work of that day it would be {day.normalize():f} h. Nothing was changed."
        raise InvalidInputError(message, line_id=line.id)
