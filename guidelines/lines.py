"""What the rules look at, and what they find."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from guidelines.rules import Action


@dataclass(frozen=True, slots=True)
class GuidelineLine:
    """One fee or expense.

    Attributes:
        key: the caller's own name of the line, returned on findings.
        kind: F fee, E expense.
        worked_on: day of the work or of the expense.
        units: hours of a fee, count of an expense.
        unit_cost: dollars an hour or a unit.
        approved_rate: dollars an hour the carrier has approved for this timekeeper on that day, or None.
    """

    key: str
    kind: Literal["F", "E"]
    worked_on: date
    timekeeper_id: str
    units: Decimal
    unit_cost: Decimal
    approved_rate: Decimal | None
    task_code: str
    activity_code: str
    expense_code: str
    narrative: str


@dataclass(frozen=True, slots=True)
class GuidelineFinding:
    """One broken rule on one line.

    Attributes:
        rule: the rule's kind.
        action: what the carrier's rule asks for.
        line_key: key of the line.
        sentence: what is wrong and what to do, for people.
        suggested_units: hours or count to bill instead, or None when the rule suggests none.
        suggested_amount: dollars and cents to bill instead, or None when the rule suggests none.
    """

    rule: str
    action: Action
    line_key: str
    sentence: str
    suggested_units: Decimal | None = None
    suggested_amount: Decimal | None = None
