"""What a rule must know of the bill that the lines stand on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from core.money import ZERO

_NO_CODES: Mapping[str, frozenset[str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovedBudget:
    """Dollars that the carrier approved.

    Attributes:
        code: a task, a phase such as 'L300', or '' for the matter as a whole.
        billed_before: dollars billed of it before this bill.
        work_from, work_to: the days of work that it is for; None = without end on that side.
    """

    code: str
    amount: Decimal
    billed_before: Decimal = ZERO
    work_from: date | None = None
    work_to: date | None = None

    def covers(self, task_code: str, worked_on: date) -> bool:
        """Tell whether work counts against it; expenses, which have no task, count against the matter's alone."""
        is_early = self.work_from is not None and worked_on < self.work_from
        is_late = self.work_to is not None and worked_on > self.work_to
        return not is_early and not is_late and self.is_for(task_code)

    def is_for(self, task_code: str) -> bool:
        """Tell whether work of a task counts against it on the days that it is for."""
        return is_of(task_code, self.code)


def is_of(task_code: str, code: str) -> bool:
    """Tell whether a task falls under a task, a phase ('L300' has 'L310'), or the matter as a whole ('')."""
    if task_code == code or not code:
        return True
    return code.endswith("0") and task_code.startswith(code.rstrip("0"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """A bill in the making; for an entry that is being typed, the bill it would be on.

    Attributes:
        invoice_date: day of the invoice; today while there is none.
        submitted_on: day it is sent; today while it is not.
        client: the carrier's own code in scopes; matter: the firm's matter number.
        period_start: first day of the billing period, or None when no period is known, as at time entry.
        last_billed_on: end of the period of the last invoice to this payor on this matter, or None.
        budgets: what the carrier approved to be spent.
        codes_taken: the codes that the carrier takes, by field of the line such as 'task_code'; a field that is not
            there takes its whole list.
        is_final: the last bill of the matter.
    """

    invoice_date: date
    submitted_on: date | None = None
    client: str = ""
    matter: str = ""
    period_start: date | None = None
    period_end: date | None = None
    last_billed_on: date | None = None
    budgets: tuple[ApprovedBudget, ...] = ()
    codes_taken: Mapping[str, frozenset[str]] = field(default_factory=lambda: _NO_CODES)
    is_final: bool = False
