"""What tests of the billing cycle share."""

from datetime import date

import pytest

from tests.builders.clock import TurnedClock


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> TurnedClock:
    """Let it be 4 November 2026: October is being billed."""
    return TurnedClock(monkeypatch, date(2026, 11, 4))
