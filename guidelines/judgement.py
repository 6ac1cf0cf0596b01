"""The detectors' judgement of a narrative, kept by its text: edited bills are judged again and again."""

from functools import lru_cache
from typing import Final

from guidelines.narratives.block_billing import BlockBilling, find_block_billing
from guidelines.narratives.vagueness import Vagueness, find_vagueness

_KEPT: Final = 16_384


@lru_cache(maxsize=_KEPT)
def block_billing(text: str) -> BlockBilling | None:
    """Return the tasks that one narrative puts together, or None."""
    return find_block_billing(text)


@lru_cache(maxsize=_KEPT)
def vagueness(text: str) -> Vagueness | None:
    """Return why a narrative says too little, or None."""
    return find_vagueness(text)
