"""The submissions that wait for a person, and how far today's sending is."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, case, func, select
from sqlmodel import Session

from core.clock import now
from core.db import db_now_ms
from models import Invoice, InvoiceRevision, Submission
from models.enums import DocumentStatus, Role, SubmissionStatus
from services.access import require
from services.actor import Actor
from services.tables import one_of, table_of
from services.uploads.submission_board import BoardRow, Column, list_submissions

_TASKS = (Column.IN_DOUBT, Column.NEEDS_ATTENTION, Column.REFUSED)
_LEFT = (SubmissionStatus.READY, SubmissionStatus.CLAIMED, SubmissionStatus.INTENT)
_PACE_MINUTES = 5
_S, _I, _R = table_of(Submission), table_of(Invoice), table_of(InvoiceRevision)


@dataclass(frozen=True)
class Sending:
    """Files queued today: how many have left the queue, of how many, and how many in the last minutes."""

    done: int
    total: int
    lately: int

    @property
    def seconds_left(self) -> int | None:
        """Seconds until the queue is empty at the present pace; None while nothing moves."""
        return (self.total - self.done) * _PACE_MINUTES * 60 // self.lately if self.lately else None


def list_tasks(
    session: Session, actor: Actor, *, carrier_id: int | None = None, search: str = "", limit: int = 100
) -> list[BoardRow]:
    """Return what a person must decide, mend or correct, most urgent kind first.

    A refused file is left out once its invoice has a newer revision or is closed.

    Raises:
        DeniedError: the actor is neither biller nor admin.
    """
    rows = [
        row
        for column in _TASKS
        for row in list_submissions(session, actor, column=column, carrier_id=carrier_id, search=search, limit=limit)
    ]
    standing = _standing(session, [row.submission_id for row in rows])
    return [row for row in rows if row.column is not Column.REFUSED or row.submission_id in standing]


def todays_sending(session: Session, actor: Actor) -> Sending:
    """Return how far the files that were queued today, or still wait, are.

    Raises:
        DeniedError: the actor is neither biller nor admin.
    """
    require(actor, Role.BILLER, Role.ADMIN, what="The submissions board")
    midnight = now().replace(hour=0, minute=0, second=0, microsecond=0)
    waiting, total, lately = session.execute(_sending(), {"midnight": midnight}).one()
    return Sending(total - waiting, total, lately)


def _standing(session: Session, submission_ids: list[int]) -> frozenset[int]:
    """Return those whose revision is still the invoice's current one and open."""
    found = session.scalars(_STANDING, {"ids": submission_ids}) if submission_ids else ()
    return frozenset(found)


_STANDING = (
    select(_S.c.id)
    .join(_R, _R.c.id == _S.c.invoice_revision_id)
    .join(_I, _I.c.id == _S.c.invoice_id)
    .where(
        _S.c.id.in_(bindparam("ids", expanding=True)),
        _R.c.number == _I.c.revision_number,
        _I.c.document_status == DocumentStatus.OPEN,
    )
)


@cache
def _sending() -> Select[*tuple[Any, ...]]:
    left = one_of(_S.c.status, _LEFT)
    recently = _S.c.intent_at_ms >= db_now_ms() - _PACE_MINUTES * 60_000
    return select(
        func.count(case((left, 1))),
        func.count(),
        func.count(case((recently & (_S.c.status == SubmissionStatus.DELIVERED), 1))),
    ).where((_S.c.created_at >= bindparam("midnight")) | left)
