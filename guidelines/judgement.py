"""The detectors' judgement of a narrative, kept by its text: edited bills are judged again and again.

Most narratives are one plain task that names something: two quick looks tell so, where the detectors would say the
same.
"""

import re
from functools import lru_cache
from typing import Final

from guidelines.keywords import has_no_sign, words_of
from guidelines.narratives.block_billing import BlockBilling, find_block_billing
from guidelines.narratives.lexicon import abbreviations, entries, is_generic
from guidelines.narratives.vagueness import Vagueness, find_vagueness

_KEPT: Final = 16_384
_SIGN: Final = re.compile(r"[^\w\s'\u2019-]|_|\n|\s-|-\s|--")
_JOINTS: Final = frozenset(
    ("and", "plus", "then", "followed", "well", "which", "while", "afterwards", "thereafter", "before", "prior")
)
_SMALL_WORD: Final = re.compile(r"[a-z]{4,}")

_detected_blocks = lru_cache(maxsize=_KEPT)(find_block_billing)
_detected_vagueness = lru_cache(maxsize=_KEPT)(find_vagueness)


def block_billing(text: str) -> BlockBilling | None:
    """Return the tasks that one narrative puts together, or None."""
    return None if _is_one_clause(text) else _detected_blocks(text)


def vagueness(text: str) -> Vagueness | None:
    """Return why a narrative says too little, or None."""
    return None if _is_one_clause(text) and _names_something(text) else _detected_vagueness(text)


@lru_cache(maxsize=_KEPT)
def _is_one_clause(text: str) -> bool:
    """Tell whether nothing in the text could join two tasks; a stop at its end, or behind 'Dr', joins nothing."""
    if not _JOINTS.isdisjoint(words_of(text)):
        return False
    text = text.rstrip(" .")
    if ". " in text:
        text = _without_inner_points(text)
    return has_no_sign(text) or _SIGN.search(text) is None


def _without_inner_points(text: str) -> str:
    """Return a text without its points, or as it is where one of them may end a sentence."""
    *pieces, last = text.split(". ")
    leads = abbreviations()
    if all(leads.get(piece.rpartition(" ")[2].lower(), False) for piece in pieces):
        return " ".join((*pieces, last))
    return text


def _names_something(text: str) -> bool:
    return any(map(_is_telling, text.rstrip(" .").split()))


@lru_cache(maxsize=_KEPT)
def _is_telling(word: str) -> bool:
    """Tell whether a word is a number, or neither a work word, nor one of any matter, nor a name."""
    if word.isascii() and word.isdigit():
        return True
    is_small = _SMALL_WORD.fullmatch(word) is not None
    return is_small and word not in entries() and not word.endswith(("ly", "ed")) and not is_generic(word)
