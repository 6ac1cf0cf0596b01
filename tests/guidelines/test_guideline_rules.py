"""Each rule both ways: the line it must find, and the nearest line it must leave alone."""

from datetime import date
from decimal import Decimal

import pytest

from guidelines.engine import check
from guidelines.rules import Action, parse_rules
from tests.guidelines.builders import make_cost, make_line

INVOICED = date(2026, 11, 2)


def found(rule, *lines):
    return check(parse_rules([{"action": "warn", **rule}]), lines, invoice_date=INVOICED)


DAY = {"kind": "max_hours_per_day", "hours": "12"}
ENTRY = {"kind": "max_hours_per_entry", "hours": "10"}
AGE = {"kind": "max_age_days", "days": 180}
VAGUE = {"kind": "vague_narrative", "phrases": ["attention to", "file review"], "min_words": 3}
OVERHEAD = {"kind": "non_billable_expense", "codes": ["E101", "E105"]}
LENGTH = {"kind": "max_narrative", "characters": 20}
STEP = {"kind": "min_increment", "hours": "0.1"}
RATE = {"kind": "rate_cap"}
CODE = {"kind": "missing_code"}

BROKEN = [
    (ENTRY, make_line(units=Decimal("10.1"))),
    (AGE, make_line(worked_on=date(2026, 5, 5))),
    (AGE, make_cost(worked_on=date(2026, 5, 5))),
    (VAGUE, make_line(narrative="Attention  to discovery responses")),
    (VAGUE, make_line(narrative="Further FILE REVIEW, plaintiff's records")),
    (VAGUE, make_line(narrative="Draft motion")),
    (OVERHEAD, make_cost(expense_code="E101")),
    (LENGTH, make_line(narrative="x" * 21)),
    (STEP, make_line(units=Decimal("1.25"))),
    (STEP, make_line(units=Decimal("0.05"))),
    (RATE, make_line(unit_cost=Decimal("285.01"))),
    (RATE, make_line(approved_rate=None)),
    (CODE, make_line(task_code="")),
    (CODE, make_line(activity_code="")),
    (CODE, make_cost(expense_code="")),
]
KEPT = [
    (ENTRY, make_line(units=Decimal("10.0"))),
    (ENTRY, make_cost(units=Decimal(500))),
    (AGE, make_line(worked_on=date(2026, 5, 6))),
    (VAGUE, make_line(narrative="Inattention topical file reviewer")),
    (VAGUE, make_line(narrative="Draft motion today")),
    (OVERHEAD, make_cost(expense_code="E112")),
    (OVERHEAD, make_line(expense_code="E101")),
    (LENGTH, make_line(narrative="x" * 20)),
    (STEP, make_line(units=Decimal("1.30"))),
    (STEP, make_cost(units=Decimal("0.05"))),
    (RATE, make_line(unit_cost=Decimal("285.00"))),
    (RATE, make_cost()),
    (CODE, make_line()),
    (CODE, make_cost()),
]


@pytest.mark.parametrize(("rule", "line"), BROKEN)
def test_check_finds_a_broken_rule(rule, line):
    (finding,) = found(rule, line)
    assert (finding.rule, finding.action, finding.line_key) == (rule["kind"], Action.WARN, line.key)
    assert finding.sentence.endswith(".")
    assert (finding.suggested_units, finding.suggested_amount) == (None, None)


@pytest.mark.parametrize(("rule", "line"), KEPT)
def test_check_leaves_a_line_within_the_rule(rule, line):
    assert found(rule, line) == []


def test_check_adds_up_hours_of_a_timekeepers_day():
    lines = [make_line(key=str(key), units=Decimal(5)) for key in range(3)]
    assert [finding.line_key for finding in found(DAY, *lines)] == ["2"]


def test_check_keeps_days_and_timekeepers_apart():
    other_day = make_line(key="2", units=Decimal(12), worked_on=date(2026, 10, 6))
    other_person = make_line(key="3", units=Decimal(12), timekeeper_id="TK013")
    assert found(DAY, make_line(units=Decimal(12)), other_day, other_person, make_cost(units=Decimal(99))) == []


@pytest.mark.parametrize(
    ("rule", "lines", "units", "amount"),
    [
        (DAY, [make_line(units=Decimal(10)), make_line(units=Decimal(5))], "2", "570.00"),
        (ENTRY, [make_line(units=Decimal("11.5"))], "10", "2850.00"),
        (AGE, [make_line(worked_on=date(2025, 1, 1))], "0", "0.00"),
        (OVERHEAD, [make_cost(expense_code="E105")], "0", "0.00"),
        (STEP, [make_line(units=Decimal("1.25"))], "1.2", "342.00"),
        (RATE, [make_line(units=Decimal("1.5"), unit_cost=Decimal("300.00"))], "1.5", "427.50"),
    ],
)
def test_check_suggests_what_a_reducing_rule_leaves(rule, lines, units, amount):
    (finding,) = found({**rule, "action": "reduce"}, *lines)
    assert finding.suggested_units == Decimal(units)
    assert finding.suggested_amount == Decimal(amount)


def test_check_suggests_nothing_where_a_person_must_write():
    (finding,) = found({**VAGUE, "action": "reduce"}, make_line(narrative="File review of records"))
    assert (finding.suggested_units, finding.suggested_amount) == (None, None)


def test_check_orders_findings_by_line_then_rule():
    rules = parse_rules([{"kind": "missing_code", "action": "block"}, {"kind": "rate_cap", "action": "reduce"}])
    lines = [make_line(key=key, task_code="", unit_cost=Decimal(300)) for key in ("a", "b")]
    assert [(one.line_key, one.rule) for one in check(rules, lines, invoice_date=INVOICED)] == [
        ("a", "missing_code"),
        ("a", "rate_cap"),
        ("b", "missing_code"),
        ("b", "rate_cap"),
    ]


def test_check_starts_each_call_afresh():
    rules = parse_rules([{**DAY, "action": "warn"}])
    lines = [make_line(units=Decimal(10))]
    assert check(rules, lines, invoice_date=INVOICED) == check(rules, lines, invoice_date=INVOICED) == []


def test_check_says_what_is_wrong_in_a_sentence():
    (finding,) = found(RATE, make_line(unit_cost=Decimal(300)))
    assert finding.sentence == "The rate is $300.00 an hour; $285.00 is approved. Bill the approved rate."
    (finding,) = found(DAY, make_line(units=Decimal("12.50")))
    assert finding.sentence == (
        "TK012 has 12.5 h on 2026-10-05; this carrier pays 12 h a day. "
        "Bill what the day has left, or write the rest off."
    )
