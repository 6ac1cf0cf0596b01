"""What stands in a page's address."""

from datetime import date
from enum import StrEnum
from typing import TypeVar
from urllib.parse import urlencode

_LONGEST_NUMBER = 18
Choice = TypeVar("Choice", bound=StrEnum)


def number_in(path: str) -> int | None:
    """Return the number at the end of a path, as in '/invoices/12'; None where there is none."""
    last = path.rstrip("/").rpartition("/")[2]
    return as_number(last)


def number_before(path: str, last: str) -> int | None:
    """Return the number before a path's last part, as in '/carriers/3/guidelines'; None where there is none."""
    before, slash, found = path.rstrip("/").rpartition("/")
    return number_in(before) if slash and found == last else None


def as_number(text: str) -> int | None:
    """Return a number that stands in an address; None for anything else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _LONGEST_NUMBER else None


def as_day(text: str) -> date | None:
    """Return a day as in '2026-10-31'; None for anything else."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def as_choice(vocabulary: type[Choice], text: str) -> Choice | None:
    """Return the member of a closed vocabulary; None for anything else."""
    return vocabulary(text) if text in list(vocabulary) else None


def query(values: dict[str, str]) -> str:
    """Return '?a=b&c=d' of the values that are not empty, or ''."""
    given = {name: value for name, value in values.items() if value}
    return f"?{urlencode(given)}" if given else ""
