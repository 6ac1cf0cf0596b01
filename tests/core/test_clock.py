"""The clock is aware and in UTC."""

from datetime import UTC, timedelta

from core.clock import now, today


def test_now_is_aware_utc() -> None:
    assert now().tzinfo is UTC


def test_today_is_the_day_of_now() -> None:
    before = now()
    day = today()
    assert before.date() <= day <= (before + timedelta(seconds=5)).date()
