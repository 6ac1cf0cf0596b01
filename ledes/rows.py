"""Rows of one invoice: 24 values each read as a line item, every fault named.

Rows are read a column at a time: the readers of single values remember, so mapping them over a column stays in C.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from itertools import repeat
from typing import Final, NamedTuple

from ledes.amounts import Amounts, read_amounts
from ledes.codes import read_profile
from ledes.document import LedesLine, LineType
from ledes.fields import FIELD, FIELDS
from ledes.values import Problems, character_problems, read_date, text_problems

_DESCRIPTION: Final = "LINE_ITEM_DESCRIPTION"
_number_problems = lru_cache(maxsize=4096)(text_problems)


class Row(NamedTuple):
    """One row: its line in the file, its 24 values, whether all its characters are known to be fit."""

    row: int
    values: Sequence[str]
    is_clean: bool


class Reading(NamedTuple):
    """One row as read; a part that cannot be read is None, or says so."""

    row: Row
    kind: LineType | None
    amounts: Amounts
    day: date | None
    problems: Problems


def read_rows(rows: Sequence[Row]) -> Iterator[Reading]:
    """Read the line-level values of the rows of one invoice."""
    columns = list(zip(*(row.values for row in rows), strict=True))
    profiles = list(map(read_profile, columns[9], *columns[14:18], columns[21], columns[22]))
    kinds = [kind for kind, _ in profiles]
    amounts = map(read_amounts, *columns[10:13], columns[20], kinds)
    days = map(read_date, columns[13], repeat("LINE_ITEM_DATE"))
    numbers = map(_number_problems, columns[8], repeat("LINE_ITEM_NUMBER"))
    parts = zip(rows, profiles, amounts, days, numbers, _description_problems(columns[18]), strict=False)
    for row, (kind, in_codes), figures, (day, in_day), in_number, in_text in parts:
        problems = in_codes + figures.problems + in_day + in_number + in_text
        if not row.is_clean:
            problems += _foreign_characters(row.values)
        yield Reading(row, kind, figures, day, problems)


def to_line(reading: Reading) -> LedesLine | None:
    """Return the line item, or None when a value that it needs could not be read."""
    (_, values, _), kind, amounts, day, _ = reading
    if kind is None or day is None or not amounts.is_readable:
        return None
    return LedesLine(
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


def _description_problems(texts: Sequence[str]) -> Iterable[Problems]:
    """Look at each text only when a look at all of them together finds one that may be at fault."""
    lengths = list(map(len, texts))
    may_be_null = len("NULL") in lengths
    is_plain = not may_be_null and min(lengths) > 0 and max(lengths) <= FIELD[_DESCRIPTION].length
    if is_plain and list(map(str.strip, texts)) == list(texts):
        return repeat(())
    return map(text_problems, texts, repeat(_DESCRIPTION))


def _foreign_characters(values: Sequence[str]) -> Problems:
    columns = (*range(8, 19), *range(20, 23))
    return tuple(one for column in columns for one in character_problems(values[column], FIELDS[column].name))
