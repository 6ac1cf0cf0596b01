"""What every row of an invoice repeats: dates, numbers, ids and the invoice's total."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Final, NamedTuple

from ledes.fields import FIELD, FIELDS
from ledes.findings import FindingCode, Problem
from ledes.values import Problems, character_problems, problem, read_date, read_number, shown, text_problems

HEAD_COLUMNS: Final = (0, 1, 2, 3, 4, 5, 6, 7, 19, 23)
_MATTER_FIELDS: Final = frozenset({"LAW_FIRM_MATTER_ID", "CLIENT_MATTER_ID"})

HeadTexts = tuple[str, ...]


class Head(NamedTuple):
    """The invoice-level values of one row; None where one cannot be read."""

    invoice_date: date | None
    invoice_total: Decimal | None
    billing_start_date: date | None
    billing_end_date: date | None
    problems: Problems


def first_head(columns: Sequence[Sequence[str]]) -> HeadTexts:
    """Return the ten invoice-level values of the first row of 24 columns."""
    return tuple(columns[column][0] for column in HEAD_COLUMNS)


@lru_cache(maxsize=1024)
def read_head(texts: HeadTexts) -> Head:
    """Read the ten invoice-level values, every fault named."""
    named = {FIELDS[column].name: text for column, text in zip(HEAD_COLUMNS, texts, strict=True)}
    days = [read_date(named[field], field) for field in ("INVOICE_DATE", "BILLING_START_DATE", "BILLING_END_DATE")]
    total, problems = read_number(named["INVOICE_TOTAL"], "INVOICE_TOTAL")
    problems += tuple(one for _, faults in days for one in faults)
    for field, text in named.items():
        problems += _problems(text, field)
    (invoice_date, _), (start, _), (end, _) = days
    if start and end and start > end:
        message = f"is {start:%Y%m%d}, after BILLING_END_DATE {end:%Y%m%d}."
        fix = "Put the earlier day first."
        problems += (problem(FindingCode.PERIOD_REVERSED, "BILLING_START_DATE", message, fix),)
    return Head(invoice_date, total, start, end, problems)


@lru_cache(maxsize=1024)
def _problems(text: str, field: str) -> Problems:
    in_text = text_problems(text, field) if FIELD[field].type == "text" else ()
    return in_text + character_problems(text, field)


def differences(first: HeadTexts, other: HeadTexts) -> Problems:
    """Name the invoice-level values of a row that differ from those of the invoice's first row."""
    return tuple(
        _difference(FIELDS[column].name, mine, theirs)
        for column, mine, theirs in zip(HEAD_COLUMNS, first, other, strict=True)
        if mine != theirs
    )


def _difference(field: str, mine: str, theirs: str) -> Problem:
    message = f"is {shown(theirs)}, but the invoice's first row says {shown(mine)}."
    if field == "INVOICE_TOTAL":
        return problem(FindingCode.TOTAL_VARIES, field, message, "Repeat the invoice's total on every row of it.")
    if field in _MATTER_FIELDS:
        return problem(FindingCode.TWO_MATTERS, field, message, "Bill each matter on an invoice of its own.")
    return problem(FindingCode.FIELD_VARIES, field, message, "Repeat the same value on every row of the invoice.")
