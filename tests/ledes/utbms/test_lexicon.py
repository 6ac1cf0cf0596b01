"""The packaged phrases, and how the longest of them is found."""

import csv
from importlib.resources import files
from itertools import product

import pytest

from ledes.utbms import lookup
from ledes.utbms.lexicon import find_phrases, lexicon, senses
from ledes.utbms.words import split_words, stem

TABLES = {"tasks": "task", "activities": "activity", "parties": "activity", "expenses": "expense"}


def rows(name):
    with (files("ledes.utbms") / "data" / f"{name}.csv").open(encoding="ascii") as table:
        return list(csv.DictReader(table))


def found(name, text):
    words = split_words(text)
    return [
        (text[words.starts[one.first] : words.ends[one.last]], sorted(code for code, _ in one.meanings))
        for one in find_phrases(lexicon(name), words.stems)
    ]


@pytest.mark.parametrize(("name", "kind"), TABLES.items())
def test_table_names_verified_codes_of_its_kind_with_a_sense(name, kind):
    named = {row["code"] for row in rows(name)} - ({""} if name == "activities" else set())
    assert {code for code in named if lookup(code) is None or lookup(code).kind != kind} == set()
    assert {code for code in named if not lookup(code).is_verified} == set()
    assert named - set(senses()) == set()


@pytest.mark.parametrize("name", TABLES)
def test_table_weighs_each_phrase_from_1_to_10(name):
    assert {row["phrase"] for row in rows(name) if not 1 <= int(row["weight"]) <= 10} == set()


@pytest.mark.parametrize("name", TABLES)
def test_table_neither_begins_nor_ends_a_phrase_with_a_gap(name):
    slots = [row["phrase"].split() for row in rows(name)]
    assert [phrase for phrase in slots if phrase[0] == ".." or phrase[-1] == ".."] == []


@pytest.mark.parametrize("name", TABLES)
def test_table_weighs_no_phrase_twice(name):
    weights = {}
    for row in rows(name):
        for slots in product(*(slot.split("|") for slot in row["phrase"].split())):
            weights.setdefault((row["code"], tuple(stem(slot) for slot in slots)), set()).add(row["weight"])
    assert {key for key, given in weights.items() if len(given) > 1} == set()


def test_find_takes_the_longest_phrase():
    assert found("tasks", "Draft motion for summary judgment") == [("motion for summary judgment", ["L240"])]


def test_find_bridges_up_to_three_words():
    assert found("tasks", "deposition of the plaintiff's lead liability expert")[0] == (
        "deposition of the plaintiff's lead liability expert",
        ["L340"],
    )
    assert found("tasks", "deposition of a man who is no expert")[0] == ("deposition of", ["L330"])


def test_find_crosses_no_semicolon():
    assert found("tasks", "deposition of plaintiff; expert")[0] == ("deposition of", ["L330"])


def test_find_sees_a_phrase_in_the_gap_of_another():
    assert [quote for quote, _ in found("tasks", "Appear at status hearing")] == [
        "Appear at status hearing",
        "status hearing",
    ]
