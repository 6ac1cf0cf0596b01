"""The catalogue of kinds, held against the rules themselves."""

from pathlib import Path
from typing import get_args

import pytest

from guidelines.catalog import catalog, kind_of_rule
from guidelines.kinds.base import BaseRule, Measure, ParameterType
from guidelines.rules import Rule, dump_rules, parse_rules

DOCS = Path(__file__).parents[2] / "docs" / "guidelines.md"
COMMON = set(BaseRule.model_fields)


def test_catalog_has_every_kind_once():
    kinds = [model.model_fields["kind"].default for model in get_args(get_args(Rule)[0])]
    assert [entry.kind for entry in catalog()] == kinds
    assert len({entry.title for entry in catalog()}) == len(kinds)


@pytest.mark.parametrize("entry", catalog(), ids=lambda entry: entry.kind)
def test_catalog_describes_a_kind_and_all_its_parameters(entry):
    (dumped,) = dump_rules(parse_rules([{"kind": entry.kind, "action": "warn"}]))
    assert {one.name: one.default for one in entry.parameters} == {
        name: value for name, value in dumped.items() if name not in COMMON
    }
    assert entry.description.endswith(".")
    assert all(one.label != one.name for one in entry.parameters)
    is_choice = {ParameterType.CHOICE, ParameterType.CHOICES}
    assert all(bool(one.choices) is (one.type in is_choice) for one in entry.parameters)


def test_catalog_tells_units_choices_and_what_may_be_left_out():
    hours = kind_of_rule("max_hours_per_day").parameters[0]
    assert (hours.label, hours.type, hours.unit) == ("Most hours a day", ParameterType.NUMBER, Measure.HOURS)
    frequency = {one.name: one for one in kind_of_rule("billing_frequency").parameters}
    assert frequency["every"].choices == ("month", "quarter", "year")
    assert frequency["within_days"].is_optional
    assert not frequency["every"].is_optional
    assert kind_of_rule("staffing").parameters[1].keys[0] == "partner"


def test_catalog_refuses_a_kind_that_is_not_there():
    with pytest.raises(KeyError):
        kind_of_rule("unheard_of")


@pytest.mark.parametrize("entry", catalog(), ids=lambda entry: entry.kind)
def test_docs_describe_every_kind_with_its_parameters(entry):
    (row,) = [row for row in DOCS.read_text().splitlines() if row.startswith(f"| `{entry.kind}` |")]
    assert entry.description in row
    assert [one.name for one in entry.parameters if f"`{one.name}`" not in row] == []
