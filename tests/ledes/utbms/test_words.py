"""Narratives as word stems with their places."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledes.utbms.words import BREAK, START, split_words, stem


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("depose", "deposed", "deposing"), 1),
        (("interrogatory", "interrogatories", "rogs"), 1),
        (("draft", "drafts", "drafted", "drafting"), 1),
        (("confer", "conferred", "conferring"), 1),
        (("review", "reviewed", "rev"), 1),
        (("plaintiff", "plaintiffs", "plaintiff's", "plaintiffs'", "pltf's"), 1),
        (("email", "e-mail", "e-mails"), 1),
        (("witness", "witnesses"), 1),
        (("call", "calls", "called", "calling"), 1),
        (("depose", "deposition"), 2),
        (("analysis", "analyze"), 2),
        (("discuss", "discussion"), 2),
    ],
)
def test_stem_joins_inflections_and_keeps_words_apart(words, expected):
    assert len({stem(word) for word in words}) == expected


def test_split_gives_each_word_its_place():
    text = "Took the deposition; e-mailed O.C."
    words = split_words(text)
    assert words.stems == (START, "tak", "deposition", BREAK, "email", "o", "c")
    assert [text[start:end] for start, end in zip(words.starts, words.ends, strict=True)] == [
        "",
        "Took", "deposition", ";", "e-mailed", "O", "C",
    ]  # fmt: skip


@pytest.mark.parametrize("rule", ["26(f)", "30(b)(6)", "2-615", "3,100"])
def test_split_keeps_numbers_of_rules_whole(rule):
    assert split_words(f"Rule {rule} conference").stems == (START, "rul", rule, "conferenc")


@given(st.text(max_size=80))
def test_split_places_every_word_inside_the_text(text):
    words = split_words(text)
    assert all(0 <= start <= end <= len(text) for start, end in zip(words.starts, words.ends, strict=True))
    assert list(words.starts) == sorted(words.starts)
