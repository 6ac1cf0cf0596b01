"""When a site may be visited and how fast files may follow one another: data of a profile, and the clock's answer."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, field_validator, model_validator

from carriers.steps import Part

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
_WEEK: tuple[Day, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_Opens = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
_Closes = Annotated[str, Field(pattern=r"^(([01]\d|2[0-3]):[0-5]\d|24:00)$")]


class OpenTime(Part):
    """A time of day on some weekdays, as in 08:00 to 20:00; a night is two of them, '24:00' is the end of a day."""

    days: tuple[Day, ...] = Field(min_length=1)
    opens: _Opens
    closes: _Closes

    @model_validator(mode="after")
    def _closes_later(self) -> Self:
        if self.closes <= self.opens:
            message = f"closes at {self.closes}, which is not after {self.opens}; write a night as two times"
            raise ValueError(message)
        return self

    def holds(self, local: datetime) -> bool:
        """Whether a local instant lies in it."""
        return _WEEK[local.weekday()] in self.days and self.opens <= f"{local:%H:%M}" < self.closes

    def begins_on(self, day: date, zone: ZoneInfo) -> datetime | None:
        """Return when it begins on a day; None when it does not."""
        if _WEEK[day.weekday()] not in self.days:
            return None
        return datetime.combine(day, time.fromisoformat(self.opens), zone)


class OpeningHours(Part):
    """When machines may work on the site, by the clock of its own time zone."""

    time_zone: str
    times: tuple[OpenTime, ...] = Field(min_length=1)

    @field_validator("time_zone")
    @classmethod
    def _known(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError) as unknown:
            message = f"is no time zone: {name[:60]!r}; write one as 'America/New_York'"
            raise ValueError(message) from unknown
        return name

    def is_open(self, at: datetime) -> bool:
        """Whether an instant lies in the hours."""
        local = at.astimezone(ZoneInfo(self.time_zone))
        return any(one.holds(local) for one in self.times)

    def next_opening(self, at: datetime) -> datetime:
        """Return the first opening after an instant, by the site's own clock."""
        zone = ZoneInfo(self.time_zone)
        first = at.astimezone(zone).date()
        openings = (
            begin
            for days in range(9)
            for one in self.times
            if (begin := one.begins_on(first + timedelta(days=days), zone)) is not None
        )
        return min(begin for begin in openings if begin.astimezone(UTC) > at)


class Pace(Part):
    """How fast files of one account may follow one another, counted at the click that sends them."""

    seconds_between_files: float = Field(default=0, ge=0, le=3600)
    files_per_hour: int | None = Field(default=None, ge=1, le=10_000)
