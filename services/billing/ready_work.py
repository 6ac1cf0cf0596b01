"""What billing can move on at once: approved proformas to finalise, made invoices that nobody queued yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, func, select
from sqlmodel import Session, col

from core.clock import today
from core.money import total
from models import Invoice, InvoiceRevision, Mailing, Matter, Proforma, Submission
from models.enums import DocumentStatus, MailingStatus, ProformaStatus, Role
from services.access import require
from services.actor import Actor
from services.tables import table_of

_Rows = Select[*tuple[Any, ...]]
_I, _R, _S = table_of(Invoice), table_of(InvoiceRevision), table_of(Submission)
_MAIL = table_of(Mailing)


@dataclass(frozen=True)
class ReadyWork:
    """Ids to work on, oldest first, and their dollars."""

    ids: tuple[int, ...]
    amount: Decimal


def approved_proformas(session: Session, actor: Actor) -> ReadyWork:
    """Return the proformas that can become invoices now; those of held matters cannot.

    Raises:
        DeniedError: the actor is no biller.
    """
    require(actor, Role.BILLER, what="Making invoices")
    statement = (
        select(col(Proforma.id), col(Proforma.billed_amount))
        .join(Matter, col(Matter.id) == col(Proforma.matter_id))
        .where(
            col(Proforma.status) == ProformaStatus.APPROVED,
            func.coalesce(col(Matter.billing_hold_until), date.min) <= today(),
        )
    )
    return _work(session.execute(statement.order_by(col(Proforma.id))).all())


def unqueued_invoices(session: Session, actor: Actor) -> ReadyWork:
    """Return the open invoices whose current revision was never put into the queue.

    Raises:
        DeniedError: the actor is no biller.
    """
    require(actor, Role.BILLER, what="Sending invoices")
    return _work(session.execute(_UNQUEUED).all())


def without_submission(statement: _Rows) -> _Rows:
    """Keep of a selection from the invoices' table the open ones whose current revision nobody queued or mailed."""
    current = (_R.c.invoice_id == _I.c.id) & (_R.c.number == _I.c.revision_number)
    return (
        statement.select_from(_I)
        .join(_R, current)
        .outerjoin(_S, _S.c.invoice_revision_id == _R.c.id)
        .outerjoin(_MAIL, (_MAIL.c.invoice_revision_id == _R.c.id) & (_MAIL.c.status != MailingStatus.WITHDRAWN))
        .where(_I.c.document_status == DocumentStatus.OPEN, _S.c.id.is_(None), _MAIL.c.id.is_(None))
    )


def _work(rows: Sequence[Any]) -> ReadyWork:
    return ReadyWork(tuple(row_id for row_id, _ in rows), total(amount for _, amount in rows))


_UNQUEUED = without_submission(select(_I.c.id, _I.c.total_amount)).order_by(_I.c.id)
