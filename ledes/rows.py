"""One row of a file: 24 values read as a line item, every fault named."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from ledes.amounts import read_amounts
from ledes.codes import read_profile
from ledes.document import LedesLine
from ledes.fields import FIELDS
from ledes.values import Problems, character_problems, read_date, text_problems

_SHORT_NUMBER: Final = lru_cache(maxsize=65536)(text_problems)


def read_line(values: Sequence[str], *, is_clean: bool) -> tuple[LedesLine | None, Problems]:
    """Return the line item of a row, or None when a value that it needs cannot be read, and the row's faults.

    Args:
        values: the 24 values in the order of the format.
        is_clean: whether the row as a whole is known to hold no forbidden character.
    """
    kind, problems = read_profile(values[9], values[14], values[15], values[16], values[17], values[21], values[22])
    amounts = read_amounts(values[10], values[11], values[12], values[20], kind)
    day, day_problems = read_date(values[13], "LINE_ITEM_DATE")
    problems += (
        _SHORT_NUMBER(values[8], "LINE_ITEM_NUMBER")
        + amounts.problems
        + day_problems
        + text_problems(values[18], "LINE_ITEM_DESCRIPTION")
    )
    if not is_clean:
        problems += foreign_characters(values, range(8, 19)) + foreign_characters(values, range(20, 23))
    if kind is None or day is None or not amounts.is_readable:
        return None, problems
    line = LedesLine(
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
    return line, problems


def foreign_characters(values: Sequence[str], columns: range) -> Problems:
    """Name the characters LEDES cannot carry in some of a row's values, columns counted from 0."""
    return tuple(one for column in columns for one in character_problems(values[column], FIELDS[column].name))
