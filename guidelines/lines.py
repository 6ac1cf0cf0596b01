"""What the rules look at, and what they find."""

from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from typing import Final, Literal

from core.money import ZERO, line_amount
from guidelines.exceptions import GrantedException
from guidelines.fixes import Fix
from guidelines.rules import Action

WHOLE_BILL: Final = ""


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
        source: identity of the entry behind the line, as in 'time:17', by which it is told from its own history.
        classification: of the timekeeper, as in PT or PARTNR.
        is_approved: whether the carrier has approved the timekeeper on that day.
        started_at: when the work began, where it was timed; ended_at likewise.
        has_receipt: whether the receipt of an expense is on file.
        adjustment: dollars added to units x unit cost, or taken off it when negative, as on a LEDES line.
        previous_rate: dollars an hour that the carrier had approved before this rate, or None.
        rate_notified_on: day on which the carrier was told of this rate, or None.
        rate_began_on: first day of this rate; the carrier has known of it since then at the latest, told before or not.
        has_document: whether the document that the work made goes with the bill.
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
    source: str = ""
    classification: str = ""
    is_approved: bool = True
    started_at: time | None = None
    ended_at: time | None = None
    has_receipt: bool = False
    adjustment: Decimal = ZERO
    previous_rate: Decimal | None = None
    rate_notified_on: date | None = None
    rate_began_on: date | None = None
    has_document: bool = False

    @property
    def amount(self) -> Decimal:
        """Return what the line bills, in dollars and cents."""
        return line_amount(self.units, self.unit_cost, self.adjustment)


@dataclass(frozen=True, slots=True)
class GuidelineFinding:
    """One broken rule on one line.

    Attributes:
        rule: the rule's kind.
        rule_id: the rule's own id in its carrier's list.
        action: what the carrier's rule asks for; ALLOWED when an exception lifts it.
        line_key: key of the line; WHOLE_BILL where the rule is about the bill and no single line.
        sentence: what is wrong and what to do, for people.
        fix: what one click can do, or None.
        exception: the permission that lifts the rule for this line, or None.
    """

    rule: str
    action: Action
    line_key: str
    sentence: str
    rule_id: str = ""
    fix: Fix | None = None
    exception: GrantedException | None = None
