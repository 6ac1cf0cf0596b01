"""What every row of an invoice repeats: dates, numbers, ids, parties and the invoice's totals."""

from datetime import date
from decimal import Decimal
from functools import partial
from itertools import chain
from operator import attrgetter
from typing import Any, Final, NamedTuple

from ledes.document import Party
from ledes.findings import FindingCode, Problem
from ledes.pipe.layout import Field
from ledes.pipe.limits import Limits
from ledes.pipe.memory import Memory
from ledes.pipe.values import Problems, character_problems, problem, read_date, read_number, shown, text_problems

_MATTER_FIELDS: Final = frozenset({"LAW_FIRM_MATTER_ID", "CLIENT_MATTER_ID"})
_TOTALS: Final = frozenset({"INVOICE_TOTAL", "INVOICE_TAX_TOTAL", "INVOICE_NET_TOTAL"})
_MOST: Final = 64
_NEEDED: Final = ("invoice_date", "billing_start_date", "billing_end_date", "invoice_total")

_attribute: Final = attrgetter("attribute")

HeadTexts = tuple[str, ...]


class Head(NamedTuple):
    """The invoice-level values of one row.

    Attributes:
        values: by attribute of `LedesInvoice`; None when one cannot be read, so that there is no document.
        invoice_date: None where it cannot be read, as with all that follow.
        tax_total: None also where the format has none or it is blank, as with `net_total`.
        problems: every fault.
    """

    values: dict[str, Any] | None
    invoice_date: date | None
    billing_start_date: date | None
    billing_end_date: date | None
    invoice_total: Decimal | None
    tax_total: Decimal | None
    net_total: Decimal | None
    problems: Problems


def head_values(limits: Limits) -> list[Memory[str, tuple[Any, Problems]]]:
    """Return the readers of the invoice-level values, in the order of their columns; many repeat in all invoices."""
    return [Memory(partial(_read, field=field), _MOST) for field in limits.head_fields]


def read_head(texts: HeadTexts, limits: Limits, values: list[Memory[str, tuple[Any, Problems]]]) -> Head:
    """Read the invoice-level values, in the order of their columns, every fault named."""
    read = [memory[text] for memory, text in zip(values, texts, strict=True)]
    values_read, faults = zip(*read, strict=True)
    value = dict(zip(map(_attribute, limits.head_fields), values_read, strict=True))
    problems = tuple(chain.from_iterable(faults))
    problems += _period_problems(value["billing_start_date"], value["billing_end_date"], limits)
    return Head(
        values=None if _is_lost(texts, value) else _with_parties(value),
        invoice_date=value["invoice_date"],
        billing_start_date=value["billing_start_date"],
        billing_end_date=value["billing_end_date"],
        invoice_total=value["invoice_total"],
        tax_total=value.get("invoice_tax_total"),
        net_total=value.get("invoice_net_total"),
        problems=problems,
    )


def _is_lost(texts: HeadTexts, value: dict[str, Any]) -> bool:
    """Tell whether a value stands there that cannot be read, or one is missing that a document needs."""
    if None not in value.values():
        return False
    unread = any(found is None and text != "" for text, found in zip(texts, value.values(), strict=True))
    return unread or any(value[name] is None for name in _NEEDED)


def _read(text: str, field: Field) -> tuple[Any, Problems]:
    if field.type == "date":
        day, problems = read_date(text, field)
        return day, problems + character_problems(text, field)
    if field.is_figure:
        number, problems = read_number(text, field)
        return number, problems + character_problems(text, field)
    return text, text_problems(text, field) + character_problems(text, field)


def _with_parties(value: dict[str, Any]) -> dict[str, Any]:
    """Gather `client.city` and the like into parties."""
    if "client.city" not in value:
        return value
    whole: dict[str, Any] = {}
    parts: dict[str, dict[str, str]] = {}
    for attribute, found in value.items():
        outer, _, inner = attribute.partition(".")
        if inner:
            parts.setdefault(outer, {})[inner] = found
        else:
            whole[attribute] = found
    return whole | {outer: Party(**inner) for outer, inner in parts.items()}


def _period_problems(start: date | None, end: date | None, limits: Limits) -> Problems:
    if start is None or end is None or start <= end:
        return ()
    message = f"is {start:%Y%m%d}, after BILLING_END_DATE {end:%Y%m%d}."
    field, fix = limits.field["BILLING_START_DATE"], "Put the earlier day first."
    return (problem(FindingCode.PERIOD_REVERSED, field, message, fix, f"{start:%Y%m%d}"),)


def differences(first: HeadTexts, other: HeadTexts, limits: Limits) -> Problems:
    """Name the invoice-level values of a row that differ from those of the invoice's first row."""
    return tuple(
        _difference(field, mine, theirs)
        for field, mine, theirs in zip(limits.head_fields, first, other, strict=True)
        if mine != theirs
    )


def _difference(field: Field, mine: str, theirs: str) -> Problem:
    message = f"is {shown(theirs)}, but the invoice's first row says {shown(mine)}."
    code, fix = FindingCode.FIELD_VARIES, "Repeat the same value on every row of the invoice."
    if field.name in _TOTALS:
        code, fix = FindingCode.TOTAL_VARIES, "Repeat the invoice's total on every row of it."
    if field.name in _MATTER_FIELDS:
        code, fix = FindingCode.TWO_MATTERS, "Bill each matter on an invoice of its own."
    return problem(code, field, message, fix, theirs)
