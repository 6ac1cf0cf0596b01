"""The code lists: ABA tasks, activities and expenses, and the e-discovery tasks that supplement litigation."""

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Final, Literal

CodeKind = Literal["task", "activity", "expense"]
_KINDS: Final[dict[str, CodeKind]] = {"task": "task", "activity": "activity", "expense": "expense"}


@dataclass(frozen=True, slots=True)
class UtbmsCode:
    """One code of the lists.

    Attributes:
        set: Litigation, eDiscovery, Counseling, Project, Bankruptcy, Activity or Expense.
        phase: the code of its phase, or '' where the set has none.
        kind: whether it stands in the task, the activity or the expense field of a line.
        definition: what it is for, in few words of our own.
        is_verified: whether a published list was seen to hold it; else it is general knowledge.
        valid_from: first day, where the set has a day of birth; valid_to: last day, or None.
    """

    set: str
    phase: str
    code: str
    label: str
    kind: CodeKind
    definition: str
    is_verified: bool
    valid_from: date | None
    valid_to: date | None

    def is_valid_on(self, on: date) -> bool:
        """Tell whether the list held the code on that day."""
        return in_force(self.valid_from, self.valid_to, on)


def in_force(first: date | None, last: date | None, on: date) -> bool:
    """Tell whether a day lies within two others, both included; None = open."""
    return (first is None or first <= on) and (last is None or on <= last)


@cache
def codes() -> dict[str, UtbmsCode]:
    """Return all codes by code, in the order of the lists."""
    with (files("ledes.utbms") / "data" / "codes.csv").open(encoding="ascii") as table:
        return {row["code"]: _read(row) for row in csv.DictReader(table)}


def lookup(code: str) -> UtbmsCode | None:
    """Return the code's entry, or None when the lists do not have it."""
    return codes().get(code)


def is_kind(code: str, kind: CodeKind) -> bool:
    """Tell whether `code` is in a list of this kind."""
    found = lookup(code)
    return found is not None and found.kind == kind


def is_task(code: str) -> bool:
    """Tell whether `code` is a task of any of the sets."""
    return is_kind(code, "task")


def is_activity(code: str) -> bool:
    """Tell whether `code` is an activity."""
    return is_kind(code, "activity")


def is_expense(code: str) -> bool:
    """Tell whether `code` is an expense."""
    return is_kind(code, "expense")


def _read(row: dict[str, str]) -> UtbmsCode:
    return UtbmsCode(
        set=row["set"],
        phase=row["phase"],
        code=row["code"],
        label=row["label"],
        kind=_KINDS[row["kind"]],
        definition=row["definition"],
        is_verified=row["verified"] == "yes",
        valid_from=_day(row["valid_from"]),
        valid_to=_day(row["valid_to"]),
    )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
