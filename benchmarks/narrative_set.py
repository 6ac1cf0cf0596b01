"""The labelled billing narratives, and the split that keeps half of them unseen while a detector is built."""

import csv
import random
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

NARRATIVES = Path(__file__).parent / "data" / "labelled_narratives.csv"
SPLIT_SEED = 20261122
_BETWEEN_PARTS = " || "


@dataclass(frozen=True, slots=True)
class Labelled:
    """One narrative and what a carrier's bill reviewer says of it; the labelling rules are in data/README.md."""

    id: str
    text: str
    is_block_billed: bool
    is_vague: bool
    tasks: int
    parts: tuple[str, ...]
    """The text cut into its tasks, every word kept in order; empty when the text is one task."""
    note: str
    """What makes it hard to judge, or empty."""


def load(path: Path = NARRATIVES) -> list[Labelled]:
    """Return every labelled narrative, in the order of the file."""
    with path.open(encoding="utf-8", newline="") as file:
        return [_labelled(row) for row in csv.DictReader(file)]


def halves(seed: int = SPLIT_SEED) -> tuple[list[Labelled], list[Labelled]]:
    """Return (training, held out): as many of each label and of hard and plain texts on both sides, to within one."""
    shuffled = load()
    random.Random(seed).shuffle(shuffled)
    dealt = sorted(shuffled, key=_stratum)
    return _by_id(dealt[0::2]), _by_id(dealt[1::2])


def _stratum(narrative: Labelled) -> tuple[bool, bool, bool]:
    return narrative.is_block_billed, narrative.is_vague, bool(narrative.note)


def _by_id(narratives: Iterable[Labelled]) -> list[Labelled]:
    return sorted(narratives, key=lambda narrative: narrative.id)


def _labelled(row: dict[str, str]) -> Labelled:
    return Labelled(
        id=row["id"],
        text=row["text"],
        is_block_billed=row["block_billed"] == "yes",
        is_vague=row["vague"] == "yes",
        tasks=int(row["tasks"]),
        parts=tuple(row["parts"].split(_BETWEEN_PARTS)) if row["parts"] else (),
        note=row["note"],
    )
