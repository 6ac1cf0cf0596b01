"""Business days: weekends, holidays and the firm's own closing days are left out, forwards and backwards."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.business_days import calendar_of

FIRM = calendar_of([date(2026, 11, 27)])
DAYS = st.dates(date(2024, 1, 1), date(2029, 12, 31))


@pytest.mark.parametrize(
    ("day", "is_open"),
    [
        (date(2026, 11, 25), True),
        (date(2026, 11, 26), False),  # Thanksgiving
        (date(2026, 11, 27), False),  # closed by the firm
        (date(2026, 11, 28), False),
        (date(2026, 11, 30), True),
        (date(2026, 7, 3), False),  # Independence Day as observed
        (date(2026, 12, 25), False),
    ],
)
def test_is_open_knows_holidays_weekends_and_the_firms_own(day: date, is_open: bool):
    assert FIRM.is_open(day) is is_open


@pytest.mark.parametrize(
    ("after", "until", "expected"),
    [
        (date(2026, 11, 25), date(2026, 11, 25), 0),
        (date(2026, 11, 25), date(2026, 11, 30), 1),
        (date(2026, 11, 20), date(2026, 12, 1), 5),
        (date(2026, 12, 1), date(2026, 11, 20), 0),
    ],
)
def test_count_leaves_the_first_day_out_and_takes_the_last(after: date, until: date, expected: int):
    assert FIRM.count(after, until) == expected


@given(day=DAYS, days=st.integers(0, 15))
def test_back_is_the_latest_day_with_so_many_business_days_behind_it(day: date, days: int):
    found = FIRM.back(day, days)
    assert FIRM.count(found, day) >= days
    if days:
        assert FIRM.count(found + timedelta(days=1), day) < days
