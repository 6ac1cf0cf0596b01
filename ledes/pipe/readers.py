"""The readers of single values under one carrier's limits, each remembering what it has read."""

from datetime import date
from decimal import Decimal
from functools import partial
from typing import Final

from ledes.file_format import STANDARD, FileFormat
from ledes.findings import Problem
from ledes.formats import LedesFormat
from ledes.pipe.amounts import Amounts, read_amounts, sound_number
from ledes.pipe.codes import read_codes, read_timekeeper
from ledes.pipe.heads import Head, HeadTexts, head_values, read_head
from ledes.pipe.layout import LAYOUTS, Field, Layout
from ledes.pipe.limits import Limits, limits_of
from ledes.pipe.memory import Faults, Memory
from ledes.pipe.values import read_date, text_problems

_MOST_CARRIERS: Final = 16
_FIGURES: Final = ("LINE_ITEM_NUMBER_OF_UNITS", "LINE_ITEM_ADJUSTMENT_AMOUNT", "LINE_ITEM_TOTAL", "LINE_ITEM_UNIT_COST")
_READ_BY: Final = {
    "max_length", "max_decimals", "required", "math_tolerance", "outside_period", "future_dates", "classifications",
    "timekeeper_name", "allows_many_invoices", "max_bytes",
}  # fmt: skip


class Readers:
    """Readers of one format under one carrier's limits.

    Attributes:
        codes: of type, task, expense and activity.
        timekeepers: of type, id, name, classification, in 98BI also last and first name.
        amounts: of units, adjustment, total, unit cost and type, in 98BI also tax rate and tax.
        sound: of units, adjustment, total and unit cost each alone, where nothing is wrong with it.
    """

    def __init__(self, limits: Limits, most: int) -> None:
        field = limits.field
        self.limits = limits
        self.layout: Layout = limits.layout
        self.has_taxes = limits.layout.has_taxes
        self.head_columns = tuple(field.position - 1 for field in limits.head_fields)
        last = len(limits.layout.fields) - limits.layout.trailing
        self.inner_head_columns = tuple(at for at in self.head_columns if limits.layout.leading <= at < last)
        self.heads: Memory[HeadTexts, Head] = Memory(partial(read_head, limits=limits, values=head_values(limits)), 64)
        self.codes: Faults[tuple[str, ...], Problem] = Faults(partial(read_codes, limits=limits), most)
        self.timekeepers: Faults[tuple[str, ...], Problem] = Faults(partial(read_timekeeper, limits=limits), most)
        self.amounts: Memory[tuple[str, ...], Amounts] = Memory(partial(read_amounts, limits=limits), most)
        self.sound: tuple[Memory[str, Decimal], ...] = tuple(
            Memory(partial(sound_number, field=field[name]), most) for name in _FIGURES
        )
        self.days: Memory[str, date | None] = Memory(partial(_read_day, field=field["LINE_ITEM_DATE"]), most)
        self.numbers: Faults[str, Problem] = Faults(partial(text_problems, field=field["LINE_ITEM_NUMBER"]), most)
        tax_type = field.get("LINE_ITEM_TAX_TYPE")
        self.tax_types: Faults[str, Problem] = Faults(
            partial(text_problems, field=tax_type or field["CLIENT_ID"]), most
        )


def _read_day(text: str, field: Field) -> date | None:
    return read_date(text, field)[0]


def readers_of(layout: Layout, file_format: FileFormat = STANDARD) -> Readers:
    """Return the readers of a format under a carrier's limits; carriers that read alike share theirs."""
    if file_format is STANDARD:
        return _standard[layout.format]
    return _by_carrier[layout.format, file_format.model_dump_json(include=_READ_BY)]


def _of_carrier(key: tuple[LedesFormat, str]) -> Readers:
    layout, limits = key
    return Readers(limits_of(LAYOUTS[layout], FileFormat.model_validate_json(limits)), 4096)


def _of_standard(layout: LedesFormat) -> Readers:
    return Readers(limits_of(LAYOUTS[layout], STANDARD), 16_384)


_standard: Final[Memory[LedesFormat, Readers]] = Memory(_of_standard)
_by_carrier: Final[Memory[tuple[LedesFormat, str], Readers]] = Memory(_of_carrier, _MOST_CARRIERS)
