"""Days written for people made into YYYYMMDD, where the order of day and month is beyond doubt."""

import re
from datetime import date
from typing import Final

_MONTHS: Final = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_SHORTEST: Final = 3
_FORMS: Final = tuple(
    re.compile(form, re.ASCII | re.IGNORECASE)
    for form in (
        r"(?P<y>[0-9]{4})(?P<sep>[-/. ])(?P<m>[0-9]{1,2})(?P=sep)(?P<d>[0-9]{1,2})(?:[T ]00:00(?::00(?:\.0+)?)?Z?)?",
        r"(?P<d>[0-9]{1,2})[- .]{1,2}(?P<m>[a-z]{3,9})[-. ,]{1,2}(?P<y>[0-9]{4})",
        r"(?P<m>[a-z]{3,9})[. ]{1,2}(?P<d>[0-9]{1,2}),? (?P<y>[0-9]{4})",
    )
)


def plain_day(text: str) -> str | None:
    """Return the same day as YYYYMMDD: '2026-10-05', '5-Oct-2026' or 'October 5, 2026' -> '20261005'.

    None when it is no real day, or when day and month may be meant in either order, as in '10/05/2026'.
    """
    for form in _FORMS:
        if found := form.fullmatch(text.strip()):
            return _eight_digits(int(found["y"]), _month(found["m"]), int(found["d"]))
    return None


def _month(text: str) -> int:
    """Return 1 to 12 for a number, a month's name or the first letters of one; 0 for any other word."""
    if text.isdigit():
        return int(text)
    starts = [month for month, name in enumerate(_MONTHS, start=1) if name.startswith(text.lower())]
    return starts[0] if len(starts) == 1 and len(text) >= _SHORTEST else 0


def _eight_digits(year: int, month: int, day: int) -> str | None:
    try:
        return f"{date(year, month, day):%Y%m%d}" if year > 999 else None  # noqa: PLR2004 -- strftime pads no years
    except ValueError:
        return None
