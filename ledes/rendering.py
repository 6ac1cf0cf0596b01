"""Values as LEDES text: dates, exact amounts, and the 24 columns of an invoice's lines."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from operator import attrgetter
from typing import Final

from core.money import CENT
from ledes.document import LedesInvoice
from ledes.heads import HeadTexts
from ledes.memory import Memory

_NO_NUMBER: Final = str(None)
_value: Final = attrgetter("_value_")  # `value` itself is a property that costs more than the rest of the row
_MOST_DIGITS: Final = 20  # beyond this `quantize` has no room; no field is as long


def head_columns(invoice: LedesInvoice) -> HeadTexts:
    """Return the ten invoice-level texts: columns 1 to 8, 20 and 24."""
    return (
        day_text(invoice.invoice_date),
        invoice.invoice_number,
        invoice.client_id,
        invoice.law_firm_matter_id,
        number_text(invoice.invoice_total),
        day_text(invoice.billing_start_date),
        day_text(invoice.billing_end_date),
        invoice.invoice_description,
        invoice.law_firm_id,
        invoice.client_matter_id,
    )


def columns_of(head: HeadTexts, invoice: LedesInvoice) -> list[Sequence[str]]:
    """Return the 24 columns of an invoice that has lines, each with one text a line."""
    count = len(invoice.lines)
    numbers, kinds, days, units, costs, totals, adjustments, *texts = zip(*invoice.lines, strict=True)
    task, expense, activity, timekeeper, description, name, classification, *_ = texts
    return [
        *([text] * count for text in head[:8]),
        numbers,
        list(map(_value, kinds)),
        _numbers(units),
        _numbers(adjustments),
        _numbers(totals),
        list(_days.all_of(days)),
        task,
        expense,
        activity,
        timekeeper,
        description,
        [head[8]] * count,
        _numbers(costs),
        name,
        classification,
        [head[9]] * count,
    ]


def _numbers(column: Iterable[Decimal | None]) -> list[str]:
    """Return a column of figures; remembered by their text, since a signalling NaN cannot be looked up by itself."""
    return list(_texts.all_of(map(str, column)))


def day_text(day: date) -> str:
    """Return YYYYMMDD."""
    return f"{day.year:04}{day.month:02}{day.day:02}"


def number_text(number: Decimal) -> str:
    """Return plain digits: two decimals, or as many more as the number needs to stay exact."""
    if not number.is_finite():
        return str(number)
    if number == 0:
        return "0.00"
    in_cents = number.quantize(CENT) if number.adjusted() < _MOST_DIGITS else number
    return f"{in_cents:f}" if in_cents == number else f"{number.normalize():f}"


def _normal_text(text: str) -> str:
    return "" if text == _NO_NUMBER else number_text(Decimal(text))


_days: Final = Memory(day_text)
_texts: Final = Memory(_normal_text)
