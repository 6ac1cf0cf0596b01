"""Payors who take their invoices by e-mail or on paper, and such invoices on their way."""

from typing import Any

from sqlmodel import Session, select

from models import Carrier, Invoice, InvoiceRevision, Mailing
from models.enums import DeliveryChannel, DocumentStatus, MailingStatus
from tests.builders.base import NOW, add, id_of
from tests.builders.carriers import make_carrier
from tests.builders.invoices import make_invoice
from tests.builders.matters import make_matter

EMAIL = "invoices@payor.example"
POSTAL_ADDRESS = "Legal Invoices\nP.O. Box 5590\nHartford, CT 06102"


def make_mail_payor(session: Session, *, channel: DeliveryChannel = DeliveryChannel.EMAIL, **columns: Any) -> Carrier:
    """Make a payor who takes invoices by e-mail, unless another channel is given."""
    carrier = make_carrier(session)
    given = {"delivery_channel": channel, "invoice_emails": EMAIL, "postal_address": POSTAL_ADDRESS, **columns}
    for name, value in given.items():
        setattr(carrier, name, value)
    return add(session, carrier)


def make_mail_invoice(session: Session, *, carrier: Carrier | None = None, lines: int = 2, **columns: Any) -> Invoice:
    """Make an open invoice of a payor who takes it by e-mail."""
    matter = columns.pop("matter", None) or make_matter(session, carrier=carrier or make_mail_payor(session))
    return make_invoice(session, matter=matter, lines=lines, **columns)


def make_mailing(
    session: Session,
    *,
    invoice: Invoice | None = None,
    channel: DeliveryChannel = DeliveryChannel.EMAIL,
    status: MailingStatus = MailingStatus.READY,
    **columns: Any,
) -> Mailing:
    """Queue an invoice's present revision for a mailbox or an envelope; further columns of the row by name."""
    if invoice is None:
        sent = status is MailingStatus.SENT
        document_status = DocumentStatus.DELIVERED if sent else DocumentStatus.OPEN
        payor = make_mail_payor(session, channel=channel)
        invoice = make_mail_invoice(session, carrier=payor, document_status=document_status)
    revision = session.exec(
        select(InvoiceRevision).where(
            InvoiceRevision.invoice_id == invoice.id, InvoiceRevision.number == invoice.revision_number
        )
    ).one()
    row: dict[str, Any] = {
        "invoice_id": id_of(invoice),
        "invoice_revision_id": id_of(revision),
        "carrier_id": invoice.carrier_id,
        "channel": channel,
        "status": status,
        "queued_by_id": invoice.finalized_by_id,
        "queued_at": NOW,
        "addresses": EMAIL if channel is DeliveryChannel.EMAIL else "",
        "sent_at": NOW if status is MailingStatus.SENT else None,
        "sent_on": NOW.date() if status is MailingStatus.SENT else None,
    }
    return add(session, Mailing(**{**row, **columns}))
