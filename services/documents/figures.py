"""The sums of a bill: by kind, timekeeper, task and expense. Every one of them is of line totals, so all agree."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from core.money import total
from ledes.utbms import lookup
from models.enums import EntryKind

_DISCOUNTS = {EntryKind.FEE_DISCOUNT: "Discount on fees", EntryKind.EXPENSE_DISCOUNT: "Discount on expenses"}
_NONE, _OWN = "No code", "The carrier's own code"


class Billed(Protocol):
    """What a sum needs of a billed line; an `InvoiceLine` has it."""

    kind: EntryKind
    timekeeper_code: str
    timekeeper_name: str
    timekeeper_classification: str
    units: Decimal
    unit_cost: Decimal
    adjustment_amount: Decimal
    total_amount: Decimal
    task_code: str
    expense_code: str
    narrative: str


@dataclass(frozen=True)
class Discount:
    """What is taken off all fees or expenses; `amount` is negative."""

    name: str
    amount: Decimal


@dataclass(frozen=True)
class Tax:
    """One tax that a bill carries, as in 'Sales tax 6.25 %'."""

    name: str
    amount: Decimal


@dataclass(frozen=True)
class KindSum:
    """Fees or expenses: `gross_amount` before the lines' adjustments, `amount` after them."""

    units: Decimal
    gross_amount: Decimal
    adjustment_amount: Decimal
    amount: Decimal


@dataclass(frozen=True)
class TimekeeperSum:
    """One person at one rate."""

    code: str
    name: str
    classification: str
    unit_cost: Decimal
    hours: Decimal
    amount: Decimal


@dataclass(frozen=True)
class CodeSum:
    """One code with its name; `parts` are the tasks of a phase."""

    code: str
    label: str
    units: Decimal
    amount: Decimal
    parts: tuple["CodeSum", ...] = ()


@dataclass(frozen=True)
class Figures:
    """All the sums of one bill."""

    fees: KindSum
    expenses: KindSum
    discounts: tuple[Discount, ...]
    taxes: tuple[Tax, ...]
    by_timekeeper: tuple[TimekeeperSum, ...]
    by_phase: tuple[CodeSum, ...]
    by_expense: tuple[CodeSum, ...]

    @property
    def tax_amount(self) -> Decimal:
        """What the taxes add up to; 0.00 without any."""
        return total(tax.amount for tax in self.taxes)

    @property
    def discount_amount(self) -> Decimal:
        """What the discounts on the whole bill add up to: 0.00, or negative."""
        return total(one.amount for one in self.discounts)

    @property
    def total_amount(self) -> Decimal:
        """What is due."""
        return self.fees.amount + self.expenses.amount + self.discount_amount + self.tax_amount


def figures_of(lines: Iterable[Billed], taxes: Sequence[Tax] = ()) -> Figures:
    """Return the sums of a bill's lines."""
    found = list(lines)
    fees = [line for line in found if line.kind is EntryKind.FEE]
    expenses = [line for line in found if line.kind is EntryKind.EXPENSE]
    return Figures(
        fees=_kind_sum(fees),
        expenses=_kind_sum(expenses),
        discounts=tuple(
            Discount(line.narrative or _DISCOUNTS[line.kind], line.total_amount)
            for line in found
            if line.kind in _DISCOUNTS
        ),
        taxes=tuple(taxes),
        by_timekeeper=_by_timekeeper(fees),
        by_phase=_by_phase(fees),
        by_expense=_by_code((line.expense_code, line) for line in expenses),
    )


def label_of(code: str) -> str:
    """Return the name of a code; the lists do not have those of a carrier's own."""
    found = lookup(code)
    return found.label if found else _OWN if code else _NONE


def _kind_sum(lines: Sequence[Billed]) -> KindSum:
    amount, adjusted = total(line.total_amount for line in lines), total(line.adjustment_amount for line in lines)
    return KindSum(sum((line.units for line in lines), start=Decimal(0)), amount - adjusted, adjusted, amount)


def _by_timekeeper(lines: Sequence[Billed]) -> tuple[TimekeeperSum, ...]:
    groups: dict[tuple[str, str, str, Decimal], list[Billed]] = {}
    for line in lines:
        key = (line.timekeeper_name, line.timekeeper_code, line.timekeeper_classification, line.unit_cost)
        groups.setdefault(key, []).append(line)
    return tuple(
        TimekeeperSum(code, name, classification, rate, _units(group), total(line.total_amount for line in group))
        for (name, code, classification, rate), group in sorted(groups.items())
    )


def _by_phase(lines: Sequence[Billed]) -> tuple[CodeSum, ...]:
    phases: dict[str, list[Billed]] = {}
    for line in lines:
        phases.setdefault(_phase_of(line.task_code), []).append(line)
    return tuple(_phase(code, phases[code]) for code in sorted(phases, key=_last_if_none))


def _phase(code: str, lines: Sequence[Billed]) -> CodeSum:
    tasks = _by_code((line.task_code, line) for line in lines)
    return CodeSum(code, label_of(code), _units(lines), total(line.total_amount for line in lines), tasks)


def _phase_of(code: str) -> str:
    """Return the phase of a task; a code of a carrier's own stands for itself."""
    found = lookup(code)
    return (found.phase if found else "") or code


def _by_code(lines: Iterable[tuple[str, Billed]]) -> tuple[CodeSum, ...]:
    groups: dict[str, list[Billed]] = {}
    for code, line in lines:
        groups.setdefault(code, []).append(line)
    return tuple(
        CodeSum(code, label_of(code), _units(group), total(line.total_amount for line in group))
        for code, group in sorted(groups.items(), key=lambda one: _last_if_none(one[0]))
    )


def _units(lines: Iterable[Billed]) -> Decimal:
    return sum((line.units for line in lines), start=Decimal(0))


def _last_if_none(code: str) -> tuple[bool, str]:
    return not code, code
