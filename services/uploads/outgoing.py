"""A ledger row's file as it goes to the site: the stored bytes, bound to the row by their SHA-256."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import Session, col

from carriers.exchange import OutgoingFile
from carriers.profile import CarrierProfile
from core.errors import BillingError, WrongStateError
from core.ids import sha256_hex
from models import Carrier, Invoice, InvoiceRevision, Matter, MatterPayor, Submission
from models.enums import DocumentStatus, SubmissionStatus
from services.documents.invoice_pdf import make_invoice_pdf
from services.sites.profiles import active_profiles


class FileAlteredError(BillingError):
    """The stored bytes are not the ones that were queued."""

    code = "file_altered"
    status_code = 409


@dataclass(frozen=True)
class Outgoing:
    """A file, the carrier's record in force, and the invoice it belongs to."""

    file: OutgoingFile
    profile: CarrierProfile
    carrier_id: int
    invoice_id: int
    document_status: DocumentStatus


class ProfileCache:
    """The carriers' records, read once a drain: one object a carrier, so that a visit sees when it changes."""

    def __init__(self) -> None:
        self._profiles: dict[int, CarrierProfile] = {}

    def get(self, session: Session, carrier_id: int) -> CarrierProfile:
        """Return the active record of a carrier.

        Raises:
            WrongStateError: it has none any more.
        """
        if carrier_id not in self._profiles:
            active = active_profiles(session, [carrier_id]).get(carrier_id)
            if active is None:
                raise WrongStateError(
                    "The carrier has no active profile. Nothing was sent; activate one and try again."
                )
            self._profiles[carrier_id] = active.profile
        return self._profiles[carrier_id]


def load_outgoing(session: Session, submission_id: int, profiles: ProfileCache) -> Outgoing:
    """Read one file with its facts.

    Raises:
        FileAlteredError: bytes, revision and ledger row do not have one and the same checksum.
        WrongStateError: the carrier has no active profile.
        TypesettingError: the carrier wants a PDF beside the file, and it could not be made.
    """
    statement = (
        select(Submission, InvoiceRevision, Invoice, Matter, MatterPayor, Carrier)
        .join(InvoiceRevision, col(InvoiceRevision.id) == col(Submission.invoice_revision_id))
        .join(Invoice, col(Invoice.id) == col(Submission.invoice_id))
        .join(Matter, col(Matter.id) == col(Invoice.matter_id))
        .join(MatterPayor, col(MatterPayor.id) == col(Invoice.matter_payor_id))
        .join(Carrier, col(Carrier.id) == col(Submission.carrier_id))
        .where(col(Submission.id) == submission_id)
    )
    row, revision, invoice, matter, payor, carrier = session.execute(statement).one()
    if not row.file_sha256 == revision.file_sha256 == sha256_hex(revision.file_content):
        message = "The file was altered after it was queued. Nothing was sent; make a corrected revision."
        raise FileAlteredError(message, submission_id=submission_id)
    profile = profiles.get(session, row.carrier_id)
    file = OutgoingFile(
        invoice_number=invoice.number,
        client_code=carrier.client_code,
        matter=matter.number,
        claim_number=payor.claim_number,
        file_name=revision.file_name,
        content=revision.file_content,
        sha256=revision.file_sha256,
        total=revision.total_amount,
        superseded_receipts=_earlier_receipts(session, row),
        pdf=make_invoice_pdf(session, revision_id=row.invoice_revision_id) if profile.format.sends_pdf else None,
    )
    return Outgoing(file, profile, row.carrier_id, row.invoice_id, invoice.document_status)


def _earlier_receipts(session: Session, row: Submission) -> frozenset[str]:
    """Return the receipts of the invoice's other revisions; the site's list still shows them."""
    earlier = select(col(Submission.receipt_number)).where(
        col(Submission.invoice_id) == row.invoice_id,
        col(Submission.id) != row.id,
        col(Submission.status) == SubmissionStatus.DELIVERED,
        col(Submission.receipt_number) != "",
    )
    return frozenset(session.scalars(earlier))
