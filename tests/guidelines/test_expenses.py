"""Expenses, receipts and attached work."""

from decimal import Decimal

import pytest

from guidelines.fixes import CutAmount, CutRate, WriteOff
from tests.guidelines.builders import found, make_cost, make_line

OVERHEAD = {"kind": "non_billable_expense", "codes": ["E101", "E105"]}
UNIT = {"kind": "expense_unit_cost", "caps": {"E101": "0.10"}}
TOTAL = {"kind": "expense_total", "caps": {"E110": "500"}}
RECEIPT = {"kind": "receipt_required", "over": "500"}
DIRECT = {"kind": "carrier_pays_directly", "over": "1000", "codes": ["E119"]}
WORK = {"kind": "work_product", "over": "1000"}


def cost(code, units, unit_cost, **changes):
    return make_cost(expense_code=code, units=Decimal(units), unit_cost=Decimal(unit_cost), **changes)


@pytest.mark.parametrize(
    ("rule", "line", "fix"),
    [
        (OVERHEAD, cost("E101", 1, 5), WriteOff()),
        (UNIT, cost("E101", 40, "0.15"), CutRate(Decimal("0.10"))),
        (UNIT, cost("E101", 40, "0.1001"), CutRate(Decimal("0.10"))),
        (TOTAL, cost("E110", 1, "500.01"), CutAmount(Decimal(500))),
        (RECEIPT, cost("E112", 1, "500.01"), None),
        (DIRECT, cost("E119", 4, "250.01"), WriteOff()),
    ],
)
def test_check_finds_an_expense(rule, line, fix):
    (finding,) = found(rule, line)
    assert (finding.rule, finding.line_key, finding.fix) == (rule["kind"], line.key, fix)


@pytest.mark.parametrize(
    ("rule", "line"),
    [
        (OVERHEAD, cost("E112", 1, 5)),
        (OVERHEAD, make_line(expense_code="E101")),
        (UNIT, cost("E101", 4000, "0.10")),
        (UNIT, cost("E112", 1, "9.00")),
        (TOTAL, cost("E110", 1, "500.00")),
        (RECEIPT, cost("E112", 1, "500.00")),
        (RECEIPT, cost("E112", 1, "900.00", has_receipt=True)),
        ({**RECEIPT, "codes": ["E110"]}, cost("E112", 1, "900.00")),
        (RECEIPT, make_line(units=Decimal(9))),
        (DIRECT, cost("E119", 4, "250.00")),
        (DIRECT, cost("E112", 4, "999.00")),
        (WORK, make_line(units=Decimal("3.5"))),
        (WORK, make_line(units=Decimal(9), has_document=True)),
        (WORK, make_line(units=Decimal(9), activity_code="A104")),
    ],
)
def test_check_leaves_an_expense_within_the_rule(rule, line):
    assert found(rule, line) == []


def test_expense_total_adds_up_the_bill():
    lines = [cost("E110", 1, 300, key=key) for key in "abc"]
    assert [(one.line_key, one.fix) for one in found(TOTAL, *lines)] == [
        ("b", CutAmount(Decimal(200))),
        ("c", WriteOff()),
    ]
    assert found({**TOTAL, "per": "line"}, *lines) == []


def test_work_product_adds_up_the_drafting_of_a_task():
    lines = [make_line(key=key, units=Decimal(2)) for key in "abc"]
    (finding,) = found(WORK, *lines)
    assert (finding.line_key, finding.fix) == ("b", None)
    assert finding.sentence.startswith("$1,710.00 were billed on drafting; this carrier wants the document above")
    assert found(WORK, lines[0], make_line(units=Decimal(2), task_code="L210")) == []


def test_expense_unit_cost_shows_parts_of_a_cent():
    (finding,) = found(UNIT, cost("E101", 40, "0.1250"))
    assert finding.sentence.startswith("A unit of E101 costs $0.125; this carrier pays $0.10.")
