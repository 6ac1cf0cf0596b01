"""What leaves out object, subject, purpose or person is vague; what names them is not, however it opens."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guidelines.narratives.lexicon import is_generic, lookup, terms
from guidelines.narratives.vagueness import find_vagueness

VAGUE = """
Attention to file
Review file
Work on case
Review documents
Legal research
Telephone call with client
Various e-mails
Conference
Draft correspondence
Trial preparation
Follow up
Review correspondence
""".strip().splitlines()

SPECIFIC = """
Review photographs of loading dock for lighting conditions
Research duty of bailee under warehouse receipt
Telephone call with claims handler Pratt on reserve for wage claim
Attention to plaintiff's discovery deficiency letter on Interrogatory 7
Draft answer to cross-complaint of Delmar Trucking
Attend deposition of Dr. Vance
Review records of Coast Orthopedics for prior knee injury
E-mail to adjuster Nolan on settlement demand of $85,000
Prepare cross-examination of plaintiff's accident reconstruction expert
Review complaint for removal on diversity
Take deposition of plaintiff's expert on additional insured status
Draft interrogatories to plaintiff directed at additional-insured status
Telephone call with claims handler M. Okafor to report late-disclosed witness
Research joint and several liability
Analyze change orders
""".strip().splitlines()


@pytest.mark.parametrize("text", VAGUE)
def test_find_what_is_left_out(text):
    found = find_vagueness(text)
    assert found is not None
    assert found.phrase in text
    assert found.phrase in found.reason


@pytest.mark.parametrize("text", SPECIFIC)
def test_find_nothing_in_specific_work(text):
    assert find_vagueness(text) is None


@pytest.mark.parametrize("term", sorted(terms()))
def test_terms_are_words_that_say_nothing_each_by_itself(term):
    """A term whose words say something by themselves would be a row that does nothing."""
    assert find_vagueness(f"Research {term}") is None
    assert all(is_generic(word) or lookup(word).verb is not None for word in term.split())


def test_find_what_is_left_out_where_the_words_of_a_term_stand_apart():
    assert find_vagueness("Draft additional letter to insured") is not None


@pytest.mark.parametrize(
    ("text", "missing"),
    [("Review documents", "object"), ("Telephone call with client", "subject"), ("Various e-mails", "purpose")],
)
def test_say_what_is_missing(text, missing):
    found = find_vagueness(text)
    assert found is not None
    assert found.missing == missing


def test_find_vague_part_among_specific_ones():
    found = find_vagueness("Draft answer to cross-complaint of Delmar Trucking; legal research")
    assert found is not None
    assert found.phrase == "legal research"


@given(st.text(max_size=200))
def test_any_text_gets_an_answer(text):
    found = find_vagueness(text)
    assert found is None or found.reason
