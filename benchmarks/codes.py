"""How often the right UTBMS code is suggested, on narratives the lexicon was tuned on and on those it never saw."""

import csv
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

from ledes.utbms import CodeKind, Suggestion, suggest
from ledes.utbms.suggestions import forget

SEED, ROUNDS = 22, 5
_DATA = Path(__file__).parent / "data" / "coded_narratives.csv"
_KINDS: tuple[CodeKind, ...] = ("task", "activity", "expense")
_TARGETS = {"task": 0.8, "activity": 0.85, "expense": 0.85}


class CodedNarrative(NamedTuple):
    """A narrative with the codes a biller gave it; '' = none of that kind."""

    task: str
    activity: str
    expense: str
    text: str


def run() -> list[dict[str, object]]:
    """Measure and return one row a figure."""
    tuned, unseen = halves()
    rows = [_row(kind, name, half) for kind in _KINDS for name, half in (("tuned on", tuned), ("held out", unseen))]
    return [*rows, _speed_row([one.text for one in (*tuned, *unseen)])]


def halves() -> tuple[list[CodedNarrative], list[CodedNarrative]]:
    """Return the narratives to tune on and those held out, each about half, whatever is added later."""
    with _DATA.open(encoding="ascii", newline="") as table:
        every = [CodedNarrative(**row) for row in csv.DictReader(table)]
    tuned = [one for one in every if crc32(f"{SEED}:{one.text}".encode()) % 2 == 0]
    return tuned, [one for one in every if one not in tuned]


def share(kind: CodeKind, narratives: list[CodedNarrative], best: int) -> float:
    """Return the share of narratives whose code of this kind is among the `best` first suggestions."""
    coded = [one for one in narratives if getattr(one, kind)]
    return sum(_is_among(suggest(one.text, kind=kind), getattr(one, kind), best) for one in coded) / len(coded)


def share_right(kind: CodeKind, narratives: list[CodedNarrative]) -> float:
    """Return the share of first suggestions that are right, among narratives that get one and have a code."""
    answers = [(suggest(one.text, kind=kind), getattr(one, kind)) for one in narratives if getattr(one, kind)]
    given = [bool(found[0].code == code) for found, code in answers if found]
    return sum(given) / len(given)


def _is_among(suggested: tuple[Suggestion, ...], code: str, best: int) -> bool:
    return code in {one.code for one in suggested[:best]}


def _row(kind: CodeKind, name: str, half: list[CodedNarrative]) -> dict[str, object]:
    first, third = share(kind, half, 1), share(kind, half, 3)
    count, right = sum(bool(getattr(one, kind)) for one in half), share_right(kind, half)
    return {
        "figure": f"{kind.capitalize()} suggested first, {name}, {count} narratives; {right:.1%} of the answers given",
        "value": round(first, 3),
        "unit": "share",
        "rival": "among the first 3",
        "rival_value": round(third, 3),
        "ratio": None,
        "target": f"held out >= {_TARGETS[kind]}",
    }


def _speed_row(texts: list[str]) -> dict[str, object]:
    micros = min(_seconds(lambda: _suggest_all(texts)) for _ in range(ROUNDS)) / (2 * len(texts)) * 1e6
    return {
        "figure": "A suggestion for a narrative not seen before, mean",
        "value": round(micros, 1),
        "unit": "microseconds",
        "rival": None,
        "rival_value": None,
        "ratio": None,
        "target": "value <= 50",
    }


def _suggest_all(texts: list[str]) -> None:
    forget()
    for text in texts:
        suggest(text, kind="task")
        suggest(text, kind="activity")


def _seconds(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started
