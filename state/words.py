"""Dates, amounts and numbers in the words that people read on a screen, and back."""

from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from core.clock import now, today
from core.errors import InvalidInputError
from core.money import to_decimal

_LONGEST_NUMBER = 18
_NEAR_DAYS = 6


@lru_cache(maxsize=4096)
def day(value: date) -> str:
    """Return a day: '9 Nov 2026'."""
    return f"{value.day} {value:%b %Y}"


def moment(value: datetime) -> str:
    """Return an instant to the minute: '9 Nov 2026, 14:05'."""
    return f"{day(value)}, {value:%H:%M}"


def opening(value: datetime) -> str:
    """Return when a closed site opens, by its own clock: 'Opens at 08:00 (New York)', 'Opens Mon at 08:00 (…)'."""
    place = str(value.tzinfo).rsplit("/", 1)[-1].replace("_", " ")
    is_today = value.date() == now().astimezone(value.tzinfo).date()
    weekday = "" if is_today else f"{value:%a} "
    return f"Opens {weekday}at {value:%H:%M} ({place})"


def due(value: date) -> str:
    """Return how far off a due day is: '3 days overdue', 'Due today', 'Due Fri 27 Nov'."""
    days = (value - today()).days
    if days < 0:
        return f"{counted(-days, 'day')} overdue"
    if days <= 1:
        return "Due tomorrow" if days else "Due today"
    return f"Due {value:%a} {value.day} {value:%b}" if days <= _NEAR_DAYS else f"Due {value.day} {value:%b}"


def password_end(value: date) -> str:
    """Return until when a password is good: 'Ends 27 Dec 2026', 'Ends today', 'Ended 9 Nov 2026'."""
    days = (value - today()).days
    if days == 0:
        return "Ends today"
    return f"{'Ends' if days > 0 else 'Ended'} {day(value)}"


def counted(count: int, noun: str, many: str = "") -> str:
    """Return a count with its noun: '1 line', '1,204 lines'; `many` where more than one is spelt otherwise."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {many or f'{noun}s'}"


def units(value: Decimal) -> str:
    """Return hours or a count as people write them: '1.5', '12'; at least one decimal is kept where there is one."""
    text = f"{value.normalize():f}"
    return text if "." in text else f"{text}.0"


def whole_number(text: str) -> int:
    """Return an id or a version that came back from a page.

    Raises:
        InvalidInputError: it is not one.
    """
    if not (text.isascii() and text.isdecimal() and len(text) <= _LONGEST_NUMBER):
        raise InvalidInputError("The page sent something that cannot be read. Nothing was changed; reload the page.")
    return int(text)


def day_typed(text: str) -> date:
    """Return a day that came from a form.

    Raises:
        InvalidInputError: it is none.
    """
    try:
        return date.fromisoformat(text.strip())
    except ValueError as wrong:
        message = f"“{text.strip()[:30]}” is no day. Nothing was changed; choose one, as in 2026-12-31."
        raise InvalidInputError(message) from wrong


def number_typed(text: str, what: str) -> Decimal:
    """Return a number somebody typed, with or without '$' and thousands commas; `what` names the field.

    Raises:
        InvalidInputError: it is no number.
    """
    plain = text.strip().removeprefix("$").replace(",", "").strip()
    try:
        return to_decimal(plain)
    except InvalidInputError as wrong:
        message = f"“{text.strip()}” is no number for {what}. Nothing was changed; give digits, as in 1.5."
        raise InvalidInputError(message) from wrong
