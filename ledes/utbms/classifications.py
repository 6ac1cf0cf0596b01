"""Timekeeper classifications: the two letters of 1998B, and the longer list of 2014."""

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final, Literal

Scheme = Literal["old", "2014"]
_SCHEMES: Final[dict[str, Scheme]] = {"old": "old", "2014": "2014"}


@dataclass(frozen=True, slots=True)
class Classification:
    """One classification.

    Attributes:
        is_person: False for the two that mark a line instead: FLTFEE (flat fee) and ADJSMT (adjustment).
        is_verified: whether a published list was seen to give code and name; else the name is general knowledge.
        same_as: the code of the other scheme that says the same or takes it in whole, or ''.
    """

    scheme: Scheme
    code: str
    name: str
    is_person: bool
    is_verified: bool
    same_as: str


@cache
def classifications() -> dict[str, Classification]:
    """Return both schemes by code; no code is in both."""
    with (files("ledes.utbms") / "data" / "classifications.csv").open(encoding="ascii") as table:
        return {row["code"]: _read(row) for row in csv.DictReader(table)}


def is_classification(code: str, scheme: Literal["old", "2014", "any"] = "any") -> bool:
    """Tell whether `code` is a classification of the scheme."""
    found = classifications().get(code)
    return found is not None and scheme in {"any", found.scheme}


def names_person(code: str) -> bool:
    """Tell whether `code` is known and names a person, which FLTFEE and ADJSMT do not."""
    found = classifications().get(code)
    return found is not None and found.is_person


def in_scheme(code: str, scheme: Scheme) -> str | None:
    """Return the code that says the same in `scheme`, or None where nothing does.

    LA is None in 2014: it held licensed paralegals (PARALG) and legal assistants without a licence (LGLAST), whom the
    newer list parts because their rates differ. OT is nobody's twin: a carrier that bars a classification wants its
    work under no other.
    """
    found = classifications().get(code)
    if found is None:
        return None
    return code if found.scheme == scheme else found.same_as or None


def _read(row: dict[str, str]) -> Classification:
    return Classification(
        scheme=_SCHEMES[row["scheme"]],
        code=row["code"],
        name=row["name"],
        is_person=row["person"] == "yes",
        is_verified=row["verified"] == "yes",
        same_as=row["same_as"],
    )
