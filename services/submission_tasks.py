"""The submissions that wait for a person, and how far today's sending is."""

from dataclasses import dataclass

from sqlalchemy import case, func, select
from sqlmodel import Session, col

from core.clock import now
from core.db import db_now_ms
from models import Invoice, InvoiceRevision, Submission
from models.enums import DocumentStatus, Role, SubmissionStatus
from services.access import require
from services.actor import Actor
from services.submission_board import BoardRow, Column, list_submissions

_TASKS = (Column.IN_DOUBT, Column.NEEDS_ATTENTION, Column.REFUSED)
_LEFT = (SubmissionStatus.READY, SubmissionStatus.CLAIMED, SubmissionStatus.INTENT)
_PACE_MINUTES = 5


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
    left = col(Submission.status).in_(_LEFT)
    recently = col(Submission.intent_at_ms) >= db_now_ms() - _PACE_MINUTES * 60_000
    statement = select(
        func.count(case((left, 1))),
        func.count(),
        func.count(case((recently & (col(Submission.status) == SubmissionStatus.DELIVERED), 1))),
    ).where((col(Submission.created_at) >= midnight) | left)
    waiting, total, lately = session.execute(statement).one()
    return Sending(total - waiting, total, lately)


def _standing(session: Session, submission_ids: list[int]) -> frozenset[int]:
    """Return those whose revision is still the invoice's current one and open."""
    statement = (
        select(col(Submission.id))
        .join(InvoiceRevision, col(InvoiceRevision.id) == col(Submission.invoice_revision_id))
        .join(Invoice, col(Invoice.id) == col(Submission.invoice_id))
        .where(
            col(Submission.id).in_(submission_ids),
            col(InvoiceRevision.number) == col(Invoice.revision_number),
            col(Invoice.document_status) == DocumentStatus.OPEN,
        )
    )
    return frozenset(found for found in session.scalars(statement) if found is not None)
