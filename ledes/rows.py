"""Rows of one invoice: 24 values each read as a line item, every fault named.

Rows are read a column at a time: the readers of single values are remembered, so a walk over a column stays in C.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from itertools import compress, repeat
from typing import Final

from ledes.amounts import read_amounts
from ledes.codes import read_codes, read_timekeeper
from ledes.document import LedesLine, LineType
from ledes.fields import FIELD, FIELDS
from ledes.memory import Memory
from ledes.values import Problems, character_problems, read_date, text_problems

_DESCRIPTION: Final = "LINE_ITEM_DESCRIPTION"
_NOT_CARRIED: Final = tuple(LedesLine._field_defaults.values())[-5:]
_LINE_COLUMNS: Final = (*range(8, 19), *range(20, 23))
_codes: Final = Memory(read_codes)
_timekeepers: Final = Memory(read_timekeeper)
_amounts: Final = Memory(read_amounts)
_days: Final = Memory(partial(read_date, field="LINE_ITEM_DATE"))
_numbers: Final = Memory(partial(text_problems, name="LINE_ITEM_NUMBER"))


_plain_line: Final = partial(tuple.__new__, LedesLine)  # half the price of the constructor, paid a row


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of one invoice, at least one, side by side.

    Attributes:
        numbers: line of the file of each row.
        columns: the 24 columns, each with one value a row.
        unclean: places (from 0) of the rows that may hold characters LEDES cannot carry.
    """

    numbers: Sequence[int]
    columns: Sequence[Sequence[str]]
    unclean: Sequence[int]


@dataclass(frozen=True, slots=True)
class Readings:
    """The line-level values of the rows of one invoice, side by side; None where a value cannot be read.

    Attributes:
        are_readable: whether all figures of a row could be read.
        problems: the faults of each row, in the order of their readers; nothing at all when no row has any.
    """

    kinds: Sequence[LineType | None]
    days: Sequence[date | None]
    units: Sequence[Decimal | None]
    unit_costs: Sequence[Decimal | None]
    totals: Sequence[Decimal]
    adjustments: Sequence[Decimal]
    are_readable: Sequence[bool]
    problems: Sequence[Problems]


def read_rows(rows: Rows) -> Readings:
    """Read the line-level values of the rows of one invoice."""
    columns = rows.columns
    kinds, in_codes = zip(*_codes.all_of(zip(columns[9], *columns[14:17], strict=True)), strict=True)
    in_timekeepers = list(_timekeepers.all_of(zip(columns[9], columns[17], *columns[21:23], strict=True)))
    days, in_days = zip(*_days.all_of(columns[13]), strict=True)
    amounts = _amounts.all_of(zip(*columns[10:13], columns[20], columns[9], strict=True))
    units, adjustments, totals, unit_costs, are_readable, in_amounts = zip(*amounts, strict=True)
    in_numbers = list(_numbers.all_of(columns[8]))
    in_texts = _description_problems(columns[18])
    faults = (in_codes, in_timekeepers, in_amounts, in_days, in_numbers, in_texts, _foreign_characters(rows))
    return Readings(kinds, days, units, unit_costs, totals, adjustments, are_readable, _merged(faults))


def _merged(faults: tuple[Sequence[Problems], ...]) -> list[Problems]:
    """Join what several readers found in each row; nearly always nothing at all."""
    found = [column for column in faults if any(column)]
    return [sum(each, start=()) for each in zip(*found, strict=True)]


def to_lines(rows: Rows, readings: Readings) -> tuple[LedesLine, ...]:
    """Return the line items, without those of which a needed value could not be read."""
    columns = rows.columns
    values = zip(
        columns[8],
        readings.kinds,
        readings.days,
        readings.units,
        readings.unit_costs,
        readings.totals,
        readings.adjustments,
        *columns[14:19],
        *columns[21:23],
        *(repeat(value, len(columns[0])) for value in _NOT_CARRIED),
        strict=True,
    )
    lines = map(_plain_line, values)
    if None in readings.kinds or None in readings.days or not all(readings.are_readable):
        needed = zip(readings.kinds, readings.days, readings.are_readable, strict=True)
        return tuple(compress(lines, [kind is not None and day is not None and fit for kind, day, fit in needed]))
    return tuple(lines)


def _description_problems(texts: Sequence[str]) -> list[Problems]:
    """Look at each text only when a look at all of them together finds one that may be at fault."""
    lengths = list(map(len, texts))
    may_be_null = len("NULL") in lengths
    is_plain = not may_be_null and min(lengths) > 0 and max(lengths) <= FIELD[_DESCRIPTION].length
    if is_plain and list(map(str.strip, texts)) == list(texts):
        return []
    return list(map(text_problems, texts, repeat(_DESCRIPTION)))


def _foreign_characters(rows: Rows) -> list[Problems]:
    found: list[Problems] = [()] * len(rows.numbers) if rows.unclean else []
    for at in rows.unclean:
        cells = [(FIELDS[column].name, rows.columns[column][at]) for column in _LINE_COLUMNS]
        found[at] = tuple(one for name, text in cells for one in character_problems(text, name))
    return found
