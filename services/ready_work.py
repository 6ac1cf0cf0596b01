"""What billing can move on at once: approved proformas to finalise, made invoices that nobody queued yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from core.money import total
from models import Invoice, InvoiceRevision, Proforma, Submission
from models.enums import DocumentStatus, ProformaStatus, Role
from services.access import require
from services.actor import Actor


@dataclass(frozen=True)
class ReadyWork:
    """Ids to work on, oldest first, and their dollars."""

    ids: tuple[int, ...]
    amount: Decimal


def approved_proformas(session: Session, actor: Actor) -> ReadyWork:
    """Return the proformas that can become invoices now.

    Raises:
        DeniedError: the actor is no biller.
    """
    require(actor, Role.BILLER, what="Making invoices")
    statement = select(col(Proforma.id), col(Proforma.billed_amount)).where(
        col(Proforma.status) == ProformaStatus.APPROVED
    )
    return _work(session.execute(statement.order_by(col(Proforma.id))).all())


def unqueued_invoices(session: Session, actor: Actor) -> ReadyWork:
    """Return the open invoices whose current revision was never put into the queue.

    Raises:
        DeniedError: the actor is no biller.
    """
    require(actor, Role.BILLER, what="Sending invoices")
    statement = without_submission(select(col(Invoice.id), col(Invoice.total_amount)))
    return _work(session.execute(statement.order_by(col(Invoice.id))).all())


def without_submission(statement: Any) -> Any:  # noqa: ANN401 -- a select of any columns of Invoice
    """Keep of a selection the open invoices whose current revision was never put into the queue."""
    current = (col(InvoiceRevision.invoice_id) == col(Invoice.id)) & (
        col(InvoiceRevision.number) == col(Invoice.revision_number)
    )
    return (
        statement.select_from(Invoice)
        .join(InvoiceRevision, current)
        .outerjoin(Submission, col(Submission.invoice_revision_id) == col(InvoiceRevision.id))
        .where(col(Invoice.document_status) == DocumentStatus.OPEN, col(Submission.id).is_(None))
    )


def count_drafts(session: Session, actor: Actor, *, run_id: int) -> int:
    """Return how many proformas of a run still wait to be sent to review."""
    require(actor, Role.BILLER, what="Sending proformas to review")
    draft = (col(Proforma.billing_run_id) == run_id, col(Proforma.status) == ProformaStatus.DRAFT)
    return session.scalar(select(func.count()).select_from(Proforma).where(*draft)) or 0


def _work(rows: Sequence[Any]) -> ReadyWork:
    return ReadyWork(tuple(row_id for row_id, _ in rows), total(amount for _, amount in rows))
