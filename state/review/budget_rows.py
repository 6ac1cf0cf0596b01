"""The budgets beside a proforma as text."""

from dataclasses import dataclass
from datetime import date

from core.money import as_dollars
from services.billing.proforma_budgets import BudgetLine
from state.words import day


@dataclass(frozen=True)
class BudgetView:
    """One budget: what it is for, what was approved, billed before, taken by this proforma, and left."""

    id: str
    name: str
    facts: str
    approved: str
    billed: str
    here: str
    left: str
    is_passed: bool


def budget_view(line: BudgetLine) -> BudgetView:
    """Return a budget as text."""
    budget = line.budget
    facts = [f"approved {day(budget.approved_on)}", _work(budget.work_from, budget.work_to), budget.reference]
    return BudgetView(
        id=str(budget.id),
        name=budget.code or "The matter",
        facts=" · ".join(filter(None, facts)),
        approved=as_dollars(budget.amount),
        billed=as_dollars(budget.billed_amount),
        here=as_dollars(line.here_amount),
        left=as_dollars(line.left_amount),
        is_passed=line.left_amount < 0,
    )


def _work(start: date | None, end: date | None) -> str:
    if start and end:
        return f"for work from {day(start)} to {day(end)}"
    if start:
        return f"for work from {day(start)} on"
    return f"for work until {day(end)}" if end else ""
