"""A narrative as a row of word stems, each with its place, so that phrases are found in whatever inflection."""

import re
from functools import lru_cache
from typing import Final, NamedTuple

START: Final = "^"
BREAK: Final = ";"
_WORD: Final = re.compile(
    r"(?:e-(?=mail|discovery|fil))?[a-z]+(?:['\u2019][a-z]+)?"  # a word, perhaps with its possessive
    r"|\d+(?:[,.-]\d+)*(?:\([a-z0-9]+\))*"  # a number or a rule, as in 30(b)(6)
    r"|;"
)
_POSSESSIVE: Final = re.compile(r"['\u2019]s?$")
_ARTICLES: Final = frozenset({"a", "an", "the"})
_SHORTEST_STEM: Final = 3
_SAME: Final = {
    "adj": "adjuster",
    "atty": "attorney",
    "conf": "conference",
    "confs": "conference",
    "corr": "correspondence",
    "def": "defendant",
    "dep": "deposition",
    "depo": "deposition",
    "depos": "deposition",
    "deps": "deposition",
    "disc": "discovery",
    "ebt": "deposition",
    "ebts": "deposition",
    "insd": "insured",
    "ltr": "letter",
    "ltrs": "letter",
    "memo": "memorandum",
    "memos": "memorandum",
    "met": "meet",
    "mtg": "meeting",
    "mtn": "motion",
    "ortho": "orthopedist",
    "plf": "plaintiff",
    "pltf": "plaintiff",
    "pltff": "plaintiff",
    "prep": "prepare",
    "ptf": "plaintiff",
    "rec'd": "receive",
    "recs": "record",
    "resp": "response",
    "rev": "review",
    "rev'd": "review",
    "revd": "review",
    "rfas": "rfa",
    "rfps": "rfp",
    "rog": "interrogatory",
    "rogs": "interrogatory",
    "rsch": "research",
    "rvw": "review",
    "sent": "send",
    "spoke": "speak",
    "tel": "telephone",
    "telephonic": "telephone",
    "took": "take",
    "trx": "transcript",
    "wrote": "write",
}


class Words(NamedTuple):
    """The stems of a text after START, with the place of each: text[starts[i]:ends[i]] is the i-th word."""

    stems: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]


@lru_cache(maxsize=1024)
def split_words(text: str) -> Words:
    """Return the words of a text but for articles; a semicolon is a word of its own, which no phrase crosses."""
    # Same length as the text, so that places hold; casefold would lengthen some letters.
    lowered = text.lower() if text.isascii() else "".join(letter.lower()[:1] or letter for letter in text)
    found = [one for one in _WORD.finditer(lowered) if one.group() not in _ARTICLES]
    return Words(
        (START, *(stem(one.group()) for one in found)),
        (0, *(one.start() for one in found)),
        (0, *(one.end() for one in found)),
    )


@lru_cache(maxsize=16_384)
def stem(word: str) -> str:
    """Return a word without its inflection, an abbreviation in full.

    'deposing', 'deposed' and 'depose' are one; 'deposition' is another.
    """
    word = _SAME.get(word, word)
    if not word[0].isalpha():
        return word
    word = _POSSESSIVE.sub("", word).replace("-", "")
    return _without_tense(_singular(_SAME.get(word, word))).removesuffix("e")


def _singular(word: str) -> str:
    if len(word) > _SHORTEST_STEM + 1 and word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    if len(word) > _SHORTEST_STEM and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def _without_tense(word: str) -> str:
    for ending in ("ing", "ed"):
        base = word.removesuffix(ending)
        if base != word and len(base) >= _SHORTEST_STEM:
            twin = base[-1] == base[-2] and base[-1] not in "lsz"
            return base[:-1] if twin else base
    return word
