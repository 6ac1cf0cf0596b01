"""A person's clock: quiet hours over midnight and weekends, digests by the hour and day, clocks that are set."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InvalidInputError
from models import NotificationSetting
from models.enums import Rhythm
from services.notifications.quiet_hours import Clock, clock_of, due_at, known_zone, zone_names

NEW_YORK = ZoneInfo("America/New_York")
NIGHT = Clock(NEW_YORK, time(8), time(20), time(7))
GATHER = timedelta(seconds=60)


def local(clock: Clock, text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=clock.zone).astimezone(UTC)


def shown(clock: Clock, at: datetime) -> str:
    return f"{at.astimezone(clock.zone):%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("at", "until"),
    [
        ("2026-11-30 19:59", "2026-11-30 19:59"),
        ("2026-11-30 20:00", "2026-12-01 07:00"),
        ("2026-12-01 03:00", "2026-12-01 07:00"),
        ("2026-12-01 07:00", "2026-12-01 07:00"),
    ],
)
def test_hold_over_midnight_until_the_morning(at, until):
    assert shown(NIGHT, NIGHT.held_until(local(NIGHT, at))) == until


def test_hold_within_one_day():
    noon = Clock(NEW_YORK, time(8), time(12), time(13, 30))
    assert shown(noon, noon.held_until(local(noon, "2026-11-30 12:45"))) == "2026-11-30 13:30"
    assert shown(noon, noon.held_until(local(noon, "2026-11-30 11:59"))) == "2026-11-30 11:59"


def test_hold_nothing_without_quiet_hours():
    at = local(NIGHT, "2026-11-28 03:00")
    assert Clock(NEW_YORK).held_until(at) == at


def test_hold_a_weekend_to_the_end_of_the_night_that_follows():
    calm = Clock(NEW_YORK, time(8), time(20), time(7), is_quiet_on_weekends=True)
    assert shown(calm, calm.held_until(local(calm, "2026-11-28 12:00"))) == "2026-11-30 07:00"
    assert shown(calm, calm.held_until(local(calm, "2026-11-27 21:00"))) == "2026-11-30 07:00"
    weekend = Clock(NEW_YORK, is_quiet_on_weekends=True)
    assert shown(weekend, weekend.held_until(local(weekend, "2026-11-29 23:59"))) == "2026-11-30 00:00"
    assert shown(weekend, weekend.held_until(local(weekend, "2026-11-27 23:59"))) == "2026-11-27 23:59"


def test_hold_by_the_persons_clock_and_not_the_firms():
    at = datetime(2026, 12, 1, 3, tzinfo=UTC)
    chicago = Clock(ZoneInfo("America/Chicago"), time(8), time(22), time(7))
    assert chicago.held_until(at) == at
    assert NIGHT.held_until(at) > at


def test_hold_through_the_hour_that_does_not_exist():
    early = Clock(NEW_YORK, time(8), time(0), time(2, 30))
    end = early.held_until(local(early, "2026-03-08 01:00"))
    assert end == datetime(2026, 3, 8, 7, 30, tzinfo=UTC)


def test_hold_in_the_hour_that_comes_twice():
    late = Clock(NEW_YORK, time(8), time(0), time(1, 30))
    second_pass = datetime(2026, 11, 1, 6, 10, tzinfo=UTC)
    assert late.held_until(second_pass) == datetime(2026, 11, 1, 6, 30, tzinfo=UTC)


def test_next_hour_by_zones_of_half_hours():
    india = Clock(ZoneInfo("Asia/Kolkata"))
    assert shown(india, india.next_hour(local(india, "2026-11-30 09:10"))) == "2026-11-30 10:00"
    assert india.next_hour(local(india, "2026-11-30 10:00")) == local(india, "2026-11-30 11:00")


def test_next_daily_is_today_or_tomorrow():
    assert shown(NIGHT, NIGHT.next_daily(local(NIGHT, "2026-11-30 07:59"))) == "2026-11-30 08:00"
    assert shown(NIGHT, NIGHT.next_daily(local(NIGHT, "2026-11-30 08:00"))) == "2026-12-01 08:00"


@pytest.mark.parametrize(
    ("rhythm", "due"),
    [
        (Rhythm.AT_ONCE, "2026-11-30 19:31"),
        (Rhythm.HOURLY, "2026-12-01 07:00"),
        (Rhythm.DAILY, "2026-12-01 08:00"),
    ],
)
def test_due_by_rhythm_with_quiet_hours_kept(rhythm, due):
    assert shown(NIGHT, due_at(NIGHT, rhythm, local(NIGHT, "2026-11-30 19:30"), GATHER)) == due


def test_due_daily_in_quiet_hours_waits_for_their_end():
    early = Clock(NEW_YORK, time(6), time(20), time(7))
    assert shown(early, due_at(early, Rhythm.DAILY, local(early, "2026-11-30 12:00"), GATHER)) == "2026-12-01 07:00"


MOMENTS = st.integers(0, 3 * 366 * 24 * 60).map(
    lambda minutes: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
TIMES = st.times().map(lambda found: found.replace(second=0, microsecond=0))
CLOCKS = st.builds(
    Clock,
    st.sampled_from(["America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Apia"]).map(ZoneInfo),
    TIMES,
    TIMES,
    TIMES,
    st.booleans(),
)


@given(CLOCKS, MOMENTS)
def test_hold_ends_soon_outside_quiet_hours_and_never_before(clock, at):
    until = clock.held_until(at)
    assert at <= until <= at + timedelta(days=5)
    assert clock.held_until(until) == until


@given(CLOCKS, MOMENTS, st.sampled_from([Rhythm.AT_ONCE, Rhythm.HOURLY, Rhythm.DAILY]))
def test_due_is_later_and_never_in_quiet_hours(clock, at, rhythm):
    due = due_at(clock, rhythm, at, GATHER)
    assert due > at
    assert clock.held_until(due) == due


def test_clock_of_a_person_who_set_nothing_is_the_firms():
    assert clock_of(None, "America/Chicago") == Clock(ZoneInfo("America/Chicago"))
    mine = NotificationSetting(user_id=1, unsubscribe_key="", time_zone="Asia/Tokyo", quiet_from=time(22))
    assert clock_of(mine, "America/Chicago").zone.key == "Asia/Tokyo"


def test_known_zones_begin_at_home():
    assert zone_names()[0] == "America/New_York"
    assert len(set(zone_names())) == len(zone_names())
    assert known_zone(" America/Denver ") == "America/Denver"
    assert known_zone("") == ""


@pytest.mark.parametrize("name", ["Mars/Olympus", "../../etc/passwd", "EST5EDT", "america/denver", "x" * 500])
def test_unknown_zones_are_refused(name):
    with pytest.raises(InvalidInputError, match=r"no time zone\. Nothing was changed"):
        known_zone(name)
