"""Rules as data: what is read, what is refused, and that they come back the same."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from guidelines.engine import check
from guidelines.rules import MaxHoursPerDay, MinIncrement, dump_rules, parse_rules
from tests.guidelines.builders import make_line

ALL: list[dict[str, Any]] = [
    {"kind": "max_hours_per_day", "action": "warn", "hours": "12"},
    {"kind": "max_hours_per_entry", "action": "warn", "hours": "10"},
    {"kind": "max_age_days", "action": "block", "days": 180},
    {"kind": "vague_narrative", "action": "warn", "phrases": ["attention to"], "min_words": 3},
    {"kind": "non_billable_expense", "action": "reduce", "codes": ["E101"]},
    {"kind": "max_narrative", "action": "block", "characters": 1000},
    {"kind": "min_increment", "action": "block", "hours": "0.1"},
    {"kind": "rate_cap", "action": "reduce"},
    {"kind": "missing_code", "action": "block"},
]


def test_parse_rules_reads_every_kind_and_dumps_the_same():
    rules = parse_rules(ALL)
    assert dump_rules(rules) == ALL
    assert parse_rules(dump_rules(rules)) == rules


def test_parse_rules_keeps_hours_exact():
    rule = parse_rules([ALL[0]])[0]
    assert isinstance(rule, MaxHoursPerDay)
    assert rule.hours == Decimal(12)


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "unheard_of", "action": "warn"},
        {"kind": "rate_cap"},
        {"kind": "rate_cap", "action": "delete"},
        {"kind": "rate_cap", "action": "warn", "limit": 3},
        {"kind": "max_hours_per_day", "action": "warn", "hours": "0"},
        {"kind": "max_hours_per_day", "action": "warn", "hours": "25"},
        {"kind": "max_age_days", "action": "warn", "days": -1},
        {"kind": "vague_narrative", "action": "warn", "phrases": [" "]},
    ],
)
def test_parse_rules_refuses(wrong):
    with pytest.raises(ValidationError):
        parse_rules([wrong])


@given(st.decimals(0, 24, places=4), st.sampled_from(["0.1", "0.25", "0.5"]))
def test_min_increment_suggests_a_multiple_not_above_the_hours(units, step):
    (rule,) = parse_rules([{"kind": "min_increment", "action": "reduce", "hours": step}])
    assert isinstance(rule, MinIncrement)
    line = make_line(units=units)
    for finding in check([rule], [line], invoice_date=line.worked_on):
        assert finding.suggested_units is not None
        assert finding.suggested_units % rule.hours == 0
        assert 0 <= units - finding.suggested_units < rule.hours
