"""The detectors' judgement of a narrative, kept by its text: edited bills are judged again and again."""

from functools import lru_cache
from importlib import import_module
from typing import Any, Final

_KEPT: Final = 16_384


@lru_cache(maxsize=_KEPT)
def block_billing(text: str) -> Any:  # noqa: ANN401 (until the detectors are there)
    """Return the tasks that one narrative puts together, or None."""
    return _detector("block_billing", "find_block_billing", text)


@lru_cache(maxsize=_KEPT)
def vagueness(text: str) -> Any:  # noqa: ANN401 (until the detectors are there)
    """Return why a narrative says too little, or None."""
    return _detector("vagueness", "find_vagueness", text)


def _detector(module: str, name: str, text: str) -> Any:  # noqa: ANN401 (until the detectors are there)
    try:
        return getattr(import_module(f"guidelines.narratives.{module}"), name)(text)
    except ModuleNotFoundError:
        return None
