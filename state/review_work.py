"""What the review queue does in a thread: one read, and one transaction a change."""

from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from sqlmodel import Session

from core.db import read_only, unit_of_work
from core.errors import BillingError, InvalidInputError
from models.enums import ProformaStatus, Role
from services.actor import Actor
from services.billing.proformas import ProformaFilter, ProformaRow, list_proformas, reopen_proforma
from services.billing.review_queue import FlaggedLine, StateTotal, flagged_lines, review_totals
from state.guard import actor
from state.queue_rows import QueueRow, queue_row

Change = Callable[[Session, Actor], object]
_STATUSES = frozenset(status.value for status in ProformaStatus)


class Found(NamedTuple):
    """The rows, as read and as shown, whether there are more, and the totals by state."""

    rows: list[ProformaRow]
    shown: list[QueueRow]
    has_more: bool
    totals: dict[ProformaStatus, StateTotal]


def statuses_of(asked: str, who: Actor) -> tuple[ProformaStatus, ...]:
    """Return the states that an address asks for; '' = what waits for the person."""
    if asked in _STATUSES:
        return (ProformaStatus(asked),)
    if asked == "all":
        return tuple(ProformaStatus)
    return (ProformaStatus.IN_REVIEW,) if who.has(Role.ATTORNEY) else (ProformaStatus.RETURNED,)


def read(asked: str, period: str, wanted: int) -> Found:
    """Return at most `wanted` rows of the states and the period that the address asks for."""
    who = actor()
    period_end = _period(period)
    reviewer_id = who.user_id if who.has(Role.ATTORNEY) else None
    filters = ProformaFilter(statuses=statuses_of(asked, who), reviewer_id=reviewer_id, period_end=period_end)
    with read_only() as session:
        rows = list_proformas(session, who, wanted=filters, limit=wanted + 1)
        flags = flagged_lines(session, who, proforma_ids=[row.id for row in rows if row.finding_count])
        totals = review_totals(session, who, reviewer_id=reviewer_id, period_end=period_end)
    # Still in the thread: hundreds of rows as text would hold up everybody's events.
    shown = [_queue_row(row, flags, who) for row in rows[:wanted]]
    return Found(rows[:wanted], shown, len(rows) > wanted, totals)


def carry_out(change: Change) -> object:
    """Run one change in a transaction of its own and return what it gives."""
    with unit_of_work() as session:
        return change(session, actor())


def reopen(approved: dict[int, int]) -> dict[int, str]:
    """Reopen each by itself; return those that stay approved, with the reason."""
    kept: dict[int, str] = {}
    for proforma_id, version in approved.items():
        try:
            with unit_of_work() as session:
                reopen_proforma(session, actor(), proforma_id=proforma_id, expected_version=version)
        except BillingError as refused:
            kept[proforma_id] = refused.user_message
    return kept


def _queue_row(row: ProformaRow, flags: dict[int, tuple[FlaggedLine, ...]], who: Actor) -> QueueRow:
    is_mine = row.status is ProformaStatus.IN_REVIEW and row.reviewer_id == who.user_id
    return queue_row(row, flags.get(row.id, ()), is_mine=is_mine)


def _period(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as wrong:
        raise InvalidInputError("The address names a period that is no date. Open the list from Today.") from wrong
