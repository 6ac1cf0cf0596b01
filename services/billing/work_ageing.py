"""Work in progress by age: how many days ago it was done, and what it is worth."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.money import ZERO
from services.billing.billing_selection import Selection
from services.billing.work_in_progress import WorkItem

# The last day of each bucket; what is older stands in the last one.
LIMITS = (30, 60, 90)
LABELS = ("0-30 days", "31-60 days", "61-90 days", "over 90 days")


@dataclass(frozen=True)
class WorkAge:
    """Unbilled lines of one age; dollars where the rate is known, and how many lines have none."""

    label: str
    count: int
    amount: Decimal
    unrated: int


def work_by_age(selection: Selection, day: date) -> tuple[WorkAge, ...]:
    """Return all that is not invoiced, on proformas or not, by the days since the work was done."""
    counts, amounts, unrated = [0] * len(LABELS), [ZERO] * len(LABELS), [0] * len(LABELS)
    for item, amount in _everything(selection):
        bucket = sum((day - item.worked_on).days > limit for limit in LIMITS)
        counts[bucket] += 1
        amounts[bucket] += amount or ZERO
        unrated[bucket] += amount is None
    return tuple(WorkAge(*row) for row in zip(LABELS, counts, amounts, unrated, strict=True))


def _everything(selection: Selection) -> Iterator[tuple[WorkItem, Decimal | None]]:
    for bill in selection.bills:
        yield from ((line.item, line.amount) for line in bill.lines)
    for _, blocked in selection.blocked:
        yield from ((left.item, left.amount) for left in blocked)
