"""Single values of LEDES XML: days, figures and item numbers, each fault named."""

import re
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Final

from ledes.findings import FindingCode, Problem

Problems = tuple[Problem, ...]

_NUMBER: Final = re.compile(r"-?(?=\.?[0-9])([0-9]*)(?:\.([0-9]*))?", re.ASCII)
_ISO_DAY: Final = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", re.ASCII)
_PLAIN_DAY: Final = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})", re.ASCII)
_ITEM: Final = re.compile(r"[0-9]{1,18}", re.ASCII)
_MOST_DIGITS: Final = 12
_SHOWN: Final = 40
_LONGEST: Final = 24


def fault(
    code: FindingCode, name: str, message: str, fix: str, *, value: str = "", is_warning: bool = False
) -> Problem:
    """Return a fault of an element, its name put before the message."""
    return Problem(code, name, f"{name} {message}", fix, is_warning=is_warning, value=value)


def shown(text: str) -> str:
    """Return a value quoted for a message, shortened."""
    return repr(text if len(text) <= _SHOWN else f"{text[:_SHOWN]}...")


@lru_cache(maxsize=16384)
def read_day(text: str, name: str) -> tuple[date | None, Problems]:
    """Return the day written YYYY-MM-DD, or YYYYMMDD with a warning; None with the fault when it is neither."""
    iso, plain = _ISO_DAY.fullmatch(text), _PLAIN_DAY.fullmatch(text)
    found = iso or plain
    if found is None:
        fix = "Write it as YYYY-MM-DD, as in 2026-01-31."
        return None, (fault(FindingCode.BAD_DATE, name, f"is {shown(text)}, which is not a date.", fix, value=text),)
    try:
        day = date(*map(int, found.groups()))
    except ValueError:
        message = f"is {text}, a day that the calendar does not have."
        return None, (fault(FindingCode.BAD_DATE, name, message, "Give a real day as YYYY-MM-DD.", value=text),)
    if iso:
        return day, ()
    message = f"is {text}, written as in the formats between pipes."
    return day, (fault(FindingCode.BAD_DATE, name, message, f"Write {day}.", value=text, is_warning=True),)


@lru_cache(maxsize=65536)
def read_figure(text: str, name: str, decimals: int, is_money: bool) -> tuple[Decimal | None, Problems]:  # noqa: FBT001 -- the cache is quickest by position
    """Return the exact number, or None with the fault; one with too many digits is still returned."""
    found = _NUMBER.fullmatch(text)
    if found is None:
        fix = "Write digits with at most one point and a leading minus: no spaces, commas, $ or brackets."
        message = f"is {shown(text)}, which is not a number."
        return None, (fault(FindingCode.BAD_NUMBER, name, message, fix, value=text),)
    whole, fraction = found[1].lstrip("0"), (found[2] or "").rstrip("0")
    number = Decimal(text) if len(text) <= _LONGEST else Decimal(f"{text[: text[0] == '-']}{whole or 0}.{fraction}")
    if len(whole) > _MOST_DIGITS:
        message = f"is {shown(text)}, more than {_MOST_DIGITS} digits before the point."
        return None, (fault(FindingCode.TOO_LONG, name, message, "Correct the amount.", value=text),)
    if len(fraction) > decimals:
        message = f"is {shown(text)}, more than {decimals} decimals."
        problem = fault(FindingCode.TOO_MANY_DECIMALS, name, message, f"Round to {decimals} decimals.", value=text)
        return (number if len(fraction) <= _MOST_DIGITS else None), (problem,)
    if is_money and len(fraction) > 2:  # noqa: PLR2004 -- dollars have cents
        message = f"is {shown(text)}, which holds a fraction of a cent."
        return Decimal(text), (
            fault(FindingCode.FRACTION_OF_CENT, name, message, "Round it to whole cents.", value=text),
        )
    return number, ()


def read_item(text: str) -> int | None:
    """Return a file_item_nbr, or None when it is no whole number of at most 18 digits."""
    return int(text) if _ITEM.fullmatch(text) else None
