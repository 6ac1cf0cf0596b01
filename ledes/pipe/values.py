"""Single values between pipes: texts, dates and numbers, read with every fault named."""

import re
from datetime import date
from decimal import Decimal
from typing import Final

from ledes.characters import NoAsciiTwinError, character_name, is_clean, transliterate
from ledes.findings import FindingCode, Problem
from ledes.pipe.layout import Field

_NUMBER: Final = re.compile(r"-?(?=\.?[0-9])([0-9]*)(?:\.([0-9]*))?", re.ASCII)
_DATE: Final = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})", re.ASCII)
_SHAPES: Final = {
    "currency": (FindingCode.BAD_CURRENCY, r"[A-Z]{3}", "three capital letters of ISO 4217, as in USD"),
    "country": (FindingCode.BAD_COUNTRY, r"[A-Z]{2,3}", "two or three capital letters of ISO 3166, as in US"),
    "account": (FindingCode.BAD_ACCOUNT_TYPE, r"[OT]", "O for the client's own account or T for a third party's"),
}
_SHOWN: Final = 40
_ALWAYS: Final = frozenset({"yes", "practice", "by type"})

Problems = tuple[Problem, ...]


def problem(code: FindingCode, field: Field, message: str, fix: str, value: str = "") -> Problem:
    """Return a fault of `field`, its name put before the message."""
    return Problem(
        code,
        field.name,
        f"{field.name} {message}",
        fix,
        is_warning=field.required == "practice" and code is FindingCode.REQUIRED_MISSING,
        column=field.position,
        value=value,
    )


def shown(text: str) -> str:
    """Return a value quoted for a message, shortened."""
    return repr(text if len(text) <= _SHOWN else f"{text[:_SHOWN]}...")


def read_date(text: str, field: Field) -> tuple[date | None, Problems]:
    """Return the day written YYYYMMDD, or None with the faults."""
    if blank := blank_problems(text, field):
        return None, blank
    if found := _DATE.fullmatch(text):
        try:
            return date(*map(int, found.groups())), ()
        except ValueError:
            message = f"is {text}, a day that the calendar does not have."
            return None, (problem(FindingCode.BAD_DATE, field, message, "Give a real day as YYYYMMDD.", text),)
    fix = "Write eight digits, YYYYMMDD, as in 20260131."
    return None, (problem(FindingCode.BAD_DATE, field, f"is {shown(text)}, which is not a date.", fix, text),)


def read_number(text: str, field: Field) -> tuple[Decimal | None, Problems]:
    """Return the exact number, or None with the faults; a number too long for its field is still returned."""
    found = _NUMBER.fullmatch(text)
    if found is not None:
        whole, fraction = found.groups("")
        return Decimal(text), _digit_problems(text, field, len(whole.lstrip("0")), len(fraction.rstrip("0")))
    if blank := blank_problems(text, field):
        return None, blank
    if text == "":
        return None, ()
    fix = "Write digits with at most one point and a leading minus: no spaces, commas, $ or brackets."
    return None, (problem(FindingCode.BAD_NUMBER, field, f"is {shown(text)}, which is not a number.", fix, text),)


def _digit_problems(text: str, field: Field, whole: int, fraction: int) -> Problems:
    if whole > field.length:
        message = f"is {shown(text)}, more than {field.length} digits before the point."
        return (problem(FindingCode.TOO_LONG, field, message, "Correct the amount.", text),)
    if fraction > field.decimals:
        message = f"is {shown(text)}, more than {field.decimals} decimals."
        return (problem(FindingCode.TOO_MANY_DECIMALS, field, message, f"Round to {field.decimals} decimals.", text),)
    if field.type == "money" and fraction > 2:  # noqa: PLR2004 -- dollars have cents
        message = f"is {shown(text)}, which holds a fraction of a cent."
        return (problem(FindingCode.FRACTION_OF_CENT, field, message, "Round the line to whole cents.", text),)
    return ()


def blank_problems(text: str, field: Field) -> Problems:
    """Name the fault of a value that is blank though required, or the word NULL."""
    if text == "" and field.required in _ALWAYS:
        fix = f"Give the {field.name.replace('_', ' ').lower()}."
        return (problem(FindingCode.REQUIRED_MISSING, field, "is blank.", fix),)
    if text.upper() == "NULL":
        fix = "Leave it empty between the pipes."
        return (problem(FindingCode.NULL_WORD, field, "holds the word NULL.", fix, text),)
    return ()


def text_problems(text: str, field: Field) -> Problems:
    """Name the faults of a text: blank, NULL, too long, of a wrong shape. Characters are looked at apart."""
    if text == "" and field.required == "by type":
        return ()
    if blank := blank_problems(text, field):
        return blank
    found: list[Problem] = []
    if len(text) > field.length:
        message = f"has {len(text)} characters; {field.length} is the most."
        found.append(problem(FindingCode.TOO_LONG, field, message, f"Shorten it to {field.length} characters.", text))
    if text != text.strip():
        found.append(problem(FindingCode.PADDED_VALUE, field, "has spaces around it.", "Remove the spaces.", text))
    if text and field.type in _SHAPES:
        found += _shape_problems(text, field)
    return tuple(found)


def _shape_problems(text: str, field: Field) -> Problems:
    code, pattern, wanted = _SHAPES[field.type]
    if re.fullmatch(pattern, text, re.ASCII):
        return ()
    return (problem(code, field, f"is {shown(text)}.", f"Write {wanted}.", text),)


def character_problems(text: str, field: Field | None) -> Problems:
    """Name the characters of a value that LEDES cannot carry; of a whole record when there is no field."""
    if is_clean(text):
        return ()
    foreign = dict.fromkeys(character for character in text if not is_clean(character))
    return tuple(_character_problem(character, text, field) for character in foreign)


def _character_problem(character: str, text: str, field: Field | None) -> Problem:
    code = FindingCode.FORBIDDEN_CHARACTER if character.isascii() else FindingCode.NON_ASCII
    label = (
        f"{shown(character)} ({character_name(character)})" if character.isprintable() else character_name(character)
    )
    try:
        twin = transliterate(character)[0]
        fix = f"Write {shown(twin)} in its place." if twin else "Remove it; it is invisible."
    except NoAsciiTwinError:
        fix = "Retype that part; no ASCII character stands for it."
    if field is None:
        return Problem(code, "", f"The record holds {label}.", fix, value=text)
    return problem(code, field, f"holds {label}.", fix, text)
