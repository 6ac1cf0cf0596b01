"""The month that the guidelines are measured on, and the plain twin beside them."""

from itertools import islice

from benchmarks.guidelines import LINES_EACH, all_rules, bills, check_month, naive, past_line
from guidelines.catalog import catalog


def test_engine_finds_what_a_scan_of_the_month_finds():
    month = list(islice(bills(), 12))
    past = [past_line(bill, line) for bill, lines in month for line in lines]
    few = tuple(rule for rule in all_rules() if rule.kind in {"max_hours_per_day", "duplicate_line", "clerical_work"})
    found = sorted((one.line_key, one.rule) for one in check_month(few, month, past))
    assert found == sorted(naive(month, past))
    assert len(found) >= 3


def test_the_month_meets_every_rule_and_mostly_keeps_them():
    month = list(islice(bills(), 40))
    past = [past_line(bill, line) for bill, lines in month for line in lines]
    rules = all_rules()
    assert [rule.kind for rule in rules] == [entry.kind for entry in catalog()]
    lines = {one.line_key for one in check_month(rules, month, past)}
    assert len(lines) < 40 * LINES_EACH / 4
