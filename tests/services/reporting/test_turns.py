"""Turns of reports by mail: named once, beginning on Monday or the first by the reader's own clock."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.enums import Cadence
from services.notifications.quiet_hours import Clock
from services.reporting.turns import next_turn, turn_at

NEW_YORK = Clock(ZoneInfo("America/New_York"))
UTC_CLOCK = Clock(ZoneInfo("UTC"))


@pytest.mark.parametrize(
    ("cadence", "at", "slot", "begins"),
    [
        (Cadence.WEEKLY, "2026-11-25 10:00", "2026-W48", "2026-11-23 08:00"),
        (Cadence.WEEKLY, "2026-11-23 08:00", "2026-W48", "2026-11-23 08:00"),
        (Cadence.WEEKLY, "2026-11-23 07:59", "2026-W47", "2026-11-16 08:00"),
        (Cadence.WEEKLY, "2027-01-01 12:00", "2026-W53", "2026-12-28 08:00"),
        (Cadence.MONTHLY, "2026-11-30 23:00", "2026-11", "2026-11-01 08:00"),
        (Cadence.MONTHLY, "2026-12-01 07:59", "2026-11", "2026-11-01 08:00"),
        (Cadence.MONTHLY, "2026-12-01 08:00", "2026-12", "2026-12-01 08:00"),
    ],
)
def test_an_instant_belongs_to_one_turn(cadence, at, slot, begins):
    turn = turn_at(cadence, UTC_CLOCK, datetime.fromisoformat(at).replace(tzinfo=UTC))
    assert (turn.slot, f"{turn.begins_at:%Y-%m-%d %H:%M}") == (slot, begins)


def test_a_turn_begins_by_the_readers_clock():
    monday_in_new_york = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)
    assert turn_at(Cadence.WEEKLY, NEW_YORK, monday_in_new_york).slot == "2026-W48"
    assert turn_at(Cadence.WEEKLY, NEW_YORK, monday_in_new_york - timedelta(minutes=1)).slot == "2026-W47"


@given(
    at=st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 -- zone given beside
    cadence=st.sampled_from(Cadence),
    zone=st.sampled_from(["America/New_York", "Pacific/Honolulu", "Asia/Kolkata", "Europe/Berlin", "UTC"]),
    daily_at=st.times(),
)
def test_turns_follow_each_other_without_a_gap(at, cadence, zone, daily_at):
    clock = Clock(ZoneInfo(zone), daily_at=daily_at.replace(tzinfo=None, fold=0))
    this, following = turn_at(cadence, clock, at), next_turn(cadence, clock, at)
    assert this.begins_at <= at < following.begins_at
    assert turn_at(cadence, clock, following.begins_at) == following
    assert this.slot != following.slot


def test_time_of_day_may_be_the_last_minute():
    clock = Clock(ZoneInfo("UTC"), daily_at=time(23, 59))
    assert turn_at(Cadence.MONTHLY, clock, datetime(2026, 12, 1, tzinfo=UTC)).slot == "2026-11"
