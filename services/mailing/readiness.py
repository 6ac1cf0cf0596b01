"""What must be true before an invoice may go by e-mail or on paper, each unmet point a named blocker."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, select
from sqlmodel import Session, col

from core.ids import sha256_hex
from models import Carrier, Invoice, InvoiceRevision, Mailing, MatterPayor, Submission
from models.enums import DeliveryChannel, DocumentStatus, MailingStatus
from services.uploads.readiness import ALREADY_QUEUED, FILE_ALTERED, NO_CLAIM_NUMBER, NOT_OPEN, Blocker

_CHUNK = 200
NO_EMAIL = Blocker("no_email", "No e-mail address is recorded for this payor. Enter it, then send.", "admin")
NO_POSTAL_ADDRESS = Blocker(
    "no_postal_address", "No postal address is recorded for this payor. Enter it, then send.", "admin"
)


@dataclass(frozen=True)
class MailCandidate:
    """An invoice on its way to a mailbox or an envelope; `withdrawn_id` is the row that it had before, if any."""

    invoice_id: int
    number: str
    invoice_revision_id: int
    carrier_id: int
    channel: DeliveryChannel
    addresses: str
    withdrawn_id: int | None
    blockers: tuple[Blocker, ...]


def check_mail_readiness(session: Session, invoice_ids: Sequence[int]) -> list[MailCandidate]:
    """Return those of the invoices whose payor takes no uploads, each with its blockers, by number.

    The file's bytes are read and compared with their recorded SHA-256. Unknown ids are left out.
    """
    chunks = [invoice_ids[start : start + _CHUNK] for start in range(0, len(invoice_ids), _CHUNK)]
    candidates = [_candidate(row) for ids in chunks for row in session.execute(_statement(ids))]
    return sorted(candidates, key=lambda candidate: candidate.number)


def _statement(ids: Sequence[int]) -> Any:  # noqa: ANN401 -- a select of many columns
    current = (col(InvoiceRevision.invoice_id) == col(Invoice.id)) & (
        col(InvoiceRevision.number) == col(Invoice.revision_number)
    )
    return (
        select(
            col(Invoice.id).label("invoice_id"),
            col(Invoice.number),
            col(Invoice.document_status),
            col(InvoiceRevision.id).label("revision_id"),
            col(InvoiceRevision.file_sha256),
            col(InvoiceRevision.file_content),
            col(Carrier.id).label("carrier_id"),
            col(Carrier.delivery_channel),
            col(Carrier.invoice_emails),
            col(Carrier.postal_address),
            col(MatterPayor.claim_number),
            col(Submission.id).label("submission_id"),
            col(Mailing.id).label("mailing_id"),
            col(Mailing.status),
        )
        .join(InvoiceRevision, current)
        .join(Carrier, col(Carrier.id) == col(Invoice.carrier_id))
        .join(MatterPayor, col(MatterPayor.id) == col(Invoice.matter_payor_id))
        .outerjoin(Submission, col(Submission.invoice_revision_id) == col(InvoiceRevision.id))
        .outerjoin(Mailing, col(Mailing.invoice_revision_id) == col(InvoiceRevision.id))
        .where(col(Invoice.id).in_(ids), col(Carrier.delivery_channel) != DeliveryChannel.SITE)
    )


def _candidate(row: Row[Any]) -> MailCandidate:
    is_withdrawn = row.mailing_id is not None and row.status is MailingStatus.WITHDRAWN
    by_email, by_paper = (row.delivery_channel is one for one in (DeliveryChannel.EMAIL, DeliveryChannel.PAPER))
    unmet = (
        (row.document_status is not DocumentStatus.OPEN, NOT_OPEN),
        (row.submission_id is not None or (row.mailing_id is not None and not is_withdrawn), ALREADY_QUEUED),
        (by_email and not row.invoice_emails, NO_EMAIL),
        (by_paper and not row.postal_address, NO_POSTAL_ADDRESS),
        (not row.claim_number.strip(), NO_CLAIM_NUMBER),
        (sha256_hex(row.file_content) != row.file_sha256, FILE_ALTERED),
    )
    return MailCandidate(
        row.invoice_id,
        row.number,
        row.revision_id,
        row.carrier_id,
        row.delivery_channel,
        row.invoice_emails if by_email else "",
        row.mailing_id if is_withdrawn else None,
        tuple(blocker for is_unmet, blocker in unmet if is_unmet),
    )
