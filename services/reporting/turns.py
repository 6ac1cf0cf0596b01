"""The turns in which a report is sent: pure, by its reader's own clock. Instants go in and come out in UTC."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from models.enums import Cadence
from services.notifications.quiet_hours import Clock


@dataclass(frozen=True)
class Turn:
    """One turn: its name, as in '2026-W48' or '2026-11', and when it begins."""

    slot: str
    begins_at: datetime


def turn_at(cadence: Cadence, clock: Clock, at: datetime) -> Turn:
    """Return the turn that an instant belongs to.

    A week's begins on Monday, a month's on the first, each at the time of day at which the reader gets digests.
    """
    day = at.astimezone(clock.zone).date()
    first = _first(cadence, day)
    begins_at = _instant(clock, first)
    if begins_at > at:
        first = _first(cadence, first - timedelta(days=1))
        begins_at = _instant(clock, first)
    return Turn(_name(cadence, first), begins_at)


def next_turn(cadence: Cadence, clock: Clock, at: datetime) -> Turn:
    """Return the turn after the one that an instant belongs to."""
    this = turn_at(cadence, clock, at).begins_at.astimezone(clock.zone).date()
    beyond = timedelta(days=7) if cadence is Cadence.WEEKLY else timedelta(days=32)
    first = _first(cadence, this + beyond)
    return Turn(_name(cadence, first), _instant(clock, first))


def _first(cadence: Cadence, day: date) -> date:
    return day - timedelta(days=day.weekday()) if cadence is Cadence.WEEKLY else day.replace(day=1)


def _name(cadence: Cadence, first: date) -> str:
    if cadence is Cadence.MONTHLY:
        return f"{first:%Y-%m}"
    year, week, _ = first.isocalendar()
    return f"{year}-W{week:02}"


def _instant(clock: Clock, day: date) -> datetime:
    return datetime.combine(day, clock.daily_at, tzinfo=clock.zone).astimezone(UTC)
