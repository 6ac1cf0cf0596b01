"""The submission ledger: what a worker may write, each write under its fence, its lease and an audit event."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlmodel import Session, col

from carriers.exchange import SiteReceipt
from core.clock import now
from core.db import db_now_ms
from core.errors import BillingError
from models import Carrier, Submission
from models.enums import ReceiptSource, SubmissionStatus
from services.actor import system_actor
from services.lifecycle import apply_fenced
from services.sites.site_traffic import NOTHING_HELD, Held
from services.uploads.leases import FileLease

_SITE_TEXT = 1000
_RECEIPT = 80
_NOTHING_WRONG = {"error_code": "", "error_message": ""}


@dataclass(frozen=True)
class Claim:
    """A ledger row in a worker's hand.

    Attributes:
        is_verification: an earlier owner declared an intent; look on the site before anything else.
        intent_worker_id: that earlier owner's process, while it is a verification.
        attempt: how often the file was taken up for sending, this time included.
        was_abandoned: an earlier owner had it claimed and vanished before any click.
        decider_id: who decides it, while it is a look that a person asked for.
    """

    submission_id: int
    fence: int
    carrier_id: int
    queued_by_id: int
    attempt: int
    is_verification: bool = False
    intent_worker_id: int | None = None
    intent_at_ms: int | None = None
    was_abandoned: bool = False
    decider_id: int | None = None

    @property
    def is_second_look(self) -> bool:
        """Whether it was in doubt before: only its decider lets it be sent again."""
        return self.decider_id is not None

    @property
    def lease(self) -> FileLease:
        """What the heartbeat renews."""
        return FileLease(self.submission_id, self.fence)


def due_files(site_account_id: int | None = None, held: Held = NOTHING_HELD) -> ColumnElement[bool]:
    """Return the condition of rows that a worker may take now: due, unleased, the carrier neither paused nor held back.

    A row with a declared intent is due even while its carrier is paused or has to go slowly: looking sends nothing. It
    waits for a site that is closed.
    """
    status, until = col(Submission.status), col(Submission.lease_until_ms)
    carrier_runs = (
        select(col(Carrier.id))
        .where(col(Carrier.id) == col(Submission.carrier_id), col(Carrier.paused_at).is_(None))
        .correlate(Submission)
    )
    carrier_id = col(Submission.carrier_id)
    sendable = status.in_([SubmissionStatus.READY, SubmissionStatus.CLAIMED]) & carrier_runs.exists()
    due = and_(
        or_(sendable & carrier_id.not_in(held.ids), status == SubmissionStatus.INTENT),
        carrier_id.not_in(held.closed),
        or_(until.is_(None), until <= db_now_ms()),
        col(Submission.due_at_ms) <= db_now_ms(),
    )
    return due if site_account_id is None else and_(col(Submission.site_account_id) == site_account_id, due)


def claim_next(
    session: Session,
    *,
    site_account_id: int,
    worker_id: int,
    lease_ms: int,
    from_carrier_id: int | None = None,
    held: Held = NOTHING_HELD,
) -> Claim | None:
    """Take the account's next due file: declared intents first, then carrier by carrier, oldest first.

    The carriers take turns in the order of their ids, round and round, from `from_carrier_id` on; without it, the
    one whose file has waited longest is first.
    """
    row = session.scalars(_next(due_files(site_account_id, held), from_carrier_id)).first()
    return take(session, row, worker_id=worker_id, lease_ms=lease_ms) if row is not None else None


def take(session: Session, row: Submission, *, worker_id: int, lease_ms: int) -> Claim:
    """Take one due row: to send it, or to verify an earlier owner's intent, who stays on the row as its author.

    Raises:
        FencedError: another worker was faster.
    """
    verifying = row.status is SubmissionStatus.INTENT
    taken = {} if verifying else {"worker_id": worker_id, "attempt": row.attempt + 1, "intent_step": ""}
    claim = _claim_of(row, row.fence + 1, verifying=verifying)
    apply_fenced(
        session,
        system_actor(row.queued_by_id),
        claim.submission_id,
        "verify" if verifying else "claim",
        fence=row.fence,
        lease_ms=lease_ms,
        values=taken,
        worker_id=worker_id,
    )
    return claim


def declare_intent(session: Session, claim: Claim, *, worker_id: int, step: str, pdf_sha256: str = "") -> None:
    """Write down that the next click cannot be taken back, and the checksum of the PDF that goes along."""
    values = {
        "intent_step": step[:120],
        "intent_at_ms": db_now_ms(),
        "worker_id": worker_id,
        "pdf_sha256": pdf_sha256,
    }
    said = {"pdf_sha256": pdf_sha256} if pdf_sha256 else {}
    _write(session, claim, "declare_intent", values, step=step, **said)


def deliver(session: Session, claim: Claim, receipt: SiteReceipt) -> None:
    """Record the site's proof that it has the file."""
    values = {
        **_NOTHING_WRONG,
        "decider_id": None,
        "decide_by": None,
        "receipt_number": receipt.receipt_number[:_RECEIPT],
        "receipt_source": ReceiptSource.SITE,
        "site_text": receipt.site_text[:_SITE_TEXT],
        "delivered_at": now(),
    }
    _write(session, claim, "deliver", values, receipt_number=receipt.receipt_number, verified=claim.is_verification)


def refuse(session: Session, claim: Claim, error: BillingError) -> None:
    """Record that the site read the file and refused it."""
    _write(session, claim, "refuse", _what_went_wrong(error), error_code=error.code)


def need_attention(session: Session, claim: Claim, error: BillingError) -> None:
    """Stop with the file unsent; a person must do something first."""
    _write(session, claim, "need_attention", _what_went_wrong(error), error_code=error.code)


def release(
    session: Session, claim: Claim, *, delay_ms: int = 0, error: BillingError | None = None, is_next: bool = False
) -> None:
    """Put the file back unsent, due after a delay, or before all others of its account.

    A file that a site holds half placed keeps others out there until it is finished, so it must not wait behind them.
    """
    wrong = _what_went_wrong(error) if error is not None else _NOTHING_WRONG
    due_at_ms = _before_all_others(session, claim) if is_next else db_now_ms() + delay_ms
    values = {**wrong, "due_at_ms": due_at_ms, "intent_step": "", "intent_at_ms": None}
    _write(session, claim, "release", values, delay_ms=delay_ms, error_code=error.code if error else "")


def look_later(session: Session, claim: Claim, *, delay_ms: int) -> None:
    """Give the row up with its intent as it stands; the next look is due after a delay."""
    values = {"lease_until_ms": None, "due_at_ms": db_now_ms() + delay_ms}
    _write(session, claim, "look_later", values, delay_ms=delay_ms)


def doubt(session: Session, claim: Claim, error: BillingError, *, decide_hours: int) -> None:
    """Hand the row to the person who queued it: the file may or may not be on the site.

    After a second look it goes back to who decides it, by the same deadline.
    """
    decider_id = claim.decider_id or claim.queued_by_id
    values = {**_what_went_wrong(error), "decider_id": decider_id}
    if not claim.is_second_look:
        values["decide_by"] = now() + timedelta(hours=decide_hours)
    _write(session, claim, "doubt", values, error_code=error.code, decider_id=decider_id)


def _before_all_others(session: Session, claim: Claim) -> int:
    mine = select(col(Submission.site_account_id)).where(col(Submission.id) == claim.submission_id).scalar_subquery()
    ready = (col(Submission.site_account_id) == mine) & (col(Submission.status) == SubmissionStatus.READY)
    earliest = select(func.min(col(Submission.due_at_ms))).where(ready)
    at_ms, first_ms = session.execute(select(db_now_ms(), earliest.scalar_subquery())).one()
    return int(at_ms if first_ms is None else min(at_ms, first_ms - 1))


def _next(due: ColumnElement[bool], from_carrier_id: int | None) -> Select[Submission]:
    intents_first = case((col(Submission.status) == SubmissionStatus.INTENT, 0), else_=1)
    oldest = (col(Submission.due_at_ms), col(Submission.id))
    order: tuple[Any, ...] = (intents_first, *oldest)
    if from_carrier_id is not None:
        carrier_id = col(Submission.carrier_id)
        order = (intents_first, case((carrier_id >= from_carrier_id, 0), else_=1), carrier_id, *oldest)
    statement = select(Submission).where(due).order_by(*order).limit(1)
    return statement.with_for_update(skip_locked=True, of=Submission).execution_options(populate_existing=True)


def _claim_of(row: Submission, fence: int, *, verifying: bool) -> Claim:
    return Claim(
        submission_id=cast("int", row.id),
        fence=fence,
        carrier_id=row.carrier_id,
        queued_by_id=row.queued_by_id,
        attempt=row.attempt if verifying else row.attempt + 1,
        is_verification=verifying,
        intent_worker_id=row.worker_id if verifying else None,
        intent_at_ms=row.intent_at_ms if verifying else None,
        was_abandoned=row.status is SubmissionStatus.CLAIMED,
        decider_id=row.decider_id if verifying else None,
    )


def _write(session: Session, claim: Claim, verb: str, values: dict[str, Any], **data: Any) -> None:  # noqa: ANN401
    actor = system_actor(claim.queued_by_id)
    apply_fenced(session, actor, claim.submission_id, verb, fence=claim.fence, values=values, **data)


def _what_went_wrong(error: BillingError) -> dict[str, Any]:
    text = str(error.facts.get("site_text", ""))[:_SITE_TEXT]
    wrong = {"error_code": error.code, "error_message": error.user_message[:1000]}
    return {**wrong, "site_text": text} if text else wrong
