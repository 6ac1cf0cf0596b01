"""Suggestions in the codes of one carrier, on the day of the work."""

from dataclasses import replace
from datetime import date
from functools import lru_cache

from ledes.utbms.code_set import CodeSet
from ledes.utbms.lists import CodeKind, codes
from ledes.utbms.suggestions import Suggestion, suggest


def suggest_for(
    code_set: CodeSet, narrative: str, *, kind: CodeKind, on: date, limit: int = 3
) -> tuple[Suggestion, ...]:
    """Return what `suggest` finds among the codes that the carrier takes on that day, the likeliest first.

    A code that the carrier has replaced is suggested as the one that stands in for it, and the reason says so.
    """
    found = suggest(narrative, kind=kind, allowed=_reachable(code_set, kind, on), limit=limit)
    ours: dict[str, Suggestion] = {}
    for one in found:
        taken = _as_taken(code_set, one, kind, on)
        ours.setdefault(taken.code, taken)
    return tuple(ours.values())


@lru_cache(maxsize=256)
def _reachable(code_set: CodeSet, kind: CodeKind, on: date) -> frozenset[str]:
    """Return the codes of the lists that are taken themselves or through what replaces them."""
    return frozenset(
        code
        for code, listed in codes().items()
        if listed.kind == kind and (code_set.is_allowed(code, kind, on) or code_set.replacement(code, kind, on))
    )


def _as_taken(code_set: CodeSet, found: Suggestion, kind: CodeKind, on: date) -> Suggestion:
    newer = code_set.replacement(found.code, kind, on)
    if newer is None:
        return found
    reason = f"{found.reason.removesuffix('.')}; this carrier takes {newer.code} in its place."
    return replace(found, code=newer.code, label=newer.label, reason=reason)
