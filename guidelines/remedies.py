"""What a fix does to a line, and the cuts that rules propose: always less than before, never more."""

from dataclasses import replace
from decimal import Decimal
from typing import assert_never

from core.money import line_amount
from guidelines.fixes import CutAmount, CutRate, CutUnits, Fix, SetCode, Split, WriteOff
from guidelines.lines import GuidelineLine


def cut_units(line: GuidelineLine, units: Decimal) -> CutUnits | WriteOff | None:
    """Propose fewer hours or units; none left is a write-off, no fewer is nothing."""
    if units >= line.units:
        return None
    return CutUnits(units) if units > 0 else WriteOff()


def cut_rate(line: GuidelineLine, unit_cost: Decimal) -> CutRate | WriteOff | None:
    """Propose a lower rate; a rate of nothing is a write-off, no lower one is nothing."""
    if unit_cost >= line.unit_cost:
        return None
    return CutRate(unit_cost) if unit_cost > 0 else WriteOff()


def cut_amount(line: GuidelineLine, amount: Decimal) -> CutAmount | WriteOff | None:
    """Propose fewer dollars; none left is a write-off, no fewer is nothing."""
    if amount >= line.amount:
        return None
    return CutAmount(amount) if amount > 0 else WriteOff()


def remedied(line: GuidelineLine, fix: Fix) -> tuple[GuidelineLine, ...]:
    """Return what stands in place of the line after the fix.

    A written-off line leaves nothing. A split leaves its texts with no hours: only their timekeeper can give them.
    """
    match fix:
        case CutRate(unit_cost):
            return (replace(line, unit_cost=unit_cost),)
        case CutUnits(units):
            return (replace(line, units=units),)
        case CutAmount(amount):
            return (replace(line, adjustment=amount - line_amount(line.units, line.unit_cost)),)
        case WriteOff():
            return ()
        case SetCode():
            return (_recoded(line, fix),)
        case Split(parts):
            return tuple(replace(line, narrative=part, units=Decimal(0)) for part in parts)
        case _:
            assert_never(fix)


def _recoded(line: GuidelineLine, fix: SetCode) -> GuidelineLine:
    match fix.field:
        case "task_code":
            return replace(line, task_code=fix.code)
        case "activity_code":
            return replace(line, activity_code=fix.code)
        case "expense_code":
            return replace(line, expense_code=fix.code)
        case _:
            assert_never(fix.field)


def amount_left(line: GuidelineLine, fix: Fix) -> Decimal:
    """Return the dollars that the line bills after the fix; a split bills as much as before until it is attested."""
    if isinstance(fix, Split):
        return line.amount
    return sum((left.amount for left in remedied(line, fix)), start=Decimal(0))
