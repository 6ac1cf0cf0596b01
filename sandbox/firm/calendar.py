"""The billing period: the calendar month before a day, and its working days."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

_SATURDAY = 5


@dataclass(frozen=True)
class BillingPeriod:
    """A calendar month, both ends included."""

    start: date
    end: date

    @classmethod
    def before(cls, today: date) -> "BillingPeriod":
        """Return the month that ended last before `today`."""
        end = today.replace(day=1) - timedelta(days=1)
        return cls(end.replace(day=1), end)

    @property
    def working_days(self) -> list[date]:
        """Return the period's Mondays to Fridays."""
        days = (self.start + timedelta(days=offset) for offset in range((self.end - self.start).days + 1))
        return [day for day in days if day.weekday() < _SATURDAY]


def evening(day: date) -> datetime:
    """Return 18:00 UTC of a day: when people of this firm write down what they did."""
    return datetime.combine(day, time(18), UTC)
