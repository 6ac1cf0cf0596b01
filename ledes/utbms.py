"""UTBMS codes: the packaged ABA lists of tasks, activities and expenses."""

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class UtbmsCode:
    """One code: set (Litigation, Counseling, Project, Bankruptcy, Activity, Expense), phase or '', code, label."""

    set: str
    phase: str
    code: str
    label: str


@cache
def codes() -> dict[str, UtbmsCode]:
    """Return all codes by code, in the order of the lists."""
    with (files("ledes") / "data" / "utbms_codes.csv").open(encoding="ascii") as table:
        return {row["code"]: UtbmsCode(**row) for row in csv.DictReader(table)}


def lookup(code: str) -> UtbmsCode | None:
    """Return the code's entry, or None when the lists do not have it."""
    return codes().get(code)


def is_task(code: str) -> bool:
    """Tell whether `code` is a task of any of the ABA sets."""
    found = lookup(code)
    return found is not None and found.set not in {"Activity", "Expense"}


def is_activity(code: str) -> bool:
    """Tell whether `code` is an activity."""
    found = lookup(code)
    return found is not None and found.set == "Activity"


def is_expense(code: str) -> bool:
    """Tell whether `code` is an expense."""
    found = lookup(code)
    return found is not None and found.set == "Expense"
