"""Words and phrases: endings, places, quotations."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guidelines.keywords import Keywords, plain, words_of
from guidelines.words import word_list

CLERICAL = Keywords(word_list("clerical"))


@pytest.mark.parametrize(
    ("phrase", "text", "quoted"),
    [
        ("schedule", "Scheduling of hearing", "Scheduling"),
        ("scan", "scanned exhibits", "scanned"),
        ("copy", "Copied chart", "Copied"),
        ("Bates stamp", "BATES   STAMPED pages", "BATES   STAMPED"),
        ("Bates stamp", "Bates-stamping of pages", "Bates-stamping"),
        ("e-file", "Will e-filed yesterday", "e-filed"),
        ("fax", "Faxes to clinic", "Faxes"),
        ("CLE", "Attend CLE", "CLE"),
        ("§", "Analyze § 1332", "§"),
        ("prepare & file", "Prepared & filed answer", "Prepared & filed"),
    ],
)
def test_find_quotes_a_phrase_with_its_endings(phrase, text, quoted):
    assert Keywords([phrase]).find(text) == quoted


@pytest.mark.parametrize(
    ("phrase", "text"), [("scan", "Scandal sheet"), ("file", "Profile of witness"), ("open file", "open the file")]
)
def test_find_leaves_parts_of_words_and_broken_phrases(phrase, text):
    assert Keywords([phrase]).find(text) is None


def test_find_takes_phrases_to_the_letter_when_asked():
    assert Keywords(["review"], is_inflected=False).find("Reviewing file") is None
    assert Keywords([]).find("anything") is None


def test_find_takes_only_what_begins_a_task_when_asked():
    words = Keywords(["schedule", "calendar"], is_task=True)
    assert words.find("Call court to schedule hearing") == "schedule"
    assert words.find("Draft answer; calendared deadline") == "calendared"
    assert Keywords(["order transcript"], is_task=True).find("Order transcript of hearing") == "Order transcript"
    assert words.find("Analyze scheduling order and calendar of court") is None


def test_without_takes_phrases_out():
    assert Keywords(["no travel"]).without("Attend hearing, no travel") == "Attend hearing,  "
    assert Keywords(["no travel"]).without("Attend hearing") == "Attend hearing"


def test_plain_keeps_words_in_their_order():
    assert plain("Draft, the “Answer”;  to it.") == "draft the answer to it"


@given(st.sampled_from(word_list("clerical")), st.text(max_size=20))
def test_find_finds_every_listed_phrase_between_spaces(phrase, text):
    assert CLERICAL.find(f"{text} {phrase} {text}")
    assert words_of(phrase)
