"""The phrases that name a code, as a tree of word stems, and the longest of them at a place in a narrative.

A phrase is a row of a packaged table: words (several with `|` between them are alternatives), `..` for up to three
words in between, `^` for the beginning of the narrative, and a weight of 1 to 10: how surely it names its code.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from itertools import product
from typing import Final, Literal, NamedTuple

from ledes.utbms.words import BREAK, stem

LexiconName = Literal["tasks", "activities", "parties", "expenses"]
_GAP: Final = ".."
_WIDEST_GAP: Final = 3


class Meaning(NamedTuple):
    """A code that a phrase names ('' = communication, whose code depends on the other party), and how surely."""

    code: str
    weight: int


@dataclass(slots=True)
class Node:
    """The phrases that begin alike: what they mean if they end here, and how they go on."""

    meanings: list[Meaning] = field(default_factory=list)
    steps: dict[str, "Node"] = field(default_factory=dict)
    gap: "Node | None" = None


class Match(NamedTuple):
    """A phrase found: the indexes of its first and last word, how many of its words were matched, what it means."""

    first: int
    last: int
    length: int
    meanings: list[Meaning]


@cache
def lexicon(name: LexiconName) -> Node:
    """Return the tree of a packaged table."""
    root = Node()
    for code, phrase, weight in _rows(name):
        for stems in product(*(_alternatives(slot) for slot in phrase.split())):
            _add(root, stems, Meaning(code, weight))
    return root


@cache
def senses() -> dict[str, str]:
    """Return, by code, the words that say what a phrase for it names, as in 'a deposition'."""
    with (files("ledes.utbms") / "data" / "senses.csv").open(encoding="ascii") as table:
        return {row["code"]: row["sense"] for row in csv.DictReader(table)}


def find_phrases(root: Node, stems: tuple[str, ...], first: int = 0) -> Iterator[Match]:
    """Yield the phrases among the words from `first` on, in order: the longest at each place.

    None begins inside another, save in the gap of one.
    """
    at = first
    for place in range(first, len(stems)):
        if place < at or stems[place] not in root.steps:
            continue
        if found := _longest(root, stems, place):
            yield found
            at = found.last + 1 if found.length == found.last + 1 - place else place + 1


def _rows(name: LexiconName) -> Iterator[tuple[str, str, int]]:
    with (files("ledes.utbms") / "data" / f"{name}.csv").open(encoding="ascii") as table:
        for row in csv.DictReader(table):
            yield row["code"], row["phrase"], int(row["weight"])


def _alternatives(slot: str) -> list[str]:
    return [slot] if slot == _GAP else [stem(word) for word in slot.split("|")]


def _add(node: Node, stems: tuple[str, ...], meaning: Meaning) -> None:
    for one in stems:
        if one == _GAP:
            node.gap = node.gap or Node()
            node = node.gap
        else:
            node = node.steps.setdefault(one, Node())
    if all(known.code != meaning.code for known in node.meanings):
        node.meanings.append(meaning)


def _longest(root: Node, stems: tuple[str, ...], first: int) -> Match | None:
    best: Match | None = None
    waiting = [(root, first, 0)]
    while waiting:
        node, at, length = waiting.pop()
        if node.meanings and (best is None or (length, -at) > (best.length, -best.last - 1)):
            best = Match(first, at - 1, length, node.meanings)
        if at < len(stems) and (step := node.steps.get(stems[at])):
            waiting.append((step, at + 1, length + 1))
        if node.gap is not None:
            waiting += [(onward, place + 1, length + 1) for onward, place in _beyond(node.gap, stems, at)]
    return best


def _beyond(node: Node, stems: tuple[str, ...], at: int) -> Iterator[tuple[Node, int]]:
    """Yield where a phrase goes on after a gap, with the index of the word it goes on with."""
    for place in range(at, min(at + _WIDEST_GAP + 1, len(stems))):
        if stems[place] == BREAK:
            return
        if step := node.steps.get(stems[place]):
            yield step, place
