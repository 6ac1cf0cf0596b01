"""Sending finished invoices, each by its payor's own channel: uploaded, mailed or printed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from models.enums import DeliveryChannel, Role
from services.access import require
from services.actor import Actor
from services.mailing.mailings import queue_mailings
from services.mailing.readiness import MailCandidate, check_mail_readiness
from services.uploads.readiness import Blocker, Candidate
from services.uploads.submissions import queue_submissions


@dataclass(frozen=True)
class BlockedInvoice:
    """An invoice that did not go into any queue, and why."""

    invoice_id: int
    number: str
    blockers: tuple[Blocker, ...]


@dataclass(frozen=True)
class SendResult:
    """How many invoices wait to be uploaded, mailed and printed now, and those that do not."""

    uploading: int
    mailing: int
    printing: int
    blocked: tuple[BlockedInvoice, ...]

    @property
    def queued(self) -> int:
        """All that are on their way now."""
        return self.uploading + self.mailing + self.printing


def send_invoices(session: Session, actor: Actor, *, invoice_ids: Sequence[int]) -> SendResult:
    """Queue invoices by their payors' channels; only those that are uploaded get a submission.

    Set-based, for hundreds. Workers are rung after the commit.

    Raises:
        DeniedError: the actor is no biller.
    """
    require(actor, Role.BILLER, what="Sending invoices")
    by_mail = check_mail_readiness(session, invoice_ids)
    mailed = {candidate.invoice_id for candidate in by_mail}
    uploads = queue_submissions(session, actor, invoice_ids=[one for one in invoice_ids if one not in mailed])
    ready = [candidate for candidate in by_mail if not candidate.blockers]
    queue_mailings(session, actor, candidates=ready)
    return SendResult(
        uploading=uploads.queued,
        mailing=sum(one.channel is DeliveryChannel.EMAIL for one in ready),
        printing=sum(one.channel is DeliveryChannel.PAPER for one in ready),
        blocked=_blocked([*uploads.blocked, *(one for one in by_mail if one.blockers)]),
    )


def _blocked(candidates: Iterable[Candidate | MailCandidate]) -> tuple[BlockedInvoice, ...]:
    found = [BlockedInvoice(one.invoice_id, one.number, one.blockers) for one in candidates]
    return tuple(sorted(found, key=lambda one: one.number))
