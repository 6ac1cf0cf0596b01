"""The firm's business days: no weekend, no public holiday, none of its own closing days."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlmodel import Session, col, select

from core.business_days import BusinessCalendar, calendar_of, holiday_name
from models import ClosingDay

__all__ = ["BusinessDays", "business_days", "holiday_name"]

_ONE = timedelta(days=1)


@dataclass(frozen=True)
class BusinessDays:
    """When the firm works; `closed` are its own closing days."""

    closed: frozenset[date] = frozenset()
    _calendar: BusinessCalendar = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_calendar", calendar_of(self.closed))

    def is_open(self, day: date) -> bool:
        """Whether the firm works on a day."""
        return self._calendar.is_open(day)

    def after(self, day: date, count: int) -> date:
        """Return the business day that comes as the `count`-th after a day."""
        found = day
        for _ in range(count):
            found += _ONE
            while not self.is_open(found):
                found += _ONE
        return found

    def before(self, day: date) -> date:
        """Return the last business day before a day."""
        found = day - _ONE
        while not self.is_open(found):
            found -= _ONE
        return found


def business_days(session: Session, extra: Iterable[date] = ()) -> BusinessDays:
    """Return the firm's business days."""
    return BusinessDays(frozenset({*session.exec(select(col(ClosingDay.day))), *extra}))
