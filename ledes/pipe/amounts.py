"""The figures of one line, and the arithmetic that binds them."""

from decimal import Decimal
from typing import Final, NamedTuple

from core.money import ZERO, as_text, round_half_up
from ledes.document import ADJUSTMENTS
from ledes.findings import FindingCode, Problem
from ledes.pipe.layout import Field
from ledes.pipe.limits import Limits
from ledes.pipe.values import Problems, problem, read_number

_UNITS: Final = "LINE_ITEM_NUMBER_OF_UNITS"
_ADJUSTMENT: Final = "LINE_ITEM_ADJUSTMENT_AMOUNT"
_TOTAL: Final = "LINE_ITEM_TOTAL"
_COST: Final = "LINE_ITEM_UNIT_COST"
_RATE: Final = "LINE_ITEM_TAX_RATE"
_TAX: Final = "LINE_ITEM_TAX_TOTAL"
_ADJUSTMENT_TYPES: Final = frozenset(kind.value for kind in ADJUSTMENTS)


NOT_SOUND: Final = Decimal("NaN")
"""Stands for a figure at fault: what is reckoned from it equals nothing."""


class Amounts(NamedTuple):
    """Figures of a line in dollars, units and shares of 1; one that is blank or could not be read is 0.00 or None."""

    units: Decimal | None
    unit_cost: Decimal | None
    total: Decimal
    adjustment: Decimal
    tax_rate: Decimal | None
    tax_total: Decimal | None
    is_readable: bool
    problems: Problems


def sound_number(text: str, field: Field) -> Decimal:
    """Return the number of a text that has no fault whatever its line is, or `NOT_SOUND`."""
    number, problems = read_number(text, field)
    if number is None or problems or (field.name == _UNITS and number < 0):
        return NOT_SOUND
    return number


def read_amounts(texts: tuple[str, ...], limits: Limits) -> Amounts:
    """Read the figures of a line, and check that they agree.

    Args:
        texts: units, adjustment, total, unit cost, type of the line; of a format with taxes also rate and tax.
        limits: what they are held to.
    """
    units_text, adjustment_text, total_text, cost_text, line_type, *taxes = texts
    field, optional = limits.field, line_type in _ADJUSTMENT_TYPES
    units, problems = _read(units_text, field[_UNITS], is_optional=optional)
    adjustment, in_adjustment = read_number(adjustment_text, field[_ADJUSTMENT])
    total, in_total = read_number(total_text, field[_TOTAL])
    cost, in_cost = _read(cost_text, field[_COST], is_optional=optional)
    rate, tax, in_taxes = _read_taxes(taxes, limits)
    problems += in_adjustment + in_total + in_cost + in_taxes
    if units is not None and units < 0:
        fix = "Write a discount as an IF or IE row with a negative total."
        message = f"is {units_text}, less than nothing."
        problems += (problem(FindingCode.NEGATIVE_UNITS, field[_UNITS], message, fix, units_text),)
    added = ZERO if adjustment_text == "" else adjustment
    if added is None or total is None or (not optional and (units is None or cost is None)) or _is_lost(taxes, tax):
        return Amounts(units, cost, ZERO, ZERO, rate, tax, is_readable=False, problems=problems)
    figures = Amounts(units, cost, total, added, rate, tax, is_readable=True, problems=problems)
    faults = _adjustment_math(figures, limits) if optional else _line_math(figures, limits)
    return figures._replace(problems=problems + tuple(faults)) if faults else figures


def _read(text: str, field: Field, *, is_optional: bool) -> tuple[Decimal | None, Problems]:
    return (None, ()) if is_optional and text == "" else read_number(text, field)


def _is_lost(taxes: list[str], tax: Decimal | None) -> bool:
    return bool(taxes) and tax is None and taxes[1] != ""


def _read_taxes(texts: list[str], limits: Limits) -> tuple[Decimal | None, Decimal | None, Problems]:
    if not texts:
        return None, None, ()
    field = limits.field[_RATE]
    rate, problems = read_number(texts[0], field)
    tax, in_tax = read_number(texts[1], limits.field[_TAX])
    if rate is not None and not 0 <= rate <= 1:
        message = f"is {rate:f}, which is not between 0 and 1."
        fix = "Write the share of 1: 21 % is 0.21."
        problems = (problem(FindingCode.BAD_TAX_RATE, field, message, fix, texts[0]),)
        rate = None
    return rate, tax, problems + in_tax


def _line_math(figures: Amounts, limits: Limits) -> list[Problem]:
    """Check tax and total; both may be exact or rounded half-up to cents."""
    net = (figures.units or ZERO) * (figures.unit_cost or ZERO) + figures.adjustment
    rounded, tax = round_half_up(net), figures.tax_total
    problems = _tax_math(net, figures, limits)
    total, tolerance = figures.total, limits.file_format.math_tolerance
    if tax is None:
        wanted, made, is_right = rounded, "units x unit cost + adjustment make", total in (net, rounded)
    else:
        wanted, made = rounded + tax, "units x unit cost + adjustment + tax make"
        is_right = total in (wanted, net + tax, round_half_up(net + tax))
    if is_right or abs(total - wanted) <= tolerance:
        return problems
    text = as_text(wanted)
    fix = f"Write {text}, or correct the figures it is made of."
    message = f"is {total:f}, but {made} {text}."
    return [*problems, problem(FindingCode.LINE_MATH, limits.field[_TOTAL], message, fix, f"{total:f}")]


def _tax_math(net: Decimal, figures: Amounts, limits: Limits) -> list[Problem]:
    rate, tax = figures.tax_rate, figures.tax_total
    if rate is None or tax is None:
        return []
    exact = net * rate
    wanted = round_half_up(exact)
    if tax in (exact, wanted) or abs(tax - wanted) <= limits.file_format.math_tolerance:
        return []
    message = f"is {tax:f}, but (unit cost x units + adjustment) x {rate:f} makes {as_text(wanted)}."
    fix = f"Write {as_text(wanted)}, or correct the rate."
    return [problem(FindingCode.TAX_MATH, limits.field[_TAX], message, fix, f"{tax:f}")]


def _adjustment_math(figures: Amounts, limits: Limits) -> list[Problem]:
    """Accept both habits: the amount as adjustment, or as unit cost beside an adjustment of nothing."""
    adjustment, cost, tax = figures.adjustment, figures.unit_cost or ZERO, figures.tax_total or ZERO
    amounts = (adjustment, adjustment + cost, adjustment + cost * (figures.units or ZERO))
    tolerance = limits.file_format.math_tolerance
    net = next((amount for amount in amounts if abs(figures.total - amount - tax) <= tolerance), None)
    if net is not None:
        return _tax_math(net, figures, limits)
    message = f"is {figures.total:f}, but {_ADJUSTMENT} is {adjustment:f}."
    fix = "On an invoice-level adjustment both carry the same amount."
    if tax:
        message, fix = f"{message[:-1]} and the tax {tax:f}.", "The total is the adjustment and its tax."
    return [problem(FindingCode.LINE_MATH, limits.field[_TOTAL], message, fix, f"{figures.total:f}")]
