"""A narrative as words and joints; parentheses, quotations, numbers and abbreviations stay whole."""

import re
from functools import partial
from typing import Final, NamedTuple

from guidelines.narratives.lexicon import UNKNOWN, Entry, abbreviations, lookup

STRONG, NEXT, WEAK, COLON, WORD, ASIDE, HOURS = "strong", "next", "weak", "colon", "word", "aside", "hours"
_SHORT = "|".join(sorted(abbreviations(), key=len, reverse=True))
_LONGEST = max(map(len, abbreviations()))
_NO_PLAIN = "and|plus|then|followed|as|after|while|afterwards|thereafter|before|prior|meet|met|meeting|hit"
_TOKEN = re.compile(
    rf"""
      \ ?(?P<plain>(?!(?:{_NO_PLAIN})\b)(?-i:[A-Za-z]+)(?=[ ,;:)]|\Z))
    | \ (?=\w)
    | (?P<hours>[(\[]\s*(?:\d*\.\d+\s*(?:h|hrs?|hours?)?|\d+\s*(?:h|hrs?|hours?))\.?\s*[)\]])
    | (?P<aside>\((?:[^()]|\([^()]*\))*\)|\[[^\[\]]*\]|"[^"]*"|“[^”]*”|(?!(?<!\S)\d{{1,2}}\)\s)\$?\d(?:[\d.,:/%-]*\d)?%?(?:st|nd|rd|th)?\b)
    | (?P<short>\bm(?:ee|e)t[ -]and[ -]confer(?:red)?\b|\bmeeting[ ]and[ ]conferring\b|(?:[^\W\d_]\.){{2,}}|(?=[^\s.]{{1,{_LONGEST}}}\.)(?:\b[A-Z]|\b(?:{_SHORT}))\.|\b[a-z]{{1,2}}/(?:[a-z]{{1,2}}\b)?)
    | (?P<next>(?<!\S)\d{{1,2}}\)(?=\s)|\bthen\b|\bfollowed\ by\b|\bas\ well\ as\b|\bafter\ which\b|\bwhile\ also\b|\bwhile(?=\ \w{{3,}}ing\b)
        |\bafterwards\b|\bthereafter\b|\b(?:before|prior\ to)(?=\ \w{{3,}}ing\b))
    | (?P<weak>,|&|\+|(?<=\w)/(?=\w)|\b(?:and|plus)\b)
    | (?P<word>[^\W_]+(?:['’-][^\W_]+)*)
    | (?P<strong>;|[.!?]+(?=\s|$)|\s*\n\s*|\s[-–—]+\s|—|–|--|[•*|/])
    | (?P<colon>:)
    """,  # noqa: E501, RUF001 -- alternatives stay whole; quotes as people type them
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


_token: Final = partial(tuple.__new__, Token)  # half the price of the constructor, paid a word


def tokenize(text: str) -> list[Token]:
    """Cut a narrative into words and joints; characters that are neither are skipped."""
    tokens: list[Token] = []
    for found in _TOKEN.finditer(text):
        kind = found.lastgroup
        if kind == "plain":
            low, end = found[kind].lower(), found.end()
            tokens.append(_token((WORD, low, end - len(low), end, lookup(low))))
        elif kind == "short":
            _add_short(tokens, found)
        elif kind is not None:
            low = found[0].lower()
            tokens.append(Token(kind, low, found.start(), found.end(), lookup(low) if kind == WORD else UNKNOWN))
    return tokens


def _add_short(tokens: list[Token], found: re.Match[str]) -> None:
    """Take an abbreviation for a word; its point may end the sentence too, where no other word has to follow it."""
    low = found[0].lower().rstrip(".").replace("-and-", " and ")
    tokens.append(Token(WORD, low, found.start(), found.end(), lookup(low)))
    is_end = found[0][-1] == "." and _ENDS.match(found.string, found.end()) is not None
    if is_end and not abbreviations().get(low, True):
        tokens.append(Token(STRONG, ".", found.end(), found.end(), UNKNOWN))
