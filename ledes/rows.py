"""Rows of one invoice: 24 values each read as a line item, every fault named.

Rows are read a column at a time: the readers of single values remember, so mapping them over a column stays in C.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from itertools import repeat
from typing import Final

from ledes.amounts import Amounts, read_amounts
from ledes.codes import read_profile
from ledes.document import LedesLine, LineType
from ledes.fields import FIELD, FIELDS
from ledes.values import Problems, character_problems, read_date, text_problems

_DESCRIPTION: Final = "LINE_ITEM_DESCRIPTION"
_LINE_COLUMNS: Final = (*range(8, 19), *range(20, 23))
_number_problems = lru_cache(maxsize=4096)(text_problems)


@dataclass(slots=True)
class Rows:
    """The rows of one invoice, side by side.

    Attributes:
        numbers: line of the file of each row.
        values: the 24 values of each row.
        unclean: places (from 0) of the rows that may hold characters LEDES cannot carry.
    """

    numbers: list[int] = field(default_factory=list)
    values: list[Sequence[str]] = field(default_factory=list)
    unclean: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Readings:
    """The line-level values of the rows of one invoice, side by side; a part that cannot be read is None or says so.

    Attributes:
        problems: the faults of each row, in the order of their readers.
    """

    kinds: list[LineType | None]
    amounts: list[Amounts]
    days: list[date | None]
    problems: list[Problems]

    @property
    def is_readable(self) -> bool:
        """Tell whether the figures of every row could be read."""
        return all(amounts.is_readable for amounts in self.amounts)


def read_rows(rows: Rows) -> Readings:
    """Read the line-level values of the rows of one invoice."""
    columns = list(zip(*rows.values, strict=True))
    profiles = list(map(read_profile, columns[9], *columns[14:18], columns[21], columns[22]))
    kinds = [kind for kind, _ in profiles]
    amounts = list(map(read_amounts, *columns[10:13], columns[20], kinds))
    days = list(map(read_date, columns[13], repeat("LINE_ITEM_DATE")))
    faults = (
        [in_codes for _, in_codes in profiles],
        [figures.problems for figures in amounts],
        [in_day for _, in_day in days],
        list(map(_number_problems, columns[8], repeat("LINE_ITEM_NUMBER"))),
        _description_problems(columns[18]),
        _foreign_characters(rows),
    )
    return Readings(kinds, amounts, [day for day, _ in days], _merged(faults, len(kinds)))


def _merged(faults: tuple[list[Problems], ...], count: int) -> list[Problems]:
    """Join what several readers found in each row; nearly always nothing at all."""
    found = [column for column in faults if any(column)]
    return [sum(each, start=()) for each in zip(*found, strict=True)] if found else [()] * count


def to_lines(rows: Rows, readings: Readings) -> tuple[LedesLine, ...]:
    """Return the line items, without those of which a needed value could not be read."""
    parts = zip(rows.values, readings.kinds, readings.amounts, readings.days, strict=True)
    return tuple(
        LedesLine(
            line_item_number=values[8],
            exp_fee_inv_adj_type=kind,
            units=amounts.units,
            adjustment_amount=amounts.adjustment,
            total=amounts.total,
            date=day,
            task_code=values[14],
            expense_code=values[15],
            activity_code=values[16],
            timekeeper_id=values[17],
            description=values[18],
            unit_cost=amounts.unit_cost,
            timekeeper_name=values[21],
            timekeeper_classification=values[22],
        )
        for values, kind, amounts, day in parts
        if kind is not None and day is not None and amounts.is_readable
    )


def _description_problems(texts: Sequence[str]) -> list[Problems]:
    """Look at each text only when a look at all of them together finds one that may be at fault."""
    lengths = list(map(len, texts))
    may_be_null = len("NULL") in lengths
    is_plain = not may_be_null and min(lengths) > 0 and max(lengths) <= FIELD[_DESCRIPTION].length
    if is_plain and list(map(str.strip, texts)) == list(texts):
        return []
    return list(map(text_problems, texts, repeat(_DESCRIPTION)))


def _foreign_characters(rows: Rows) -> list[Problems]:
    found: list[Problems] = [()] * len(rows.values) if rows.unclean else []
    for at in rows.unclean:
        cells = [(FIELDS[column].name, rows.values[at][column]) for column in _LINE_COLUMNS]
        found[at] = tuple(one for name, text in cells for one in character_problems(text, name))
    return found
