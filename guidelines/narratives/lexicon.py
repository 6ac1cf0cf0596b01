"""The words of time entries: work verbs with their forms, nouns that name work, abbreviations, small words."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Literal

Form = Literal["base", "past", "ing"]


@dataclass(frozen=True, slots=True)
class Verb:
    """One form of a work verb.

    Attributes:
        base: the verb's plain form, in American spelling.
        form: base, past or ing.
        kind: what sort of work: read, write, judge, talk, attend, travel, send, research, clerical, other.
        is_noun: whether this form is as often a noun, as in 'review', 'draft' and 'filing'.
    """

    base: str
    form: Form
    kind: str
    is_noun: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """All that is known of a word; `roles` names what else than a verb it can be."""

    verb: Verb | None
    roles: frozenset[str]


UNKNOWN = Entry(None, frozenset())
_ADVERB = Entry(None, frozenset({"skip"}))
_PAST = Entry(Verb("", "past", "other", is_noun=False), frozenset())
_SHORTEST_PAST = 5
_KEPT = 16_384


@cache
def entries() -> Mapping[str, Entry]:
    """Return every known word in lower case, abbreviations and British spellings included."""
    verbs = dict(_verbs())
    roles: dict[str, set[str]] = {}
    for row in _rows("nouns.csv"):
        roles.setdefault(row["word"], set()).add(row["role"])
    known = {word: Entry(verbs.get(word), frozenset(roles.get(word, ()))) for word in {*verbs, *roles}}
    for row in _rows("abbreviations.csv"):
        known.setdefault(row["short"], known.get(row["meaning"], UNKNOWN))
    return known


@lru_cache(maxsize=_KEPT)
def lookup(word: str) -> Entry:
    """Return what is known of a word given in lower case; of '-ly' words, that they only colour a verb."""
    found = entries().get(word)
    if found is not None:
        return found
    if word.endswith("ly"):
        return _ADVERB
    is_past = word.endswith("ed") and len(word) >= _SHORTEST_PAST and not word.endswith("eed") and not is_generic(word)
    return _PAST if is_past else UNKNOWN


@cache
def abbreviations() -> Mapping[str, bool]:
    """Return the abbreviations that may carry a point, with whether another word always follows."""
    return {row["short"]: row["leads"] == "yes" for row in _rows("abbreviations.csv")}


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (files("guidelines.narratives") / "data" / name).open(encoding="ascii") as table:
        yield from csv.DictReader(table)


def _verbs() -> Iterator[tuple[str, Verb]]:
    for row in _rows("verbs.csv"):
        base, kind, is_noun = row["verb"], row["kind"], row["also"] == "noun"
        forms: list[tuple[str, Form]] = [(base, "base")]
        forms += [(past, "past") for past in _listed(row["past"]) or [_past(base)]]
        forms += [(gerund, "ing") for gerund in _listed(row["gerund"]) or [_gerund(base)]]
        for word, form in reversed(forms):
            for spelling in _spellings(word):
                yield spelling, Verb(base, form, kind, is_noun and form == "base")


def _listed(cell: str) -> list[str]:
    return [word for word in cell.split("/") if word]


def _past(base: str) -> str:
    if base.endswith("e"):
        return f"{base}d"
    return f"{base[:-1]}ied" if base[-1] == "y" and base[-2] not in "aeiou" else f"{base}ed"


def _gerund(base: str) -> str:
    return f"{base[:-1]}ing" if base.endswith("e") and base[-2] not in "eo" else f"{base}ing"


def _spellings(word: str) -> tuple[str, ...]:
    """Return the word with its British twin, as in 'analyse' and 'finalised'."""
    for american, british in (("iz", "is"), ("yz", "ys")):
        stem, found, ending = word.rpartition(american)
        if found and ending in {"e", "ed", "ing"}:
            return word, f"{stem}{british}{ending}"
    return (word,)


@cache
def terms() -> frozenset[str]:
    """Return terms that name an issue, a motion or a paper though their words could stand in any bill; no hyphens."""
    return frozenset(row["term"] for row in _rows("terms.csv"))


def is_generic(word: str) -> bool:
    """Tell whether a word, in lower case, could stand in the narrative of any matter."""
    return word in _generic()


@cache
def _generic() -> frozenset[str]:
    words = {row["word"] for row in _rows("generic.csv")}
    words |= {word for word, entry in entries().items() if entry.roles}
    words |= {row["short"] for row in _rows("abbreviations.csv") if row["meaning"] in words}
    return frozenset(words)
