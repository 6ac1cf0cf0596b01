"""The readiness gate: what must be true before an invoice may be queued, each unmet point a named blocker."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, select
from sqlmodel import Session, col

from core.ids import sha256_hex
from models import (
    AccountSecret,
    Carrier,
    CarrierProfileVersion,
    Invoice,
    InvoiceRevision,
    Mailing,
    MatterPayor,
    Site,
    SiteAccount,
    Submission,
)
from models.enums import DeliveryChannel, DocumentStatus, MailingStatus

_CHUNK = 200


@dataclass(frozen=True)
class Blocker:
    """One unmet point: its code, the sentence for people, and the role that can meet it."""

    code: str
    message: str
    owner: str


@dataclass(frozen=True)
class Candidate:
    """An invoice on its way into the queue; no blockers = ready."""

    invoice_id: int
    number: str
    invoice_revision_id: int
    carrier_id: int
    site_account_id: int
    file_sha256: str
    blockers: tuple[Blocker, ...]


NOT_OPEN = Blocker("not_open", "The invoice is no longer open, so it is not sent again.", "biller")
ALREADY_QUEUED = Blocker(
    "already_queued", "This revision has a submission already. Follow that one, or correct the invoice first.", "biller"
)
NOT_BY_SITE = Blocker(
    "not_by_site", "This payor takes its invoices by e-mail or on paper, so nothing is uploaded for it.", "admin"
)
NO_PROFILE = Blocker("no_profile", "The carrier has no active profile. Activate one, then send.", "admin")
NOT_PERMITTED = Blocker(
    "automation_not_permitted",
    "Nobody is recorded who allows automation on this site. Upload by hand, or record the permission.",
    "admin",
)
NO_LOGIN = Blocker("no_login", "No log-in is stored for the carrier's account. Enter it, then send.", "admin")
NO_CLAIM_NUMBER = Blocker("no_claim_number", "The matter has no claim number for this payor. Enter it.", "biller")
FILE_ALTERED = Blocker(
    "file_altered", "The file was altered after the invoice was made. It is not sent; make a new revision.", "biller"
)


def check_readiness(session: Session, invoice_ids: Sequence[int]) -> list[Candidate]:
    """Return each invoice with its blockers, by number; a few queries for hundreds of invoices.

    The file's bytes are read and compared with their recorded SHA-256. Unknown ids are left out.
    """
    chunks = [invoice_ids[start : start + _CHUNK] for start in range(0, len(invoice_ids), _CHUNK)]
    candidates = [_candidate(row) for ids in chunks for row in session.execute(_statement(ids))]
    return sorted(candidates, key=lambda candidate: candidate.number)


def mailed_revision() -> ColumnElement[bool]:
    """Return the condition that a revision goes by e-mail or on paper, or went so; one that was withdrawn does not."""
    return (
        select(col(Mailing.id))
        .where(
            col(Mailing.invoice_revision_id) == col(InvoiceRevision.id),
            col(Mailing.status) != MailingStatus.WITHDRAWN,
        )
        .correlate(InvoiceRevision)
        .exists()
    )


def _statement(ids: Sequence[int]) -> Any:  # noqa: ANN401 -- a select of many columns
    revision = (col(InvoiceRevision.invoice_id) == col(Invoice.id)) & (
        col(InvoiceRevision.number) == col(Invoice.revision_number)
    )
    profile = (col(CarrierProfileVersion.carrier_id) == col(Carrier.id)) & col(CarrierProfileVersion.is_active)
    has_login = select(col(AccountSecret.id)).where(col(AccountSecret.site_account_id) == col(SiteAccount.id)).exists()
    return (
        select(
            col(Invoice.id).label("invoice_id"),
            col(Invoice.number),
            col(Invoice.document_status),
            col(InvoiceRevision.id).label("revision_id"),
            col(InvoiceRevision.file_sha256),
            col(InvoiceRevision.file_content),
            col(Carrier.id).label("carrier_id"),
            col(SiteAccount.id).label("site_account_id"),
            col(Site.automation_allowed_by),
            col(CarrierProfileVersion.id).label("profile_id"),
            col(MatterPayor.claim_number),
            col(Submission.id).label("submission_id"),
            col(Carrier.delivery_channel),
            mailed_revision().label("is_mailed"),
            has_login.label("has_login"),
        )
        .join(InvoiceRevision, revision)
        .join(Carrier, col(Carrier.id) == col(Invoice.carrier_id))
        .join(SiteAccount, col(SiteAccount.id) == col(Carrier.site_account_id))
        .join(Site, col(Site.id) == col(SiteAccount.site_id))
        .join(MatterPayor, col(MatterPayor.id) == col(Invoice.matter_payor_id))
        .outerjoin(CarrierProfileVersion, profile)
        .outerjoin(Submission, col(Submission.invoice_revision_id) == col(InvoiceRevision.id))
        .where(col(Invoice.id).in_(ids))
    )


def _candidate(row: Row[Any]) -> Candidate:
    unmet = (
        (row.document_status is not DocumentStatus.OPEN, NOT_OPEN),
        (row.submission_id is not None or row.is_mailed, ALREADY_QUEUED),
        (row.delivery_channel is not DeliveryChannel.SITE, NOT_BY_SITE),
        (row.profile_id is None, NO_PROFILE),
        (not row.automation_allowed_by.strip(), NOT_PERMITTED),
        (not row.has_login, NO_LOGIN),
        (not row.claim_number.strip(), NO_CLAIM_NUMBER),
        (sha256_hex(row.file_content) != row.file_sha256, FILE_ALTERED),
    )
    return Candidate(
        row.invoice_id,
        row.number,
        row.revision_id,
        row.carrier_id,
        row.site_account_id,
        row.file_sha256,
        tuple(blocker for is_unmet, blocker in unmet if is_unmet),
    )
