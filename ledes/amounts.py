"""The figures of one line, and the arithmetic that binds them."""

from decimal import Decimal
from typing import Final, NamedTuple

from core.money import ZERO, as_text, line_amount
from ledes.document import ADJUSTMENTS
from ledes.findings import FindingCode, Problem
from ledes.values import Problems, problem, read_number

_UNITS: Final = "LINE_ITEM_NUMBER_OF_UNITS"
_ADJUSTMENT: Final = "LINE_ITEM_ADJUSTMENT_AMOUNT"
_TOTAL: Final = "LINE_ITEM_TOTAL"
_COST: Final = "LINE_ITEM_UNIT_COST"
_ADJUSTMENT_TYPES: Final = frozenset(kind.value for kind in ADJUSTMENTS)


class Amounts(NamedTuple):
    """Figures of a line in dollars and units; a figure that could not be read stands as 0.00 or None."""

    units: Decimal | None
    adjustment: Decimal
    total: Decimal
    unit_cost: Decimal | None
    is_readable: bool
    problems: Problems


def read_amounts(texts: tuple[str, str, str, str, str]) -> Amounts:
    """Read units, adjustment, total and unit cost of a line of a type (the fifth), and check that they agree."""
    units, adjustment, total, unit_cost, line_type = texts
    optional = line_type in _ADJUSTMENT_TYPES
    readings = (
        _read(units, _UNITS, is_optional=optional),
        _read(adjustment, _ADJUSTMENT, is_optional=True),
        _read(total, _TOTAL, is_optional=False),
        _read(unit_cost, _COST, is_optional=optional),
    )
    problems = [one for reading in readings for one in reading[1]]
    count, added, amount, cost = (reading[0] for reading in readings)
    added = ZERO if adjustment == "" else added
    if count is not None and count < 0:
        fix = "Write a discount as an IF or IE row with a negative total."
        problems.append(problem(FindingCode.NEGATIVE_UNITS, _UNITS, f"is {units}, less than nothing.", fix))
    if added is None or amount is None or (not optional and (count is None or cost is None)):
        return Amounts(count, ZERO, ZERO, cost, is_readable=False, problems=tuple(problems))
    check = _adjustment_math if optional else _line_math
    problems += check(count or ZERO, added, amount, cost or ZERO)
    return Amounts(count, added, amount, cost, is_readable=True, problems=tuple(problems))


def _read(text: str, field: str, *, is_optional: bool) -> tuple[Decimal | None, Problems]:
    return (None, ()) if is_optional and text == "" else read_number(text, field)


def _line_math(units: Decimal, adjustment: Decimal, total: Decimal, cost: Decimal) -> list[Problem]:
    exact = units * cost + adjustment
    rounded = line_amount(units, cost, adjustment)
    if total in (exact, rounded):
        return []
    wanted = as_text(rounded)
    message = f"is {total:f}, but units x unit cost + adjustment make {wanted}."
    return [problem(FindingCode.LINE_MATH, _TOTAL, message, f"Write {wanted}, or correct the figures it is made of.")]


def _adjustment_math(units: Decimal, adjustment: Decimal, total: Decimal, cost: Decimal) -> list[Problem]:
    """Accept both habits: the amount as adjustment, or as unit cost beside an adjustment of nothing."""
    if total in (adjustment, adjustment + cost, adjustment + cost * units):
        return []
    message = f"is {total:f}, but LINE_ITEM_ADJUSTMENT_AMOUNT is {adjustment:f}."
    fix = "On an invoice-level adjustment both carry the same amount."
    return [problem(FindingCode.LINE_MATH, _TOTAL, message, fix)]
