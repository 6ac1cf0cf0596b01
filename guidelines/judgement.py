"""The detectors' judgement of a narrative, kept by its text: edited bills are judged again and again.

Most narratives are one plain task that names something: two quick looks tell so, where the detectors would say the
same.
"""

import re
from functools import lru_cache
from typing import Final

from guidelines.keywords import words_of
from guidelines.narratives.block_billing import BlockBilling, find_block_billing
from guidelines.narratives.lexicon import entries, is_generic
from guidelines.narratives.vagueness import Vagueness, find_vagueness

_KEPT: Final = 16_384
_SIGN: Final = re.compile(r"[^\w\s'\u2019-]|_|\n|\s-|-\s|--")
_JOINTS: Final = frozenset(
    ("and", "plus", "then", "followed", "well", "which", "while", "afterwards", "thereafter", "before", "prior")
)
_SMALL_WORD: Final = re.compile(r"(?<![\w'\u2019-])[a-z]{4,}(?![\w'\u2019-])")


@lru_cache(maxsize=_KEPT)
def block_billing(text: str) -> BlockBilling | None:
    """Return the tasks that one narrative puts together, or None."""
    return find_block_billing(text) if _may_be_several(text) else None


@lru_cache(maxsize=_KEPT)
def vagueness(text: str) -> Vagueness | None:
    """Return why a narrative says too little, or None."""
    return find_vagueness(text) if _may_be_several(text) or not _names_something(text) else None


def _may_be_several(text: str) -> bool:
    """Tell whether anything in the text could join two tasks; a stop at its end joins nothing."""
    return not _JOINTS.isdisjoint(words_of(text)) or _SIGN.search(text.rstrip(" .")) is not None


def _names_something(text: str) -> bool:
    """Tell whether a word of the text is neither a work word, nor one of any matter, nor a name."""
    known = entries()
    return any(
        word not in known and not word.endswith(("ly", "ed")) and not is_generic(word)
        for word in _SMALL_WORD.findall(text)
    )
