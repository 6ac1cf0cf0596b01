"""What was billed on matters before: until when, for rules about frequency, and which lines of it count."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import ColumnElement, and_, func, select
from sqlmodel import Session, col

from models import Invoice, InvoiceRevision
from models.enums import DocumentStatus

_STANDING = (DocumentStatus.OPEN, DocumentStatus.DELIVERED)
_Key = tuple[int, int]


def load_last_billed(session: Session, matters: Collection[_Key]) -> dict[_Key, date]:
    """Return the end of the last period billed by (matter id, carrier id), from invoices that stand; one statement."""
    if not matters:
        return {}
    wanted = frozenset(matters)
    statement = (
        select(col(Invoice.matter_id), col(Invoice.carrier_id), func.max(col(InvoiceRevision.period_end)))
        .join(InvoiceRevision, is_current())
        .where(col(Invoice.matter_id).in_({matter_id for matter_id, _ in wanted}), stands())
        .group_by(col(Invoice.matter_id), col(Invoice.carrier_id))
    )
    return {
        (matter_id, carrier_id): until
        for matter_id, carrier_id, until in session.execute(statement)
        if (matter_id, carrier_id) in wanted
    }


def is_current() -> ColumnElement[bool]:
    """Return the condition on a revision that it is its invoice's newest."""
    return and_(
        col(InvoiceRevision.invoice_id) == col(Invoice.id), col(InvoiceRevision.number) == col(Invoice.revision_number)
    )


def stands() -> ColumnElement[bool]:
    """Return the condition on an invoice that it was neither voided nor superseded."""
    return col(Invoice.document_status).in_(_STANDING)
