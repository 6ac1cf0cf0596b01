"""Rules in plain sentences, and what differs between two lists of them."""

import string
from typing import Any

import pytest

from guidelines.catalog import KindOfRule, catalog
from guidelines.differences import Change, differences
from guidelines.rules import parse_rules
from guidelines.sentences import SENTENCES, conditions_of, sentence_of

_DAY = {"kind": "max_hours_per_day", "action": "warn", "hours": "12"}
_CAP = {"kind": "rate_cap", "action": "reduce"}


def sentence(**data: Any) -> str:
    (rule,) = parse_rules([{"action": "warn", **data}])
    return sentence_of(rule)


@pytest.mark.parametrize("entry", catalog(), ids=lambda entry: entry.kind)
def test_say_every_kind_with_every_parameter(entry: KindOfRule):
    named = {name for _, name, _, _ in string.Formatter().parse(SENTENCES[entry.kind]) if name}
    assert named == {parameter.name for parameter in entry.parameters}
    said = sentence(kind=entry.kind)
    assert said[0].isupper()
    assert said.endswith(".")
    assert "{" not in said


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (
            {"kind": "max_hours_per_day", "hours": "1"},
            "One person bills at most 1 hour a day, over all matters and bills.",
        ),
        (
            {"kind": "expense_total", "caps": {"E110": "500", "E112": "75.5"}},
            "On one bill an expense comes to at most E110 $500.00, E112 $75.50.",
        ),
        ({"kind": "billing_frequency", "every": "month", "unless_over": None}, "One bill a month."),
        ({"kind": "barred_keyword", "keywords": list("abcde")}, "A bill never says “a”, “b”, “c” and 2 more."),
    ],
)
def test_say_values_in_words(data: dict[str, Any], said: str):
    assert sentence(**data) == said


def test_say_when_and_for_whom():
    limits = {"effective_from": "2026-10-01", "scope": {"matters": ["2024-00017"]}, "citation": "section 4.2"}
    (rule,) = parse_rules([{**_CAP, **limits}])
    assert conditions_of(rule) == "From 1 Oct 2026 · Only for matters 2024-00017 · Section 4.2"
    assert conditions_of(parse_rules([_CAP])[0]) == ""


def test_tell_what_was_added_removed_and_changed():
    words = {"kind": "barred_keyword", "action": "warn", "keywords": ["prebill", "overhead"]}
    before = parse_rules([_DAY, _CAP, words])
    after = parse_rules(
        [
            {**_DAY, "hours": "10", "action": "reduce", "citation": "section 2"},
            {**words, "keywords": ["overhead", "write off"]},
            {"kind": "missing_code", "action": "block"},
        ]
    )
    told = differences(before, after)
    assert [(one.change, one.title) for one in told] == [
        (Change.CHANGED, "Hours in a day"),
        (Change.CHANGED, "Barred words"),
        (Change.ADDED, "Missing code"),
        (Change.REMOVED, "Rate over the approved rate"),
    ]
    assert told[0].sentences == (
        "What breaks it cuts the line; until now it is questioned.",
        "Most hours a day: 10 hours, was 12 hours.",
        "Holds: Section 2; was: always, for all.",
    )
    assert told[1].sentences == ("Words: added write off and took out prebill.",)


def test_tell_another_order_and_nothing():
    one, two = parse_rules([_DAY]), parse_rules([_CAP])
    assert differences([*one, *two], [*one, *two]) == []
    assert [told.change for told in differences([*one, *two], [*two, *one])] == [Change.MOVED]


def test_tell_a_name_that_another_kind_took():
    before, after = parse_rules([{**_CAP, "id": "cap"}]), parse_rules([{**_DAY, "id": "cap"}])
    (told,) = differences(before, after)
    assert told.sentences[0].startswith("Was: Nobody bills above")
