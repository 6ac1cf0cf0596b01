"""A person's clock: when quiet hours end, when a digest is due. Pure; instants go in and come out in UTC."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from core.errors import InvalidInputError
from models import NotificationSetting
from models.enums import Rhythm

_SATURDAY = 5
_WEEKEND_DAYS = 2


@dataclass(frozen=True)
class Clock:
    """When a person may be disturbed. Quiet hours run from one time of day to another, over midnight too."""

    zone: ZoneInfo
    daily_at: time = time(8, 0)
    quiet_from: time | None = None
    quiet_until: time | None = None
    is_quiet_on_weekends: bool = False

    def held_until(self, at: datetime) -> datetime:
        """Return the first instant from `at` on at which the person may be disturbed; `at` itself outside quiet hours.

        An end of quiet hours that lies in a quiet weekend leads on to the end of that.
        """
        while (end := self._quiet_end(at)) is not None:
            at = end
        return at

    def next_hour(self, at: datetime) -> datetime:
        """Return the next full hour on the person's clock."""
        local = at.astimezone(self.zone)
        passed = timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
        return at - passed + timedelta(hours=1)

    def next_daily(self, at: datetime) -> datetime:
        """Return the next time that the person's daily digest is due."""
        return self._next(at, self.daily_at)

    def _quiet_end(self, at: datetime) -> datetime | None:
        local = at.astimezone(self.zone)
        if self.is_quiet_on_weekends and local.weekday() >= _SATURDAY:
            monday = local.date() + timedelta(days=_SATURDAY + _WEEKEND_DAYS - local.weekday())
            return self._instant(monday, time(0))
        if self.quiet_from is None or self.quiet_until is None:
            return None
        return self._next(at, self.quiet_until) if self._is_within(local.time()) else None

    def _is_within(self, moment: time) -> bool:
        begins, ends = self.quiet_from or time(0), self.quiet_until or time(0)
        if begins <= ends:
            return begins <= moment < ends
        return moment >= begins or moment < ends

    def _next(self, at: datetime, wanted: time) -> datetime:
        """Return the next instant at which the person's clock shows a time; it may show one twice, when set back."""
        today = at.astimezone(self.zone).date()
        instants = (self._instant(today + timedelta(days=days), wanted, fold) for days in range(3) for fold in range(2))
        return next(one for one in instants if one > at)

    def _instant(self, on: date, wanted: time, fold: int = 0) -> datetime:
        return datetime.combine(on, wanted.replace(fold=fold), tzinfo=self.zone).astimezone(UTC)


def clock_of(setting: NotificationSetting | None, firm_zone: str) -> Clock:
    """Return a person's clock; without a setting, or without a zone of their own, the firm's."""
    if setting is None:
        return Clock(ZoneInfo(firm_zone))
    return Clock(
        ZoneInfo(setting.time_zone or firm_zone),
        setting.daily_at,
        setting.quiet_from,
        setting.quiet_until,
        setting.is_quiet_on_weekends,
    )


def due_at(clock: Clock, rhythm: Rhythm, at: datetime, gather: timedelta) -> datetime:
    """Return when a message of a rhythm is due that begins to gather notices at `at`, quiet hours kept."""
    match rhythm:
        case Rhythm.HOURLY:
            due = clock.next_hour(at)
        case Rhythm.DAILY:
            due = clock.next_daily(at)
        case _:
            due = at + gather
    return clock.held_until(due)


@lru_cache(maxsize=1)
def zone_names() -> tuple[str, ...]:
    """Return every time zone by name, those of the United States first."""
    names = sorted(name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "posix/")))
    here = [f"America/{city}" for city in ("New_York", "Chicago", "Denver", "Los_Angeles", "Phoenix", "Anchorage")]
    first = [name for name in (*here, "Pacific/Honolulu") if name in names]
    return (*first, *(name for name in names if name not in first))


def known_zone(name: str) -> str:
    """Return a time zone's name, '' for the firm's.

    Raises:
        InvalidInputError: there is no such time zone.
    """
    wanted = name.strip()
    if wanted and wanted not in zone_names():
        raise InvalidInputError(
            f"“{wanted[:60]}” is no time zone. Nothing was changed; choose one, as America/Chicago."
        )
    return wanted
