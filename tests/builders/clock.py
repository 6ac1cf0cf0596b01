"""A clock that a test turns: every day and instant that the product asks for is the one set here."""

from datetime import UTC, date, datetime, time

import pytest

from core import clock


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
