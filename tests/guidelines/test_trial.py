"""Rules tried on known bills."""

from datetime import date
from decimal import Decimal

from guidelines.rules import parse_rules
from guidelines.trial import TrialBill, try_rules
from tests.guidelines.builders import make_bill, make_cost, make_line, make_past, make_permission

RULES = [
    {"kind": "rate_cap", "action": "reduce"},
    {"kind": "missing_code", "action": "block"},
    {"kind": "max_invoice_age", "action": "warn"},
    {"kind": "max_narrative", "action": "warn"},
]
LATE = make_bill(submitted_on=date(2026, 12, 24))


def trial(*bills, **given):
    return try_rules(parse_rules(RULES), bills, **given)


def test_try_rules_adds_up_what_each_rule_cuts_and_what_is_at_stake():
    dear = [make_line(key=key, unit_cost=Decimal(300), units=Decimal("1.5")) for key in "ab"]
    result = trial(
        TrialBill(make_bill(), dear, "invoice 1"),
        TrialBill(LATE, [make_line(task_code="", narrative=""), make_cost()], "invoice 2"),
    )
    assert (result.bills, result.lines) == (2, 4)
    rate, code, age, length = result.rules
    assert (rate.lines, rate.amount) == (2, Decimal("45.00"))
    assert (code.lines, code.amount) == (1, Decimal("285.00"))
    assert (age.lines, age.bills, age.amount) == (0, 1, Decimal("687.00"))
    assert rate.sentence == "This rule would have cut 2 lines, $45.00."
    assert code.sentence == "This rule would have stopped 1 line, $285.00."
    assert age.sentence == "This rule would have questioned 1 bill, $687.00."
    assert length.sentence == "This rule would have questioned 0 lines, $0.00."
    assert [(one.reference, one.line_key, one.amount) for one in rate.examples] == [
        ("invoice 1", "a", Decimal("22.50")),
        ("invoice 1", "b", Decimal("22.50")),
    ]


def test_try_rules_shows_a_few_examples_of_many():
    lines = [make_line(key=str(key), unit_cost=Decimal(300)) for key in range(9)]
    rate = trial(TrialBill(make_bill(), lines)).rules[0]
    assert (rate.lines, len(rate.examples)) == (9, 5)


def test_try_rules_counts_what_is_allowed_apart():
    bill = TrialBill(make_bill(), [make_line(unit_cost=Decimal(300))])
    rate = trial(bill, exceptions=[make_permission("rate_cap")]).rules[0]
    assert (rate.lines, rate.allowed, rate.amount) == (0, 1, Decimal("0.00"))


def test_try_rules_sees_the_time_elsewhere():
    rules = parse_rules([{"kind": "max_hours_per_day", "action": "reduce", "hours": "12"}])
    bill = TrialBill(make_bill(), [make_line(units=Decimal(2))])
    assert try_rules(rules, [bill], history=[make_past(units=Decimal(11))]).rules[0].amount == Decimal("285.00")
    assert try_rules(rules, [bill]).rules[0].lines == 0
