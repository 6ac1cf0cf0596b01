"""The print-and-post log: every batch as it was printed, who made it, who posted it and when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from adapters.object_store import ObjectStore, object_store
from core.errors import NotFoundError
from core.ids import sha256_hex
from core.money import total
from core.settings import get_settings
from models import Invoice, Mailing, PrintBatch, User
from models.enums import MailingStatus, PrintGrouping, Role
from services.access import require
from services.actor import Actor
from services.documents.invoice_pdf import NamedPdf
from services.lifecycle import get
from services.row_ids import row_id


@dataclass(frozen=True)
class BatchRow:
    """One batch in the log; `posted_by` and `posted_on` are '' and None until all of it was posted."""

    id: int
    grouping: PrintGrouping
    label: str
    invoice_count: int
    amount: Decimal
    made_by: str
    made_at: datetime
    waiting_ids: tuple[int, ...]
    posted_count: int
    posted_by: str
    posted_on: date | None
    note: str


def read_batch_pdf(session: Session, actor: Actor, *, batch_id: int, store: ObjectStore | None = None) -> NamedPdf:
    """Return a batch's PDF as it was printed.

    Raises:
        DeniedError: the actor is neither biller nor admin.
        NotFoundError: there is no such batch.
    """
    require(actor, Role.BILLER, Role.ADMIN, what="Print batches")
    batch: PrintBatch = get(session, PrintBatch, batch_id)
    content = (store or object_store(get_settings())).get(batch.object_key)
    if sha256_hex(content) != batch.sha256:
        raise NotFoundError("The stored PDF of this batch is damaged, so it is not shown. Print its invoices again.")
    return NamedPdf(f"print-batch-{batch_id}.pdf", content)


def list_batches(session: Session, actor: Actor, *, limit: int = 50, before: int | None = None) -> list[BatchRow]:
    """Return the print-and-post log, the newest batch first.

    Raises:
        DeniedError: the actor is neither biller nor admin.
    """
    require(actor, Role.BILLER, Role.ADMIN, what="The print-and-post log")
    statement = select(PrintBatch, col(User.name)).join(User, col(User.id) == col(PrintBatch.made_by_id))
    if before is not None:
        statement = statement.where(col(PrintBatch.id) < before)
    found = session.execute(statement.order_by(col(PrintBatch.id).desc()).limit(limit)).all()
    mailings = _of_batches(session, [row_id(batch) for batch, _ in found])
    return [_batch_row(batch, name, mailings.get(row_id(batch), [])) for batch, name in found]


def _batch_row(batch: PrintBatch, made_by: str, rows: Sequence[Any]) -> BatchRow:
    posted = [row for row in rows if row.status is MailingStatus.SENT]
    last = posted[-1] if posted and len(posted) == len(rows) else None
    return BatchRow(
        id=row_id(batch),
        grouping=batch.grouping,
        label=batch.label,
        invoice_count=batch.invoice_count,
        amount=total(row.total_amount for row in rows),
        made_by=made_by,
        made_at=batch.made_at,
        waiting_ids=tuple(row.id for row in rows if row.status is MailingStatus.PRINTED),
        posted_count=len(posted),
        posted_by=(last.posted_by or "") if last else "",
        posted_on=last.sent_on if last else None,
        note=last.note if last else "",
    )


def _of_batches(session: Session, batch_ids: Sequence[int]) -> dict[int, list[Any]]:
    statement: Any = (
        select(
            col(Mailing.print_batch_id),
            col(Mailing.id),
            col(Mailing.status),
            col(Mailing.sent_on),
            col(Mailing.note),
            col(Invoice.total_amount),
            col(User.name).label("posted_by"),
        )
        .join(Invoice, col(Invoice.id) == col(Mailing.invoice_id))
        .outerjoin(User, col(User.id) == col(Mailing.sent_by_id))
        .where(col(Mailing.print_batch_id).in_(batch_ids))
        .order_by(col(Mailing.id))
    )
    found: dict[int, list[Any]] = {}
    for row in session.execute(statement):
        found.setdefault(row.print_batch_id, []).append(row)
    return found
