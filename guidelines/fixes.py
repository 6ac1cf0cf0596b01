"""What one click can do about a finding. A fix only takes away, moves a code, or proposes text."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

CodeField = Literal["task_code", "activity_code", "expense_code"]


@dataclass(frozen=True, slots=True)
class CutRate:
    """Bill at this rate, dollars an hour or a unit."""

    unit_cost: Decimal


@dataclass(frozen=True, slots=True)
class CutUnits:
    """Bill this many hours or units; more than none, fewer than now."""

    units: Decimal


@dataclass(frozen=True, slots=True)
class CutAmount:
    """Bill this many dollars and cents for the line; hours and rate stay as they are."""

    amount: Decimal


@dataclass(frozen=True, slots=True)
class WriteOff:
    """Bill nothing."""


@dataclass(frozen=True, slots=True)
class SetCode:
    """Move the line to another code; `reason` says why, for people."""

    field: CodeField
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Split:
    """Propose these texts in place of one; whose hours they take only their timekeeper can say."""

    parts: tuple[str, ...]


Fix = CutRate | CutUnits | CutAmount | WriteOff | SetCode | Split
