"""Every rule that outside counsel guidelines of insurers were seen to hold has a kind, and every kind has its rule."""

import pytest

from guidelines.catalog import catalog, kind_of_rule
from guidelines.kinds.base import BaseRule
from guidelines.rules import parse_rules

ASKED = {
    "increment of 0.1 hour": "min_increment",
    "block billing": "block_billing",
    "vague narrative": "vague_narrative",
    "length of a narrative": "max_narrative",
    "unauthorised keyword": "barred_keyword",
    "unapproved timekeeper": "unapproved_timekeeper",
    "rate above the approved one": "rate_cap",
    "notice of a rate increase": "rate_increase_notice",
    "hours of a day, across invoices": "max_hours_per_day",
    "single entry over so many hours": "max_hours_per_entry",
    "the same minutes twice": "same_time",
    "old time": "max_age_days",
    "old invoice": "max_invoice_age",
    "billing frequency": "billing_frequency",
    "billing period": "billing_period",
    "duplicate line": "duplicate_line",
    "research without approval": "research_limit",
    "multiple attendance": "multiple_attendance",
    "in-firm conference": "in_firm_conference",
    "staffing": "staffing",
    "clerical work": "clerical_work",
    "work below grade": "below_grade",
    "travel time": "travel_time",
    "training and reading in": "training",
    "non-billable expense": "non_billable_expense",
    "cost of an expense's unit": "expense_unit_cost",
    "total of an expense": "expense_total",
    "receipt of an expense": "receipt_required",
    "expense that the carrier pays itself": "carrier_pays_directly",
    "work product attached": "work_product",
    "code required": "missing_code",
    "budget": "budget",
    "share of a task or phase": "task_share",
}
COMMON = {"action", "id", "effective_from", "effective_to", "scope", "citation"}


def test_every_rule_has_its_kind_and_every_kind_its_rule():
    assert sorted(ASKED.values()) == sorted(entry.kind for entry in catalog())


@pytest.mark.parametrize("kind", ASKED.values(), ids=ASKED.keys())
def test_every_kind_has_action_days_scope_and_citation(kind):
    facts = {"kind": kind, "action": "reduce", "effective_from": "2026-01-01", "effective_to": "2026-12-31"}
    (rule,) = parse_rules([{**facts, "scope": {"clients": ["HARBOR"]}, "citation": "4.2"}])
    assert set(BaseRule.model_fields) >= COMMON
    assert rule.scope.covers("HARBOR", "2024-00017")
    assert not rule.scope.covers("KEYSTN", "2024-00017")
    assert kind_of_rule(kind).title == rule.title
