"""Opening hours by a site's own clock, and what a profile may say about them."""

from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from carriers.traffic import OpeningHours, Pace

WEEK = ["mon", "tue", "wed", "thu", "fri"]


def hours(*times, zone="America/New_York"):
    return OpeningHours.model_validate(
        {
            "time_zone": zone,
            "times": [{"days": days, "opens": opens, "closes": closes} for days, opens, closes in times],
        }
    )


def utc(day: int, clock: str, month: int = 11) -> datetime:
    return datetime.fromisoformat(f"2026-{month:02}-{day:02}T{clock}:00+00:00")


OFFICE = hours((WEEK, "08:00", "18:00"))


@pytest.mark.parametrize(
    ("at", "is_open"),
    [
        (utc(27, "12:59"), False),
        (utc(27, "13:00"), True),
        (utc(27, "22:59"), True),
        (utc(27, "23:00"), False),
        (utc(28, "15:00"), False),  # a Saturday
    ],
)
def test_is_open_by_the_clock_of_the_site(at, is_open):
    assert OFFICE.is_open(at) is is_open


@pytest.mark.parametrize(
    ("at", "opening"),
    [
        (utc(27, "12:00"), utc(27, "13:00")),
        (utc(27, "13:00"), utc(30, "13:00")),  # open now: the one after, past the week-end
        (utc(28, "03:00"), utc(30, "13:00")),  # still Friday evening in New York
    ],
)
def test_next_opening_is_the_first_one_after(at, opening):
    assert OFFICE.next_opening(at) == opening
    assert f"{OFFICE.next_opening(at):%H:%M}" == "08:00"


def test_next_opening_moves_with_summer_time():
    assert OFFICE.next_opening(utc(30, "23:30", month=10)).astimezone(UTC) == utc(2, "13:00")
    assert OFFICE.next_opening(utc(29, "23:30", month=10)).astimezone(UTC) == utc(30, "12:00", month=10)


def test_a_night_is_two_times_without_a_gap():
    night = hours((WEEK, "22:00", "24:00"), (["tue", "wed", "thu", "fri", "sat"], "00:00", "04:00"), zone="UTC")
    assert [night.is_open(utc(27, clock)) for clock in ("21:59", "22:00", "23:59")] == [False, True, True]
    assert [night.is_open(utc(28, clock)) for clock in ("00:00", "03:59", "04:00")] == [True, True, False]


def test_next_opening_of_one_day_a_week_is_found_from_within_it():
    weekly = hours((["fri"], "08:00", "09:00"), zone="UTC")
    assert weekly.next_opening(utc(20, "08:30")) == utc(27, "08:00")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"time_zone": "New York"}, "is no time zone"),
        ({"time_zone": "../etc/passwd"}, "is no time zone"),
        ({"times": []}, "at least 1"),
        ({"times": [{"days": ["mon"], "opens": "18:00", "closes": "08:00"}]}, "write a night as two times"),
        ({"times": [{"days": ["mon"], "opens": "8", "closes": "18:00"}]}, "pattern"),
        ({"times": [{"days": ["mon"], "opens": "08:00", "closes": "24:30"}]}, "pattern"),
        ({"times": [{"days": ["monday"], "opens": "08:00", "closes": "18:00"}]}, "Input should be 'mon'"),
    ],
)
def test_hours_refuse_what_is_no_time(wrong, said):
    with pytest.raises(ValidationError, match=said):
        OpeningHours.model_validate({**OFFICE.model_dump(), **wrong})


def test_pace_refuses_what_is_no_pace():
    with pytest.raises(ValidationError):
        Pace(files_per_hour=0)
    with pytest.raises(ValidationError):
        Pace(seconds_between_files=-1)
