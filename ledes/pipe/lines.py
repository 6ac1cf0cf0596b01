"""Rows read as line items, every fault named.

Rows are read a column at a time: the readers of single values are remembered, so a walk over a column stays in C.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import partial
from itertools import compress, repeat
from operator import add, itemgetter, mul
from typing import Any, Final, NamedTuple, cast

from ledes.document import LedesLine, LineType
from ledes.pipe.codes import LINE_TYPES
from ledes.pipe.layout import LEDES_98BI_V2, LEDES_1998B, Field
from ledes.pipe.memory import Memory
from ledes.pipe.readers import Readers
from ledes.pipe.rows import Rows
from ledes.pipe.values import Problems, character_problems, read_date, text_problems

Columns = Sequence[Sequence[str]]
Figures = tuple[Sequence[Decimal | None], ...]

AT: Final = {field.attribute: field.position - 1 for field in LEDES_98BI_V2.fields}
_FIGURES: Final = ("units", "adjustment_amount", "total", "unit_cost", "exp_fee_inv_adj_type")
_CODES: Final = ("exp_fee_inv_adj_type", "task_code", "expense_code", "activity_code")
_TIMEKEEPER: Final = ("exp_fee_inv_adj_type", "timekeeper_id", "timekeeper_name", "timekeeper_classification")
_NAMES: Final = ("timekeeper_last_name", "timekeeper_first_name")
_TEXTS: Final = ("task_code", "expense_code", "activity_code", "timekeeper_id", "description", *_TIMEKEEPER[2:])


def _columns(*attributes: str) -> "itemgetter[Any]":
    return itemgetter(*(AT[attribute] for attribute in attributes))


texts_of: Final = _columns(*_TEXTS)
figures_of: Final = {
    LEDES_1998B.format: _columns(*_FIGURES),
    LEDES_98BI_V2.format: _columns(*_FIGURES, "tax_rate", "tax_total"),
}
codes_of: Final = _columns(*_CODES)
timekeepers_of: Final = {
    LEDES_1998B.format: _columns(*_TIMEKEEPER),
    LEDES_98BI_V2.format: _columns(*_TIMEKEEPER, *_NAMES),
}

_kinds: Final = Memory(LINE_TYPES.get)
_plain_line: Final = partial(tuple.__new__, LedesLine)  # half the price of the constructor, paid a row


class Readings(NamedTuple):
    """The line-level values of the rows of one invoice, side by side; None where a value cannot be read.

    Attributes:
        figures: units, unit cost, total, adjustment, tax rate and tax of the rows, each a column.
        are_readable: whether all figures of a row could be read.
        problems: the faults of each row, in the order of their readers; nothing at all when no row has any.
    """

    kinds: Sequence[LineType | None]
    days: Sequence[date | None]
    figures: Figures
    are_readable: Sequence[bool]
    problems: Sequence[Problems]

    @property
    def totals(self) -> Sequence[Decimal]:
        """Return the total of each row; 0.00 where it cannot be read."""
        return cast(Sequence[Decimal], self.figures[2])

    @property
    def taxes(self) -> Sequence[Decimal | None]:
        """Return the tax of each row."""
        return self.figures[5]


def read_rows(readers: Readers, rows: Rows) -> Readings:
    """Read the line-level values of the rows of one invoice."""
    columns, timekeepers_in = rows.columns, timekeepers_of[readers.layout.format]
    figures, are_readable, in_figures = _read_figures(readers, columns)
    days, in_days = _read_days(readers, columns[AT["date"]])
    faults = [
        readers.codes.of_each(lambda: zip(*codes_of(columns), strict=True)),
        readers.timekeepers.of_each(lambda: zip(*timekeepers_in(columns), strict=True)),
        in_figures,
        in_days,
        readers.numbers.of_each(lambda: columns[AT["line_item_number"]]),
        _description_problems(columns[AT["description"]], readers.limits.field["LINE_ITEM_DESCRIPTION"]),
        _foreign_characters(readers, rows),
    ]
    if readers.has_taxes:
        faults.append(readers.tax_types.of_each(lambda: columns[AT["tax_type"]]))
    kinds = _kinds.all_of(columns[AT["exp_fee_inv_adj_type"]])
    return Readings(kinds, days, figures, are_readable, _merged(faults))


def _read_figures(readers: Readers, columns: Columns) -> tuple[Figures, Sequence[bool], Sequence[Problems]]:
    """Read the figures of all rows, column by column where none needs a closer look."""
    texts = figures_of[readers.layout.format](columns)
    if sound := _sound_figures(readers, texts):
        return sound, [True] * len(texts[0]), ()
    read = map(readers.amounts.__getitem__, zip(*texts, strict=True))
    *figures, are_readable, problems = zip(*read, strict=True)
    return tuple(figures), are_readable, problems


def _sound_figures(readers: Readers, texts: Columns) -> Figures | None:
    """Return the figures when each is sound and units x unit cost + adjustment is the very total on every row.

    Then there is nothing that `read_amounts` could find; taxes it always looks at.
    """
    if readers.has_taxes:
        return None
    pairs = zip(readers.sound, texts, strict=False)
    units, adjustments, totals, costs = [sound.all_of(column) for sound, column in pairs]
    made = map(mul, units, costs)
    if list(map(add, made, adjustments) if any(adjustments) else made) != totals:
        return None
    blank = [None] * len(totals)
    return units, costs, totals, adjustments, blank, blank


def _read_days(readers: Readers, texts: Sequence[str]) -> tuple[Sequence[date | None], Sequence[Problems]]:
    days = readers.days.all_of(texts)
    field = readers.limits.field["LINE_ITEM_DATE"]
    return days, () if all(days) else [read_date(text, field)[1] for text in texts]


def _merged(faults: Sequence[Sequence[Problems]]) -> list[Problems]:
    """Join what several readers found in each row; nearly always nothing at all."""
    found = [column for column in faults if any(column)]
    return [sum(each, start=()) for each in zip(*found, strict=True)]


def to_lines(readers: Readers, rows: Rows, readings: Readings) -> tuple[LedesLine, ...]:
    """Return the line items, without those of which a needed value could not be read."""
    columns, (*figures, tax_rates, taxes) = rows.columns, readings.figures
    if readers.has_taxes:
        last, first, kinds = (columns[AT[name]] for name in (*_NAMES, "tax_type"))
    else:
        last = first = kinds = [""] * len(taxes)
    numbers, texts = columns[AT["line_item_number"]], texts_of(columns)
    values = zip(
        numbers, readings.kinds, readings.days, *figures, *texts, last, first, tax_rates, taxes, kinds, strict=True
    )
    lines = map(_plain_line, values)
    needed = (readings.kinds, readings.days, readings.are_readable)
    if all(map(all, needed)):
        return tuple(lines)
    return tuple(compress(lines, map(all, zip(*needed, strict=True))))


def _description_problems(texts: Sequence[str], field: Field) -> list[Problems]:
    """Look at each text only when a look at all of them together finds one that may be at fault."""
    lengths = list(map(len, texts))
    may_be_null = len("NULL") in lengths
    is_plain = not may_be_null and min(lengths) > 0 and max(lengths) <= field.length
    if is_plain and list(map(str.strip, texts)) == list(texts):
        return []
    return list(map(text_problems, texts, repeat(field)))


def _foreign_characters(readers: Readers, rows: Rows) -> list[Problems]:
    found: list[Problems] = [()] * len(rows) if rows.unclean else []
    fields = [field for field in readers.limits.field.values() if field.is_of_line]
    for at in rows.unclean:
        cells = [(field, rows.columns[field.position - 1][at]) for field in fields]
        found[at] = tuple(one for field, text in cells for one in character_problems(text, field))
    return found
