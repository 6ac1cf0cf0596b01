"""A clock that a test turns: every day and instant that the product asks for is the one set here."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from core import clock
from core.business_days import calendar_of

_AHEAD = 20


def business_day_ahead() -> date:
    """Return a business day some weeks from now that another one follows, whatever the day of the test is."""
    calendar, day = calendar_of(), clock.today() + timedelta(days=_AHEAD)
    while not (calendar.is_open(day) and calendar.is_open(day + timedelta(days=1))):
        day += timedelta(days=1)
    return day


class TurnedClock:
    """What `core.clock` says while a test runs."""

    def __init__(self, patch: pytest.MonkeyPatch, day: date) -> None:
        self._day = day
        patch.setattr(clock, "now", self._now)

    def turn_to(self, day: date) -> None:
        """Let it be noon of a day."""
        self._day = day

    def _now(self) -> datetime:
        return datetime.combine(self._day, time(12), tzinfo=UTC)
