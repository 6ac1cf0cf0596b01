"""The quick look at a narrative, held against the detectors themselves."""

from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.guidelines import bills
from benchmarks.narrative_set import halves
from guidelines.judgement import block_billing, vagueness
from guidelines.narratives.block_billing import find_block_billing
from guidelines.narratives.lexicon import abbreviations, entries
from guidelines.narratives.vagueness import find_vagueness

LEXICON = sorted(
    {*entries(), *abbreviations(), "plaintiff", "stairwell", "Ruiz", "w/", "JKA", "12(b)(6)", "12", "3", "re"}
)
POINTED = [f"{short.title()}." for short in abbreviations()]
PIECES = st.sampled_from(
    [*LEXICON, *POINTED, "and", "then", "to", "with", "of", "on", ",", ";", ".", "-", "(0.3)", "\n", ":"]
)


def is_judged_alike(text):
    return block_billing(text) == find_block_billing(text) and vagueness(text) == find_vagueness(text)


@settings(max_examples=400, deadline=None)
@given(st.lists(PIECES, max_size=9).map(" ".join))
def test_the_quick_look_agrees_with_the_detectors_on_words_of_the_lexicon(text):
    assert is_judged_alike(text)


@settings(deadline=None)
@given(st.text(max_size=60))
def test_the_quick_look_agrees_with_the_detectors_on_any_text(text):
    assert is_judged_alike(text)


@settings(max_examples=400, deadline=None)
@given(
    st.lists(st.sampled_from([*POINTED, "B.", "Ruiz", "deposition", "draft", "on", "causation"]), max_size=6).map(
        " ".join
    )
)
def test_the_quick_look_agrees_with_the_detectors_on_points_within_a_sentence(text):
    assert is_judged_alike(text)


def test_the_quick_look_agrees_with_the_detectors_on_narratives():
    training = [one.text for one in halves()[0]]
    month = [line.narrative for _, (_, lines) in zip(range(10), bills(), strict=False) for line in lines]
    assert [text for text in (*training, *month) if not is_judged_alike(text)] == []
