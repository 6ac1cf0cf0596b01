"""Opening hours, pace and the fast lane of a profile's draft, as people type them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from sqlmodel import Session

from carriers.traffic import OpeningHours, OpenTime, Pace
from core.errors import InvalidInputError, WrongStateError
from models import Carrier, Site, SiteAccount
from models.enums import Role
from services.access import require
from services.actor import Actor
from services.lifecycle import get
from services.sites.profile_drafts import Document

TIME_ZONES = (
    "America/New_York", "America/Chicago", "America/Denver", "America/Phoenix", "America/Los_Angeles",
    "America/Anchorage", "Pacific/Honolulu", "Europe/London", "UTC",
)  # fmt: skip
_WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_EVERY_DAY = re.compile(r"(?i)^(?:every day|daily)\b")
_LINE = re.compile(r"^(?P<days>[A-Za-z,\s-]+?)\s+(?P<opens>\d{1,2}:\d{2})\s*(?:-|to)\s*(?P<closes>\d{1,2}:\d{2})$")
_EXAMPLE = "Write it as “Mon-Fri 08:00-20:00”. Nothing was changed."
_MOST_LINES = 21


@dataclass(frozen=True)
class Traffic:
    """Hours and pace as typed; `hours` one a line, '' at any time; numbers '' where nothing limits."""

    time_zone: str = TIME_ZONES[0]
    hours: str = ""
    seconds_between_files: str = ""
    files_per_hour: str = ""
    batch_size: str = ""
    one_at_a_time: bool = True


def traffic_of(document: Document) -> Traffic:
    """Return the hours and the pace of a draft."""
    site = _site(document)
    hours, pace = _object(site, "opening_hours"), _object(site, "pace")
    times = hours.get("times")
    return Traffic(
        time_zone=str(hours.get("time_zone") or TIME_ZONES[0]),
        hours="\n".join(_said(one) for one in times if isinstance(one, dict)) if isinstance(times, list) else "",
        seconds_between_files=_number_text(pace.get("seconds_between_files")),
        files_per_hour=_number_text(pace.get("files_per_hour")),
        batch_size=_number_text(site.get("batch_size")),
        one_at_a_time=bool(site.get("one_session_at_a_time", True)),
    )


def with_traffic(document: Document, form: Mapping[str, str]) -> Document:
    """Return the draft with other hours and another pace.

    Raises:
        InvalidInputError: a field is not understood; it is named.
    """
    hours = _hours(form.get("time_zone", ""), form.get("hours", ""))
    pace = {
        "seconds_between_files": _whole(form, "seconds_between_files", "Seconds between two files", 3600) or 0,
        "files_per_hour": _whole(form, "files_per_hour", "Files an hour", 10_000),
    }
    changed = {
        "opening_hours": hours,
        "pace": Pace.model_validate(pace).model_dump(mode="json"),
        "batch_size": _whole(form, "batch_size", "Files a visit", 1000),
        "one_session_at_a_time": form.get("one_at_a_time") in {"on", "true"},
    }
    return {**document, "site": {**_site(document), **changed}}


def asks_for_forms(document: Document) -> bool:
    """Whether a draft asks for the fast lane."""
    return bool(_site(document).get("form_lane", False))


def switch_form_lane(session: Session, actor: Actor, *, carrier_id: int, document: Document, is_on: bool) -> Document:
    """Return the draft with the fast lane asked for, or not any more.

    Raises:
        DeniedError: the actor is no admin.
        WrongStateError: nobody at the carrier is recorded who consented to it.
    """
    require(actor, Role.ADMIN, what="The fast lane")
    carrier: Carrier = get(session, Carrier, carrier_id)
    account: SiteAccount = get(session, SiteAccount, carrier.site_account_id)
    site: Site = get(session, Site, account.site_id)
    if is_on and not site.form_lane_allowed_by:
        raise WrongStateError(
            f"Nobody at {site.name} is recorded who consented to the fast lane. It stays off; record the consent first."
        )
    return {**document, "site": {**_site(document), "form_lane": is_on}}


def _hours(time_zone: str, text: str) -> dict[str, Any] | None:
    lines = [(at, line.strip()) for at, line in enumerate(text.splitlines(), 1) if line.strip()]
    if not lines:
        return None
    if len(lines) > _MOST_LINES:
        raise InvalidInputError(f"Opening hours have at most {_MOST_LINES} lines. Nothing was changed.")
    times = [_time(at, line) for at, line in lines]
    try:
        made = OpeningHours.model_validate({"time_zone": time_zone.strip()[:60], "times": times})
    except ValidationError as wrong:
        raise InvalidInputError(f"Time zone: {_what(wrong)}. Nothing was changed.") from wrong
    return made.model_dump(mode="json")


def _time(at: int, line: str) -> dict[str, Any]:
    place = f"Opening hours, line {at}"
    found = _LINE.match(_EVERY_DAY.sub("Mon-Sun", line.replace("\N{EN DASH}", "-")))
    if found is None:
        raise InvalidInputError(f"{place}: “{line[:60]}” is not understood. {_EXAMPLE}")
    days = list(dict.fromkeys(_days(place, found["days"])))
    opens, closes = (f"{one:0>5}" for one in (found["opens"], found["closes"]))
    try:
        return OpenTime.model_validate({"days": days, "opens": opens, "closes": closes}).model_dump(mode="json")
    except ValidationError as wrong:
        said = "there is no such time of day" if "pattern" in str(wrong) else _what(wrong)
        raise InvalidInputError(f"{place}: {said}. Nothing was changed.") from wrong


def _days(place: str, text: str) -> Iterator[str]:
    for part in re.sub(r"\s*-\s*", "-", text).replace(",", " ").split():
        names = [one.lower()[:3] for one in part.split("-")]
        if not 1 <= len(names) <= 2 or any(name not in _WEEK for name in names):  # noqa: PLR2004 -- from and to
            raise InvalidInputError(f"{place}: “{part[:30]}” is no weekday. {_EXAMPLE}")
        first, last = _WEEK.index(names[0]), _WEEK.index(names[-1])
        count = (last - first) % len(_WEEK) + 1
        yield from (_WEEK[(first + step) % len(_WEEK)] for step in range(count))


def _said(one: Mapping[str, Any]) -> str:
    """Return a time as people write it: 'Mon-Fri 08:00-20:00'."""
    at = [_WEEK.index(day) for day in one.get("days") or () if day in _WEEK]
    runs: list[list[int]] = []
    for day in sorted(at):
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    names = [_WEEK[run[0]].capitalize() + (f"-{_WEEK[run[-1]].capitalize()}" if len(run) > 1 else "") for run in runs]
    return f"{', '.join(names)} {one.get('opens', '')}-{one.get('closes', '')}"


def _whole(form: Mapping[str, str], name: str, title: str, most: int) -> int | None:
    text = form.get(name, "").strip()
    if not text:
        return None
    is_whole = text.isascii() and text.isdigit() and len(text) <= len(str(most))
    if not is_whole or not 1 <= int(text) <= most:
        message = f"{title}: “{text[:20]}” is no whole number from 1 to {most:,}. Nothing was changed."
        raise InvalidInputError(message)
    return int(text)


def _number_text(value: object) -> str:
    return f"{value:g}" if isinstance(value, int | float) and value else ""


def _what(wrong: ValidationError) -> str:
    return wrong.errors()[0]["msg"].removeprefix("Value error, ")


def _site(document: Document) -> dict[str, Any]:
    return _object(document, "site")


def _object(document: Mapping[str, Any], name: str) -> dict[str, Any]:
    found = document.get(name)
    return found if isinstance(found, dict) else {}
