"""Codes that a narrative speaks of, ranked, each with the words that led to it. Nothing is ever filled in."""

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Final, NamedTuple

from ledes.utbms.lexicon import LexiconName, Match, find_phrases, lexicon, senses
from ledes.utbms.lists import CodeKind, codes
from ledes.utbms.words import BREAK, START, Words, split_words, stem

_TABLES: Final[dict[CodeKind, LexiconName]] = {"task": "tasks", "activity": "activities", "expense": "expenses"}
_FIRST: Final = 100
_LATER: Final[dict[CodeKind, int]] = {"task": 75, "activity": 40, "expense": 75}
"""Points for each unit of weight, for the first phrase and for others: a fee is for what it names first."""

_LEAST_WEIGHT: Final = 4
_DOUBT: Final = 300
_TALK: Final = ""
_ENDS: Final = frozenset({BREAK})
_LINKS: Final = frozenset({"with", "w", "to", "from"})
_TOPICS: Final = frozenset(stem(word) for word in ("on", "re", "regarding", "concerning", "about"))
_EVERYDAY_SETS: Final = ("C", "P")
_NAME: Final = r"(?:(?:Dr|Mr|Mrs|Ms|St|[A-Z])\.|[A-Z][\w'-]*)"
_NAME_AFTER: Final = re.compile(rf"\s+(?:(?:of|to|with|for|before)\s+)?(?:the\s+)?{_NAME}(?:\s+{_NAME})*")
_LOOSE_END: Final = re.compile(r"\s+(?:of|to|with|for|from|at|on)$")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A code that the narrative speaks of.

    Attributes:
        score: 0 to 1 in hundredths, its share of all that was found, less some doubt; comparable within one narrative.
        reason: a sentence that quotes the words that led to the code.
    """

    code: str
    label: str
    score: Decimal
    reason: str


class _Evidence(NamedTuple):
    points: int
    start: int
    end: int


def suggest(
    narrative: str, *, kind: CodeKind, allowed: Collection[str] | None = None, limit: int = 3
) -> tuple[Suggestion, ...]:
    """Return the codes of one kind that a narrative speaks of, the likeliest first; none rather than a poor one.

    A matter is coded in one set of tasks, so that the likeliest task's set (litigation with e-discovery, or bankruptcy)
    bars the other. Counseling and project tasks go by everyday words: they are suggested only where `allowed` holds no
    litigation task.

    Args:
        narrative: the words of a fee or an expense.
        kind: which code is wanted.
        allowed: the codes that may be suggested; None = every code of the lists.
        limit: most suggestions.
    """
    return _suggest(narrative, kind, None if allowed is None else frozenset(allowed), limit)


def forget() -> None:
    """Forget the narratives seen before, so that a measurement counts the work."""
    _suggest.cache_clear()
    split_words.cache_clear()


@lru_cache(maxsize=4096)
def _suggest(narrative: str, kind: CodeKind, allowed: frozenset[str] | None, limit: int) -> tuple[Suggestion, ...]:
    words, is_wanted = split_words(narrative), _filter(allowed)
    found: dict[str, _Evidence] = {}
    for code, evidence in _evidence(words, kind):
        known = found.get(code)
        if is_wanted(code) and (known is None or evidence.points > known.points):
            found[code] = evidence
    ranked = sorted(found.items(), key=lambda one: (-one[1].points, one[1].start, one[0]))
    kept = [(code, one) for code, one in ranked if one.points >= _LEAST_WEIGHT * _FIRST and code[0] == ranked[0][0][0]]
    total = sum(one.points for _, one in kept) + _DOUBT
    return tuple(_suggestion(narrative, code, one, total) for code, one in kept[:limit])


@lru_cache(maxsize=64)
def _filter(allowed: frozenset[str] | None) -> Callable[[str], bool]:
    if allowed is None or any(code.startswith("L") for code in allowed):
        return lambda code: not code.startswith(_EVERYDAY_SETS) and (allowed is None or code in allowed)
    return allowed.__contains__


def _evidence(words: Words, kind: CodeKind) -> Iterator[tuple[str, _Evidence]]:
    """Yield every code that a phrase names, with its points and its place in the text."""
    factor = _FIRST
    for match in find_phrases(lexicon(_TABLES[kind]), words.stems):
        for code, weight in match.meanings:
            points = weight * factor
            if code != _TALK:
                yield code, _Evidence(points, words.starts[match.first], words.ends[match.last])
            elif party := _party_after(match, words):
                for other, _ in party.meanings:
                    yield other, _Evidence(points, words.starts[match.first], words.ends[party.last])
        if words.stems[match.first] != START and match.meanings[0].weight >= _LEAST_WEIGHT:
            factor = _LATER[kind]


def _party_after(match: Match, words: Words) -> Match | None:
    """Return the party of a verb of talk: named after its 'with', 'to' or 'from', or else at once, before the topic."""
    stems, first = words.stems, match.first
    end = _next(stems, _ENDS, first)
    link = _next(stems[:end], _LINKS, first)
    link = first if link == end else link
    topic = _next(stems[:end], _TOPICS, max(link, match.last) + 1)
    parties = find_phrases(lexicon("parties"), stems[:topic], first)
    return next((one for one in parties if one.last > link), None)


def _next(stems: tuple[str, ...], wanted: frozenset[str], first: int) -> int:
    return next((at for at in range(first, len(stems)) if stems[at] in wanted), len(stems))


def _suggestion(narrative: str, code: str, evidence: _Evidence, total: int) -> Suggestion:
    name = _NAME_AFTER.match(narrative, evidence.end)
    quote = _LOOSE_END.sub("", narrative[evidence.start : name.end() if name else evidence.end])
    return Suggestion(
        code=code,
        label=codes()[code].label,
        score=Decimal(evidence.points * 100 // total).scaleb(-2),
        reason=f"\u201c{quote}\u201d names {senses()[code]}, which is {code}.",
    )
