"""Rules while they are edited: every kind survives its form, and what is wrong stands beside its field."""

from typing import Any

import pytest

from core.errors import InvalidInputError
from guidelines.catalog import KindOfRule, catalog
from guidelines.rules import dump_rules, parse_rules
from services.rules.guideline_drafts import (
    Draft,
    Value,
    changes_of,
    copy_of,
    data_of,
    draft_of,
    drafts_of,
    find_kinds,
    name_problems,
    new_draft,
    with_value,
)
from services.rules.guideline_forms import fields_of

GRADES = "Choose 'partner', 'counsel', 'associate', 'paralegal' or 'other'."


def make_draft(**data: Any) -> Draft:
    (rule,) = parse_rules([{"action": "warn", **data}])
    return draft_of(rule, "r1", rule)


@pytest.mark.parametrize("entry", catalog(), ids=lambda entry: entry.kind)
def test_read_back_every_kind_from_its_form(entry: KindOfRule):
    draft = new_draft(entry.kind, "r1", ())
    assert dict(draft.read.problems) == {}
    assert data_of([draft]) == dump_rules(parse_rules([{"kind": entry.kind, "action": "warn"}]))
    fields = fields_of(draft)
    assert {one.name for one in fields} == set(draft.values)
    assert all(one.choices for one in fields if one.control in {"choice", "choices"})


@pytest.mark.parametrize(
    ("kind", "name", "value", "problem"),
    [
        ("max_hours_per_day", "hours", "", "Give a number, as in 1.5."),
        ("max_hours_per_day", "hours", "twelve", "Give a number, as in 1.5."),
        ("max_hours_per_day", "hours", "1e9", "Give a number, as in 1.5."),
        ("max_hours_per_day", "hours", "9" * 40, "Give a number, as in 1.5."),
        ("max_hours_per_day", "hours", "-1", "Give a number, as in 1.5."),
        ("max_hours_per_day", "hours", "0", "Must be more than 0."),
        ("max_hours_per_day", "hours", "25", "Must be at most 24."),
        ("max_age_days", "days", "1.5", "Give a whole number, as in 30."),
        ("billing_period", "year_begins", "13", "Must be at most 12."),
        ("research_limit", "window", "decade", "Choose 'period' or 'matter'."),
        ("below_grade", "grades", ("partner", "emperor"), GRADES),
        ("task_share", "shares", (("L140", "0"),), "Must be more than 0."),
        ("task_share", "shares", (("L140", "10"), ("l140", "20")), "L140 stands there twice; take one of them out."),
        ("task_share", "shares", (("", "10"),), "Give each amount its code, or take the row out."),
        ("staffing", "by_grade", (("emperor", "1"),), GRADES),
        ("rate_cap", "action", "ignore", "Choose 'block', 'reduce', 'warn' or 'allowed'."),
        ("rate_cap", "id", "My Rule", "Use small letters, digits, - and _ only."),
        ("rate_cap", "effective_from", "soon", "Give a day, or leave it empty."),
        ("rate_cap", "citation", "x" * 121, "At most 120 characters."),
    ],
)  # fmt: skip
def test_say_what_is_wrong_beside_the_field(kind: str, name: str, value: Value, problem: str):
    draft = with_value(new_draft(kind, "r1", ()), name, value)
    assert dict(draft.read.problems) == {name: problem}
    assert draft.read.rule is None
    assert next(one.problem for one in fields_of(draft) if one.name == name) == problem
    with pytest.raises(InvalidInputError, match="Correct rule 1 first"):
        data_of([draft])


def test_say_what_is_wrong_with_the_whole_rule():
    draft = make_draft(kind="rate_cap", effective_from="2026-10-02", effective_to="2026-10-31")
    draft = with_value(draft, "effective_to", "2026-10-01")
    assert dict(draft.read.problems) == {"": "The rule ends before it begins."}


@pytest.mark.parametrize(
    ("kind", "name", "value", "stored"),
    [
        ("receipt_required", "over", "$1,250.50", "1250.50"),
        ("billing_frequency", "unless_over", " ", None),
        ("research_limit", "codes", "a102; l120,\nA104", ["A102", "A104", "L120"]),
        ("barred_keyword", "keywords", "prebill\n\n  write off ", ["prebill", "write off"]),
        ("expense_total", "caps", (("e110", "500"), ("E112", "75.5")), {"E110": "500", "E112": "75.5"}),
        ("rate_cap", "effective_to", "2026-10-31", "2026-10-31"),
        ("same_time", "same_text", False, False),
    ],
)
def test_read_what_people_type(kind: str, name: str, value: Value, stored: object):
    draft = with_value(new_draft(kind, "r1", ()), name, value)
    assert data_of([draft])[0][name] == stored


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("colour", "blue"),
        ("kind", "budget"),
        ("hours", True),
        ("hours", ("12",)),
        ("hours", {"a": 1}),
        ("hours", "1" * 201),
        ("scope.clients", "x" * 2001),
    ],
)
def test_refuse_what_no_form_sends(name: str, value: Any):
    with pytest.raises(InvalidInputError, match="cannot be read"):
        with_value(new_draft("max_hours_per_day", "r1", ()), name, value)


def test_name_rules_apart():
    first = new_draft("rate_cap", "r1", ())
    second = new_draft("rate_cap", "r2", [first.name])
    third = copy_of(second, "r3", [first.name, second.name])
    assert [one.name for one in (first, second, third)] == ["rate_cap", "rate_cap-2", "rate_cap-2-2"]
    assert name_problems([first, second, third]) == {}
    clash = with_value(second, "id", "")
    assert name_problems([first, clash]) == {
        "r2": "Another rule is called rate_cap too; give one of them a name of its own."
    }
    with pytest.raises(InvalidInputError, match="Correct rule 2 first"):
        data_of([first, clash])
    with pytest.raises(InvalidInputError, match="no such kind"):
        new_draft("astrology", "r1", ())


def test_tell_what_an_edited_list_changes():
    in_force = parse_rules([{"kind": "max_hours_per_day", "action": "warn", "hours": "12"}])
    (draft,) = drafts_of(in_force, in_force=in_force, first=7)
    assert (draft.key, draft.origin) == ("r7", in_force[0])
    assert changes_of(in_force, [draft]) == []
    (told,) = changes_of(in_force, [with_value(draft, "hours", "10.0")])
    assert told.sentences == ("Most hours a day: 10 hours, was 12 hours.",)


@pytest.mark.parametrize(
    ("text", "kinds"),
    [("research", ["research_limit"]), ("RATE approved", ["rate_cap"]), ("astrology", []), ("%", [])],
)
def test_find_kinds_by_their_words(text: str, kinds: list[str]):
    found = [entry.kind for entry in find_kinds(text)]
    assert set(kinds) <= set(found)
    assert bool(found) is bool(kinds)
    assert len(find_kinds("")) == len(catalog())
