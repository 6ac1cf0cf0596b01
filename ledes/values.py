"""Single values as LEDES writes them: texts, dates and numbers, read with every fault named."""

import re
from datetime import date
from decimal import Decimal
from functools import lru_cache

from ledes.characters import NoAsciiTwinError, character_name, is_clean, transliterate
from ledes.fields import FIELD
from ledes.findings import FindingCode, Problem

_NUMBER = re.compile(r"-?(?=\.?[0-9])([0-9]*)(?:\.([0-9]*))?", re.ASCII)
_DATE = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})", re.ASCII)
_SHOWN = 40

Problems = tuple[Problem, ...]


def problem(code: FindingCode, field: str, message: str, fix: str) -> Problem:
    """Return a fault of `field`, its name put before the message."""
    return Problem(
        code,
        field,
        f"{field} {message}",
        fix,
        is_warning=FIELD[field].required == "practice" and code is FindingCode.REQUIRED_MISSING,
        column=FIELD[field].position,
    )


def shown(text: str) -> str:
    """Return a value quoted for a message, shortened."""
    return repr(text if len(text) <= _SHOWN else f"{text[:_SHOWN]}...")


@lru_cache(maxsize=16384)
def read_date(text: str, field: str) -> tuple[date | None, Problems]:
    """Return the day written YYYYMMDD, or None with the faults."""
    if blank := blank_problems(text, field):
        return None, blank
    if found := _DATE.fullmatch(text):
        try:
            return date(*map(int, found.groups())), ()
        except ValueError:
            message = f"is {text}, a day that the calendar does not have."
            return None, (problem(FindingCode.BAD_DATE, field, message, "Give a real day as YYYYMMDD."),)
    fix = "Write eight digits, YYYYMMDD, as in 20260131."
    return None, (problem(FindingCode.BAD_DATE, field, f"is {shown(text)}, which is not a date.", fix),)


@lru_cache(maxsize=16384)
def read_number(text: str, field: str) -> tuple[Decimal | None, Problems]:
    """Return the exact number, or None with the faults; a number too long for its field is still returned."""
    if blank := blank_problems(text, field):
        return None, blank
    found = _NUMBER.fullmatch(text)
    if found is None:
        fix = "Write digits with at most one point and a leading minus: no spaces, commas, $ or brackets."
        return None, (problem(FindingCode.BAD_NUMBER, field, f"is {shown(text)}, which is not a number.", fix),)
    return Decimal(text), _digit_problems(text, field, found[1].lstrip("0"), (found[2] or "").rstrip("0"))


def _digit_problems(text: str, name: str, whole: str, fraction: str) -> Problems:
    field = FIELD[name]
    if len(whole) > field.length:
        message = f"is {shown(text)}, more than {field.length} digits before the point."
        return (problem(FindingCode.TOO_LONG, name, message, "Correct the amount."),)
    if len(fraction) > field.decimals:
        message = f"is {shown(text)}, more than {field.decimals} decimals."
        return (problem(FindingCode.TOO_MANY_DECIMALS, name, message, f"Round to {field.decimals} decimals."),)
    if field.type == "money" and len(fraction) > 2:  # noqa: PLR2004 -- dollars have cents
        message = f"is {shown(text)}, which holds a fraction of a cent."
        return (problem(FindingCode.FRACTION_OF_CENT, name, message, "Round the line to whole cents."),)
    return ()


def blank_problems(text: str, name: str) -> Problems:
    """Name the fault of a value that is blank though required, or the word NULL."""
    if text == "" and FIELD[name].required in {"yes", "practice", "by type"}:
        return (problem(FindingCode.REQUIRED_MISSING, name, "is blank.", f"Give the {_plain(name)}."),)
    if text.upper() == "NULL":
        return (problem(FindingCode.NULL_WORD, name, "holds the word NULL.", "Leave it empty between the pipes."),)
    return ()


def text_problems(text: str, name: str) -> Problems:
    """Name the faults of a text: blank, NULL, too long, spaces around it. Characters are looked at apart."""
    field = FIELD[name]
    if field.required != "by type" and (blank := blank_problems(text, name)):
        return blank
    found: list[Problem] = []
    if text.upper() == "NULL":
        found += blank_problems(text, name)
    if len(text) > field.length:
        message = f"has {len(text)} characters; {field.length} is the most."
        found.append(problem(FindingCode.TOO_LONG, name, message, f"Shorten it to {field.length} characters."))
    if text != text.strip():
        found.append(problem(FindingCode.PADDED_VALUE, name, "has spaces around it.", "Remove the spaces."))
    return tuple(found)


def character_problems(text: str, name: str) -> Problems:
    """Name the characters of a value that LEDES cannot carry; of a whole record when `name` is ''."""
    if is_clean(text):
        return ()
    foreign = dict.fromkeys(character for character in text if not is_clean(character))
    return tuple(_character_problem(character, name) for character in foreign)


def _character_problem(character: str, name: str) -> Problem:
    code = FindingCode.FORBIDDEN_CHARACTER if character.isascii() else FindingCode.NON_ASCII
    label = (
        f"{shown(character)} ({character_name(character)})" if character.isprintable() else character_name(character)
    )
    try:
        twin = transliterate(character)[0]
        fix = f"Write {shown(twin)} in its place." if twin else "Remove it; it is invisible."
    except NoAsciiTwinError:
        fix = "Retype that part; no ASCII character stands for it."
    return Problem(
        code, name, f"{name or 'The record'} holds {label}.", fix, column=FIELD[name].position if name else 0
    )


def _plain(name: str) -> str:
    return name.replace("_", " ").lower()
