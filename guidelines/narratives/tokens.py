"""A narrative as words and joints; parentheses, quotations, numbers and abbreviations stay whole."""

import re
from typing import NamedTuple

from guidelines.narratives.lexicon import UNKNOWN, Entry, abbreviations, lookup

STRONG, NEXT, WEAK, COLON, WORD, ASIDE, HOURS = "strong", "next", "weak", "colon", "word", "aside", "hours"
_SHORT = "|".join(sorted(abbreviations(), key=len, reverse=True))
_LONGEST = max(map(len, abbreviations()))
_TOKEN = re.compile(
    rf"""
      (?P<hours>[(\[]\s*(?:\d*\.\d+\s*(?:h|hrs?|hours?)?|\d+\s*(?:h|hrs?|hours?))\.?\s*[)\]])
    | (?P<aside>\((?:[^()]|\([^()]*\))*\)|\[[^\[\]]*\]|"[^"]*"|“[^”]*”|\$?\d(?:[\d.,:/%-]*\d)?%?(?:st|nd|rd|th)?\b)
    | (?P<short>\bm(?:ee|e)t[ -]and[ -]confer(?:red)?\b|\bmeeting[ ]and[ ]conferring\b|(?:[^\W\d_]\.){{2,}}|(?=[^\s.]{{1,{_LONGEST}}}\.)(?:\b[A-Z]|\b(?:{_SHORT}))\.|\b[a-z]{{1,2}}/(?:[a-z]{{1,2}}\b)?)
    | (?P<next>(?<!\S)\d{{1,2}}\)(?=\s)|\bthen\b|\bfollowed\ by\b|\bas\ well\ as\b|\bafter\ which\b|\bwhile\ also\b|\bwhile(?=\ \w{{3,}}ing\b)
        |\bafterwards\b|\bthereafter\b|\b(?:before|prior\ to)(?=\ \w{{3,}}ing\b))
    | (?P<weak>,|&|\+|(?<=\w)/(?=\w)|\b(?:and|plus)\b)
    | (?P<word>[^\W_]+(?:['’-][^\W_]+)*)
    | (?P<strong>;|[.!?]+(?=\s|$)|\s*\n\s*|\s[-–—]+\s|—|–|--|[•*|/])
    | (?P<colon>:)
    """,  # noqa: E501, RUF001
    re.VERBOSE | re.IGNORECASE,
)
_ENDS = re.compile(r"\s+[A-Z]")


class Token(NamedTuple):
    """One piece of a narrative.

    Attributes:
        kind: word, aside, hours, colon, or a joint: strong (a stop), next ('then'), weak (a comma, 'and').
        low: its text in lower case; of an abbreviation without its points.
        start, end: where it stands in the narrative.
        entry: what the lexicon knows of a word.
    """

    kind: str
    low: str
    start: int
    end: int
    entry: Entry


def tokenize(text: str) -> list[Token]:
    """Cut a narrative into words and joints; characters that are neither are skipped."""
    tokens = []
    for found in _TOKEN.finditer(text):
        kind, low = found.lastgroup or WORD, found[0].lower()
        if kind == "short":
            kind, low = WORD, low.rstrip(".").replace("-and-", " and ")
        tokens.append(Token(kind, low, found.start(), found.end(), lookup(low) if kind == WORD else UNKNOWN))
        if (
            kind == WORD
            and found[0][-1] == "."
            and _ENDS.match(text, found.end())
            and not abbreviations().get(low, True)
        ):
            tokens.append(Token(STRONG, ".", found.end(), found.end(), UNKNOWN))
    return tokens
