"""Values as LEDES text: dates, exact amounts, and the columns of an invoice's lines."""

from datetime import date
from decimal import Decimal
from operator import attrgetter
from typing import Any, Final

from core.money import CENT
from ledes.document import LedesInvoice
from ledes.formats import LedesFormat
from ledes.pipe.heads import HeadTexts
from ledes.pipe.layout import LAYOUTS, Field, Layout
from ledes.pipe.memory import Memory

_MOST_DIGITS: Final = 20  # beyond this `quantize` has no room; no field is as long


def head_texts(invoice: LedesInvoice, layout: Layout) -> HeadTexts:
    """Return the invoice-level texts, in the order of their columns."""
    return tuple(map(value_text, _head_values[layout.format](invoice)))


def value_text(value: str | date | Decimal | None) -> str:
    """Return one value as it is written; '' for None."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    return number_text(value) if isinstance(value, Decimal) else day_text(value)


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


def _getter(layout: Layout) -> Any:  # noqa: ANN401 -- typeshed knows no itemgetter of a varying number of names
    return attrgetter(*(field.attribute for field in layout.fields if not field.is_of_line))


_head_values: Final[dict[LedesFormat, Any]] = {layout.format: _getter(layout) for layout in LAYOUTS.values()}
_day_texts: Final = Memory(day_text)
_figure_texts: Final[Memory[Decimal | None, str]] = Memory(value_text)
_kind_texts: Final = Memory(str.__str__)  # a member of an enumeration is looked up more slowly than its text


def _texts_of(field: Field) -> Memory[Any, str] | None:
    """Return what renders a line-level value; None for a text, which is written as it is."""
    if field.attribute == "exp_fee_inv_adj_type":
        return _kind_texts
    if field.type == "date":
        return _day_texts
    return _figure_texts if field.is_figure else None


texts_of: Final[dict[LedesFormat, list[tuple[int, Memory[Any, str]]]]] = {
    layout.format: [
        (field.position - 1, texts)
        for field in layout.fields
        if field.is_of_line and (texts := _texts_of(field)) is not None
    ]
    for layout in LAYOUTS.values()
}
"""By column, from 0, what renders the line-level values that are no texts."""
