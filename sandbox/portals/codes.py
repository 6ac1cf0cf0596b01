"""The UTBMS codes the practice sites accept when a carrier names no list of its own."""

import csv
from functools import cache
from pathlib import Path

_CSV = Path(__file__).parent / "data" / "utbms_codes.csv"


@cache
def _by_set() -> dict[str, frozenset[str]]:
    codes: dict[str, set[str]] = {}
    with _CSV.open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            codes.setdefault(row["set"], set()).add(row["code"])
    return {name: frozenset(members) for name, members in codes.items()}


def activity_codes() -> frozenset[str]:
    """Return the A codes."""
    return _by_set()["Activity"]


def expense_codes() -> frozenset[str]:
    """Return the E codes."""
    return _by_set()["Expense"]


def task_codes() -> frozenset[str]:
    """Return every code that is neither an activity nor an expense."""
    sets = _by_set()
    return frozenset[str]().union(*(sets[name] for name in sets if name not in {"Activity", "Expense"}))
