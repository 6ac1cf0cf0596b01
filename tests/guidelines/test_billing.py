"""When a bill comes, which days it covers, and what is agreed to be spent."""

from datetime import date
from decimal import Decimal

import pytest

from guidelines.bill import ApprovedBudget
from guidelines.fixes import CutAmount, WriteOff
from guidelines.lines import WHOLE_BILL
from guidelines.rules import Action
from tests.guidelines.builders import found, make_bill, make_cost, make_line

AGE = {"kind": "max_age_days", "days": 180}
INVOICE = {"kind": "max_invoice_age", "days": 30}
FREQUENCY = {"kind": "billing_frequency", "every": "quarter", "unless_over": "5000"}
PERIOD = {"kind": "billing_period", "within": "month"}
BUDGET = {"kind": "budget", "notice_percent": "10"}
SHARE = {"kind": "task_share", "shares": {"L140": "10"}}


@pytest.mark.parametrize("make", [make_line, make_cost])
def test_max_age_days_writes_old_work_off(make):
    (finding,) = found(AGE, make(worked_on=date(2026, 5, 5)))
    assert finding.fix == WriteOff()
    assert "181 days old" in finding.sentence
    assert found(AGE, make(worked_on=date(2026, 5, 6))) == []


@pytest.mark.parametrize(
    ("rule", "bill"),
    [
        (INVOICE, make_bill(submitted_on=date(2026, 12, 3))),
        (FREQUENCY, make_bill(last_billed_on=date(2026, 10, 1))),
        ({**FREQUENCY, "every": "month"}, make_bill(last_billed_on=date(2026, 11, 1), period_end=None)),
        ({**FREQUENCY, "within_days": 1}, make_bill()),
        (PERIOD, make_bill(period_start=date(2026, 9, 30))),
        ({**PERIOD, "within": "quarter"}, make_bill(period_start=date(2026, 9, 30))),
        ({**PERIOD, "within": "year", "year_begins": 10}, make_bill(period_start=date(2026, 9, 30))),
        (PERIOD, make_bill(invoice_date=date(2026, 10, 30))),
        ({**BUDGET, "must_exist": True}, make_bill()),
    ],
)
def test_check_finds_a_bill_as_a_whole(rule, bill):
    (finding,) = found(rule, make_line(), bill=bill)
    assert (finding.rule, finding.line_key, finding.fix) == (rule["kind"], WHOLE_BILL, None)
    assert found(rule, bill=bill) == []


@pytest.mark.parametrize(
    ("rule", "bill"),
    [
        (INVOICE, make_bill(submitted_on=date(2026, 12, 2))),
        (INVOICE, make_bill(submitted_on=None)),
        (FREQUENCY, make_bill(last_billed_on=date(2026, 9, 30))),
        (FREQUENCY, make_bill()),
        (FREQUENCY, make_bill(last_billed_on=date(2026, 10, 1), is_final=True)),
        ({**FREQUENCY, "unless_over": "284.99"}, make_bill(last_billed_on=date(2026, 10, 1))),
        ({**FREQUENCY, "within_days": 2}, make_bill()),
        (PERIOD, make_bill()),
        ({**PERIOD, "within": "quarter"}, make_bill(period_start=date(2026, 10, 1), period_end=date(2026, 10, 31))),
        (PERIOD, make_bill(period_start=None)),
        ({**PERIOD, "is_early_refused": False}, make_bill(invoice_date=date(2026, 10, 30))),
        ({**BUDGET, "must_exist": True}, make_bill(budgets=(ApprovedBudget(code="", amount=Decimal(9000)),))),
        (BUDGET, make_bill()),
    ],
)
def test_check_leaves_a_bill_within_the_rule(rule, bill):
    assert found(rule, make_line(), bill=bill) == []


def spent(before):
    return make_bill(budgets=(ApprovedBudget(code="", amount=Decimal(1000), billed_before=Decimal(before)),))


def test_budget_finds_the_line_that_passes_it():
    lines = [make_line(key=key) for key in "abc"]
    (finding,) = found({**BUDGET, "action": "block"}, *lines, bill=spent("430.01"))
    assert (finding.line_key, finding.action, finding.fix) == ("b", Action.BLOCK, None)
    assert finding.sentence.startswith("$1,000.01 are billed for the matter with this line; $1,000.00 are approved.")


def test_budget_cuts_to_what_is_left_where_the_carrier_does():
    lines = [make_line(key=key) for key in "abc"]
    cut = found({**BUDGET, "action": "reduce"}, *lines, bill=spent("500"))
    assert [(one.line_key, one.fix) for one in cut] == [("b", CutAmount(Decimal("215.00"))), ("c", WriteOff())]


def test_budget_gives_notice_and_only_warns():
    (finding,) = found({**BUDGET, "action": "block"}, make_line(), bill=spent("615.01"))
    assert finding.action is Action.WARN
    assert finding.sentence.startswith("$900.01 of the $1,000.00 for the matter are billed with this line.")
    assert found(BUDGET, make_line(), bill=spent("615")) == []
    assert found(BUDGET, make_line(units=Decimal("0.1")), bill=spent("901")) == []


def test_budget_counts_phases_and_tasks():
    lines = [make_line(), make_line(key="2", task_code="L330"), make_line(key="3", task_code="L210"), make_cost()]
    bill = make_bill(budgets=tuple(ApprovedBudget(code=code, amount=Decimal(500)) for code in ("L300", "L210")))
    (finding,) = found(BUDGET, *lines, bill=bill)
    assert (finding.line_key, "for L300" in finding.sentence) == ("2", True)


@pytest.mark.parametrize(
    ("days", "count"),
    [
        ({}, 1),
        ({"work_from": date(2026, 10, 5)}, 1),
        ({"work_from": date(2026, 10, 6)}, 0),
        ({"work_to": date(2026, 10, 5)}, 1),
        ({"work_to": date(2026, 10, 4)}, 0),
    ],
)
def test_budget_is_for_its_days_of_work(days, count):
    bill = make_bill(budgets=(ApprovedBudget(code="", amount=Decimal(100), **days),))
    assert len(found(BUDGET, make_line(), bill=bill)) == count


def test_task_share_finds_the_line_that_passes_it():
    other = make_line(units=Decimal("9.0"), key="a")
    file, more = make_line(task_code="L140", key="b"), make_line(task_code="L140", units=Decimal("0.1"), key="c")
    (finding,) = found(SHARE, other, file, more)
    assert finding.line_key == "c"
    assert finding.sentence.startswith("L140 takes 10.9 % of the bill's fees; this carrier pays up to 10 %.")
    assert found(SHARE, other, file) == []
    assert found(SHARE, make_cost()) == []
