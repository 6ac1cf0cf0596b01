"""Narratives as words and joints: what the short pattern of plain words must leave to the long one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guidelines.narratives.tokens import tokenize


def cut(text):
    return [(token.kind, token.low) for token in tokenize(text)]


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("Draft answer", [("word", "draft"), ("word", "answer")]),
        (
            "Draft answer, and file",
            [("word", "draft"), ("word", "answer"), ("weak", ","), ("weak", "and"), ("word", "file")],
        ),
        ("Meet and confer call", [("word", "meet and confer"), ("word", "call")]),
        ("Meet expert", [("word", "meet"), ("word", "expert")]),
        ("Rule 12(b)(6)", [("word", "rule"), ("aside", "12"), ("aside", "(b)"), ("aside", "(6)")]),
        ("TC w/ adj", [("word", "tc"), ("word", "w/"), ("word", "adj")]),
        ("Dr. Ruiz", [("word", "dr"), ("word", "ruiz")]),
        ("Acme Inc. Draft", [("word", "acme"), ("word", "inc"), ("strong", "."), ("word", "draft")]),
        ("Scan; THEN copy", [("word", "scan"), ("strong", ";"), ("next", "then"), ("word", "copy")]),
        ("thenar nerve", [("word", "thenar"), ("word", "nerve")]),
        ("before noon", [("word", "before"), ("word", "noon")]),
        ("before filing it", [("next", "before"), ("word", "filing"), ("word", "it")]),
        ("follow-up (0.3)", [("word", "follow-up"), ("hours", "(0.3)")]),
        ("Naïve claim: ½ day", [("word", "naïve"), ("word", "claim"), ("colon", ":"), ("word", "½"), ("word", "day")]),
    ],
)
def test_tokenize_cuts_words_from_joints(text, pieces):
    assert cut(text) == pieces


@given(st.text(alphabet="ab .,;:()-/'\n&1", max_size=30))
def test_tokenize_keeps_order_and_place(text):
    tokens = tokenize(text)
    assert [token.start for token in tokens] == sorted(token.start for token in tokens)
    assert all(text[token.start : token.end].lower().startswith(token.low[:1]) for token in tokens)
