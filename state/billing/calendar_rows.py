"""Billing cycles as rows of text: their dates, how far off each is, and what is open or late."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from core.clock import today
from core.money import as_dollars
from services.billing.billing_calendar import DATES
from services.billing.cycle_state import CycleRow, OpenWork
from state.words import counted, day

_PEOPLE_SHOWN = 12


@dataclass(frozen=True)
class DateView:
    """One date of a cycle; `tone` is 'past', 'near' or 'later'."""

    name: str
    label: str
    day: str
    iso: str
    words: str
    tone: str
    is_moved: bool


@dataclass(frozen=True)
class OpenView:
    """One kind of what is open of a cycle, and who has it; late once its date has passed."""

    title: str
    text: str
    href: str
    is_late: bool
    people: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class CycleView:
    """One cycle."""

    id: str
    version: str
    name: str
    href: str
    note: str
    dates: list[DateView]
    open: list[OpenView]
    is_late: bool


def cycle_view(row: CycleRow) -> CycleView:
    """Return a cycle as text."""
    left = [found for found in (_unreleased(row), _unreviewed(row), _unsent(row)) if found is not None]
    return CycleView(
        id=str(row.period_id),
        version=str(row.version),
        name=f"{row.ends_on:%B %Y}",
        href=f"/billing?period={row.ends_on:%Y-%m}",
        note=row.note,
        dates=[_date(row, name, label) for name, label in DATES.items()],
        open=left,
        is_late=any(found.is_late for found in left),
    )


def _date(row: CycleRow, name: str, label: str) -> DateView:
    on: date = getattr(row, name)
    days = (on - today()).days
    tone = "past" if days < 0 else "near" if days <= 1 else "later"
    return DateView(name, label, f"{on:%a} {day(on)}", on.isoformat(), days_left(on), tone, name in row.moved)


def days_left(on: date) -> str:
    """Return how far off a day is: 'in 3 days', 'tomorrow', 'today', '2 days ago'."""
    days = (on - today()).days
    if days < 0:
        return f"{counted(-days, 'day')} ago"
    return {0: "today", 1: "tomorrow"}.get(days) or f"in {counted(days, 'day')}"


def _unreleased(row: CycleRow) -> OpenView | None:
    count = sum(one.count for one in row.unreleased)
    if not count:
        return None
    text = "1 entry" if count == 1 else f"{count:,} entries"
    href = f"/billing?period={row.ends_on:%Y-%m}#left"
    return OpenView("Not released", text, href, row.cut_off_on < today(), _people(row.unreleased))


def _unreviewed(row: CycleRow) -> OpenView | None:
    count = sum(one.count for one in row.unreviewed)
    if not count:
        return None
    href = f"/review?period={row.ends_on.isoformat()}"
    return OpenView(
        "Not reviewed", counted(count, "proforma"), href, row.review_due_on < today(), _people(row.unreviewed)
    )


def _unsent(row: CycleRow) -> OpenView | None:
    if not row.unsent.count:
        return None
    text = f"{counted(row.unsent.count, 'invoice')}, {as_dollars(row.unsent.amount)}"
    href = f"/invoices?view=all&document=open&period={row.ends_on.isoformat()}"
    return OpenView("Not sent", text, href, row.send_by_on < today())


def _people(work: Sequence[OpenWork]) -> list[str]:
    shown = [f"{one.who}: {one.count}" for one in work[:_PEOPLE_SHOWN]]
    hidden = len(work) - _PEOPLE_SHOWN
    return [*shown, f"and {counted(hidden, 'other')}"] if hidden > 0 else shown
