"""Business days: no weekend, no holiday of the country, no day on which the firm itself is closed."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from holidays import HolidayBase, country_holidays

COUNTRY = "US"
_WEEKEND = 5
_LONGEST_DAYS = 3660


@dataclass(frozen=True)
class BusinessCalendar:
    """The days on which the firm works; `closed` are its own closing days."""

    closed: frozenset[date] = frozenset()
    country: str = COUNTRY

    def is_open(self, day: date) -> bool:
        """Whether the firm works on the day."""
        return day.weekday() < _WEEKEND and day not in self.closed and day not in _holidays(self.country)

    def count(self, after: date, until: date) -> int:
        """Return how many business days lie after one day, up to and with another; 0 where that comes first."""
        span = min((until - after).days, _LONGEST_DAYS)
        return sum(self.is_open(after + timedelta(days=step)) for step in range(1, span + 1))

    def back(self, day: date, days: int) -> date:
        """Return the last day after which, up to and with `day`, at least so many business days lie."""
        found = day
        while days > 0:
            days -= self.is_open(found)
            found -= timedelta(days=1)
        return found


def calendar_of(closed: Collection[date] = ()) -> BusinessCalendar:
    """Return the calendar of a firm with these closing days."""
    return BusinessCalendar(frozenset(closed))


def holiday_name(day: date) -> str:
    """Return the public holiday on a day, or ''."""
    return _holidays(COUNTRY).get(day) or ""


@cache
def _holidays(country: str) -> HolidayBase:
    # Fills itself year by year as it is asked.
    return country_holidays(country)
