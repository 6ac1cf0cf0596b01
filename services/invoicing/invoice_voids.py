"""Voiding an invoice that no site has, and the check that none is on its way there."""

from sqlalchemy import func, select
from sqlmodel import Session, col

from core.errors import WrongStateError
from models import Expense, Invoice, InvoiceRevision, Mailing, ProformaLine, Submission, TimeEntry
from models.enums import DocumentStatus, MailingStatus, SubmissionStatus
from services import lifecycle
from services.actor import Actor
from services.invoicing.invoice_documents import visible_invoice
from services.invoicing.invoices import BILLED
from services.lifecycle import Subject
from services.row_ids import row_id

_OVER = (SubmissionStatus.REFUSED,)
_MAIL_OVER = (MailingStatus.WITHDRAWN, MailingStatus.SENT, MailingStatus.BOUNCED)


def void_invoice(session: Session, actor: Actor, *, invoice_id: int, expected_version: int, reason: str) -> Invoice:
    """Void an invoice that no site has; its number stays taken, its entries go back to work in progress.

    Entries shared with another payor's invoice stay billed while that invoice stands.
    """
    invoice = visible_invoice(session, actor, invoice_id)
    check_not_on_its_way(session, invoice)
    lifecycle.apply(session, actor, invoice, "void", reason, expected_version=expected_version)
    if not _other_invoices(session, invoice):
        _return_entries(session, actor, invoice)
    return invoice


def check_not_on_its_way(session: Session, invoice: Invoice) -> None:
    """Refuse while the current revision has a submission that was not refused, or a mailing that was not withdrawn.

    Raises:
        WrongStateError: it is queued, on its way, delivered or in doubt.
    """
    _check_not_mailed(session, invoice)
    statement = (
        select(func.count())
        .select_from(Submission)
        .join(InvoiceRevision, col(InvoiceRevision.id) == col(Submission.invoice_revision_id))
        .where(
            col(Submission.invoice_id) == invoice.id,
            col(InvoiceRevision.number) == invoice.revision_number,
            col(Submission.status).not_in(_OVER),
        )
    )
    if session.scalar(statement):
        message = (
            f"Invoice {invoice.number} is queued, on its way or in doubt. Nothing was changed; "
            "settle its submission first."
        )
        raise WrongStateError(message, invoice_id=invoice.id)


def _check_not_mailed(session: Session, invoice: Invoice) -> None:
    statement = (
        select(func.count())
        .select_from(Mailing)
        .join(InvoiceRevision, col(InvoiceRevision.id) == col(Mailing.invoice_revision_id))
        .where(
            col(Mailing.invoice_id) == invoice.id,
            col(InvoiceRevision.number) == invoice.revision_number,
            col(Mailing.status).not_in(_MAIL_OVER),
        )
    )
    if session.scalar(statement):
        message = f"Invoice {invoice.number} waits under Mail and paper. Nothing was changed; withdraw it there first."
        raise WrongStateError(message, invoice_id=invoice.id)


def _other_invoices(session: Session, invoice: Invoice) -> int:
    standing = select(func.count()).where(
        col(Invoice.proforma_id) == invoice.proforma_id,
        col(Invoice.id) != invoice.id,
        col(Invoice.document_status).not_in((DocumentStatus.VOIDED, DocumentStatus.SUPERSEDED)),
    )
    return session.scalar(standing) or 0


def _return_entries(session: Session, actor: Actor, invoice: Invoice) -> None:
    billed = (
        col(ProformaLine.proforma_id) == invoice.proforma_id,
        col(ProformaLine.treatment).in_(BILLED),
    )
    subject = Subject("invoice", row_id(invoice))
    for model, column in ((TimeEntry, ProformaLine.time_entry_id), (Expense, ProformaLine.expense_id)):
        entries = select(col(column)).where(*billed, col(column).is_not(None))
        lifecycle.apply_many(session, actor, model, "return_to_wip", col(model.id).in_(entries), subject=subject)
