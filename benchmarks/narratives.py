"""How well block billing and vagueness are told, on the labelled half for tuning and on the half that was held out."""

import re
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from benchmarks.narrative_set import Labelled, halves
from guidelines.narratives import clauses
from guidelines.narratives.block_billing import find_block_billing
from guidelines.narratives.vagueness import find_vagueness

ROUNDS = 5
TRAINING, HELD_OUT = "tuned on", "held out"
_NAIVE_JOINT = re.compile(r";|\band\b|&", re.IGNORECASE)
_NAIVE_PHRASES = re.compile(
    r"attention to|file review|review file|work on (?:the )?(?:file|case)|legal research|case management|correspondence"
    r"|various|miscellaneous|follow[ -]up",
    re.IGNORECASE,
)
_WORD = re.compile(r"\w+")

Judge = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Confusion:
    """How a judge's answers fall beside the labels: counts of narratives."""

    hits: int
    false_alarms: int
    misses: int
    passes: int

    @property
    def precision(self) -> float:
        """Return the share of its findings that are labelled so too."""
        return self.hits / (self.hits + self.false_alarms)

    @property
    def recall(self) -> float:
        """Return the share of those labelled that it finds."""
        return self.hits / (self.hits + self.misses)


@dataclass(frozen=True, slots=True)
class Measure:
    """One detector on one half, beside its naive rival."""

    name: str
    half: str
    ours: Confusion
    rival: Confusion


@dataclass(frozen=True, slots=True)
class Splits:
    """How proposed texts agree with the labelled ones, over narratives that both call block billed."""

    half: str
    narratives: int
    same: int


_JUDGES: tuple[tuple[str, Judge, Judge, Callable[[Labelled], bool]], ...] = (
    (
        "Block billing",
        lambda text: find_block_billing(text) is not None,
        lambda text: _NAIVE_JOINT.search(text) is not None,
        lambda one: one.is_block_billed,
    ),
    (
        "Vagueness",
        lambda text: find_vagueness(text) is not None,
        lambda text: _NAIVE_PHRASES.search(text) is not None,
        lambda one: one.is_vague,
    ),
)


def run() -> list[dict[str, object]]:
    """Measure and return one row a figure."""
    rows = [row for one in measures() for row in (_row(one, "precision"), _row(one, "recall"))]
    return [*rows, *map(_split_row, splits()), _speed_row()]


def measures() -> list[Measure]:
    """Return every detector on either half."""
    return [
        Measure(name, half, confusion(ours, label, narratives), confusion(rival, label, narratives))
        for name, ours, rival, label in _JUDGES
        for half, narratives in zip((TRAINING, HELD_OUT), halves(), strict=True)
    ]


def confusion(judge: Judge, label: Callable[[Labelled], bool], narratives: Sequence[Labelled]) -> Confusion:
    """Count a judge's answers beside the labels."""
    answers = [(judge(one.text), label(one)) for one in narratives]
    return Confusion(*(answers.count(pair) for pair in ((True, True), (True, False), (False, True), (False, False))))


def splits() -> list[Splits]:
    """Return how often a proposed split is the labelled one, word for word, in either half."""
    found = []
    for half, narratives in zip((TRAINING, HELD_OUT), halves(), strict=True):
        both = [(one.parts, seen.parts) for one in narratives if one.parts and (seen := find_block_billing(one.text))]
        same = sum(_starts(labelled) == _starts(proposed) for labelled, proposed in both)
        found.append(Splits(half, len(both), same))
    return found


def _starts(parts: tuple[str, ...]) -> list[str]:
    """Return the first word of each part; whether a joint before it belongs to it is not counted."""
    joints = {"and", "then", "plus", "also"}
    return [next((word for word in _WORD.findall(part.lower()) if word not in joints), "") for part in parts]


def _row(one: Measure, share: str) -> dict[str, object]:
    ours, rival = getattr(one.ours, share), getattr(one.rival, share)
    counts = f"{one.ours.hits} found, {one.ours.false_alarms} false alarms, {one.ours.misses} missed"
    return {
        "figure": f"{one.name} {share}, {one.half}: {counts}, {one.ours.passes} rightly passed",
        "value": round(ours, 3),
        "unit": "share",
        "rival": "a list of words",
        "rival_value": round(rival, 3),
        "ratio": None,
        "target": "held out >= 0.9",
    }


def _split_row(one: Splits) -> dict[str, object]:
    return {
        "figure": f"Splits whose parts begin where the labels' do, {one.half}, {one.narratives} narratives",
        "value": round(one.same / one.narratives, 3),
        "unit": "share",
        "rival": None,
        "rival_value": None,
        "ratio": None,
        "target": None,
    }


def _speed_row() -> dict[str, object]:
    texts = [one.text for half in halves() for one in half]
    for text in texts:
        find_block_billing(text)
    micros = min(_seconds(lambda: _judge_all(texts)) for _ in range(ROUNDS)) / len(texts) * 1e6
    return {
        "figure": "Both detectors on a narrative not seen before, mean of the labelled ones",
        "value": round(micros, 1),
        "unit": "microseconds",
        "rival": None,
        "rival_value": None,
        "ratio": None,
        "target": "value <= 120",
    }


def _judge_all(texts: Sequence[str]) -> None:
    clauses.split_tasks.cache_clear()
    for text in texts:
        find_block_billing(text)
        find_vagueness(text)


def _seconds(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


def tables() -> str:
    """Return the confusion tables as Markdown, for docs/narratives.md."""
    judged = [
        _table_row(one.name, one.half, *_counts(one.ours), *_shares(one.ours), *_shares(one.rival))
        for one in measures()
    ]
    agreed = [_table_row(one.half, one.narratives, one.same, f"{one.same / one.narratives:.3f}") for one in splits()]
    return "\n".join([_head(_JUDGED), *judged, "", _head(_AGREED), *agreed])


_JUDGED = (
    *("detector", "half", "found", "false alarms", "missed", "rightly passed"),
    *("precision", "recall", "word list's precision", "word list's recall"),
)
_AGREED = ("half", "block billed to both", "parts begin where the labels' do", "share")


def _head(titles: Sequence[str]) -> str:
    return f"{_table_row(*titles)}\n{'|---' * len(titles)}|"


def _table_row(*cells: object) -> str:
    return f"| {' | '.join(map(str, cells))} |"


def _counts(found: Confusion) -> tuple[int, int, int, int]:
    return found.hits, found.false_alarms, found.misses, found.passes


def _shares(found: Confusion) -> tuple[str, str]:
    return f"{found.precision:.3f}", f"{found.recall:.3f}"


if __name__ == "__main__":
    sys.stdout.write(f"{tables()}\n")
