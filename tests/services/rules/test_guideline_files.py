"""Lists of rules as files: read back as written, refused when they are something else."""

import json

import pytest

from core.errors import InvalidInputError
from guidelines.rules import parse_rules
from services.rules.guideline_drafts import drafts_of
from services.rules.guideline_files import export_rules, import_rules

RULES = parse_rules(
    [
        {"kind": "max_hours_per_day", "action": "warn", "hours": "10.5"},
        {"kind": "expense_total", "action": "reduce", "caps": {"E110": "500"}, "scope": {"matters": ["2024-00017"]}},
    ]
)


def test_read_back_what_was_exported():
    text = export_rules("Harbor Mutual", 3, drafts_of(RULES, in_force=RULES, first=0))
    assert import_rules(text) == RULES
    assert json.loads(text)["carrier"] == "Harbor Mutual"


def test_read_a_bare_list():
    assert (
        import_rules('[{"kind": "max_hours_per_day", "action": "warn", "hours": 0.1}]')[0].kind == "max_hours_per_day"
    )
    assert import_rules("[]") == ()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "no JSON file"),
        ("{", "no JSON file"),
        ("[" * 100_000, "no JSON file"),
        (f'[{{"kind": "rate_cap", "action": {"9" * 5000}}}]', "no JSON file"),
        ("null", "holds no list"),
        ('"rules"', "holds no list"),
        ('{"guidelines": {"kind": "rate_cap"}}', "holds no list"),
        ("[1, 2]", "holds no list"),
        (" " * 200_001, "more than 200,000 characters"),
        (json.dumps([{}] * 151), "more than 150 rules"),
        ('[{"kind": "astrology", "action": "warn"}]', "rule 1"),
        ('[{"kind": "rate_cap", "action": "warn", "evil": true}]', "rule 1, evil"),
        ('[{"kind": "rate_cap", "action": "warn"}, {"kind": "rate_cap", "action": "warn"}]', "two rules are called"),
        ('[{"kind": "receipt_required", "action": "warn", "over": "1e400000"}]', "Rule 1 of the file: Give a number"),
        ('[{"kind": "receipt_required", "action": "warn", "over": NaN}]', "rule 1, over"),
    ],
)
def test_refuse_other_files(text: str, sentence: str):
    with pytest.raises(InvalidInputError, match=sentence):
        import_rules(text)
