"""Rules as data: what is read, what is refused, and that they come back the same."""

import json
from typing import Any, get_args

import pytest
from pydantic import ValidationError

from guidelines.checks.registry import prepared
from guidelines.rules import Rule, dump_rules, parse_rules

WITHOUT_EXTRAS: list[dict[str, Any]] = [
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
KINDS = [model.model_fields["kind"].default for model in get_args(get_args(Rule)[0])]


def test_parse_rules_reads_rules_without_id_days_scope_and_citation():
    dumped = dump_rules(parse_rules(WITHOUT_EXTRAS))
    assert [{key: row[key] for key in given} for row, given in zip(dumped, WITHOUT_EXTRAS, strict=True)] == (
        WITHOUT_EXTRAS
    )


@pytest.mark.parametrize("kind", KINDS)
def test_parse_rules_reads_every_kind_by_its_defaults_and_dumps_the_same(kind):
    rules = parse_rules([{"kind": kind, "action": "warn"}])
    written = json.dumps(dump_rules(rules))
    assert parse_rules(json.loads(written)) == rules
    assert json.dumps(dump_rules(parse_rules(json.loads(written)))) == written
    assert callable(prepared(rules[0]))


def test_parse_rules_tells_rules_of_one_kind_apart_by_id():
    travel = {"kind": "travel_time", "action": "reduce"}
    with pytest.raises(ValidationError, match="two rules are called 'travel_time'"):
        parse_rules([travel, travel])
    assert [rule.name for rule in parse_rules([travel, {**travel, "id": "court_travel"}])] == [
        "travel_time",
        "court_travel",
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "unheard_of", "action": "warn"},
        {"kind": "rate_cap"},
        {"kind": "rate_cap", "action": "delete"},
        {"kind": "rate_cap", "action": "allowed"},
        {"kind": "rate_cap", "action": "warn", "limit": 3},
        {"kind": "rate_cap", "action": "warn", "id": "Rate cap"},
        {"kind": "rate_cap", "action": "warn", "scope": {"claims": ["7"]}},
        {"kind": "rate_cap", "action": "warn", "effective_from": "2026-10-02", "effective_to": "2026-10-01"},
        {"kind": "max_hours_per_day", "action": "warn", "hours": "0"},
        {"kind": "max_hours_per_day", "action": "warn", "hours": "25"},
        {"kind": "max_age_days", "action": "warn", "days": -1},
        {"kind": "vague_narrative", "action": "warn", "phrases": [" "]},
        {"kind": "travel_time", "action": "warn", "percent": "101"},
        {"kind": "billing_frequency", "action": "warn", "every": "week"},
        {"kind": "staffing", "action": "warn", "by_grade": {"boss": 1}},
    ],
)
def test_parse_rules_refuses(wrong):
    with pytest.raises(ValidationError):
        parse_rules([wrong])
