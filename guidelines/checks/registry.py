"""The maker of the check behind each kind of rule."""

from collections.abc import Callable
from typing import Any, Final

from guidelines.checks import attendance, billing, budgets, expenses, hours, people, texts, travel, twice
from guidelines.rules import Rule
from guidelines.view import Check

_MAKERS: Final[dict[str, Callable[[Any], Check]]] = {
    "min_increment": hours.min_increment,
    "max_hours_per_day": hours.max_hours_per_day,
    "max_hours_per_entry": hours.max_hours_per_entry,
    "research_limit": hours.research_limit,
    "same_time": twice.same_time,
    "duplicate_line": twice.duplicate_line,
    "block_billing": texts.block_billing,
    "vague_narrative": texts.vague_narrative,
    "max_narrative": texts.max_narrative,
    "barred_keyword": texts.barred_keyword,
    "clerical_work": texts.clerical_work,
    "training": texts.training,
    "missing_code": texts.missing_code,
    "unapproved_timekeeper": people.unapproved_timekeeper,
    "rate_cap": people.rate_cap,
    "rate_increase_notice": people.rate_increase_notice,
    "staffing": people.staffing,
    "below_grade": people.below_grade,
    "multiple_attendance": attendance.multiple_attendance,
    "in_firm_conference": attendance.in_firm_conference,
    "travel_time": travel.travel_time,
    "non_billable_expense": expenses.non_billable_expense,
    "expense_unit_cost": expenses.expense_unit_cost,
    "expense_total": expenses.expense_total,
    "receipt_required": expenses.receipt_required,
    "carrier_pays_directly": expenses.carrier_pays_directly,
    "work_product": expenses.work_product,
    "max_age_days": billing.max_age_days,
    "max_invoice_age": billing.max_invoice_age,
    "billing_frequency": billing.billing_frequency,
    "billing_period": billing.billing_period,
    "budget": budgets.budget,
    "task_share": budgets.task_share,
}


def prepared(rule: Rule) -> Check:
    """Return the rule's check, with what is dear about it done."""
    return _MAKERS[rule.kind](rule)
