"""Submissions as people handle them: queued, decided when in doubt, tried again, recorded by hand."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import insert, select
from sqlmodel import Session, col

from core.clock import now
from core.db import db_now_ms
from core.errors import InvalidInputError
from core.ids import correlation_id
from models import Submission
from models.enums import ReceiptSource, Role, SubmissionStatus
from services import audit
from services.access import person_id, require
from services.actor import Actor
from services.lifecycle import apply, get, ring_account
from services.responses.decisions import mark_delivered
from services.row_ids import row_id
from services.sites.profiles import active_profiles
from services.uploads.doubts import settle_doubt
from services.uploads.hand_uploads import check_proof
from services.uploads.readiness import Candidate, check_readiness

_CHUNK = 500
_RECEIPT = 80
_DAY_MS = 86_400_000


@dataclass(frozen=True)
class QueueResult:
    """How many files went into the queue, and each invoice that did not, with its blockers."""

    queued: int
    blocked: tuple[Candidate, ...]


def queue_submissions(session: Session, actor: Actor, *, invoice_ids: Sequence[int]) -> QueueResult:
    """Put every ready invoice's current revision into the ledger; the others are named with what they lack.

    Set-based: 2,000 invoices take a few dozen statements. Workers are rung after the commit.

    Raises:
        DeniedError: the actor is no biller.
    """
    require(actor, Role.BILLER, what="Sending invoices")
    queued_by = person_id(actor)
    candidates = check_readiness(session, invoice_ids)
    ready = [candidate for candidate in candidates if not candidate.blockers]
    for start in range(0, len(ready), _CHUNK):
        _insert(session, actor, ready[start : start + _CHUNK], queued_by)
    for site_account_id in sorted({candidate.site_account_id for candidate in ready}):
        ring_account(session, site_account_id)
    return QueueResult(len(ready), tuple(candidate for candidate in candidates if candidate.blockers))


def confirm_delivered(
    session: Session, actor: Actor, *, submission_id: int, expected_version: int, receipt_number: str, note: str
) -> None:
    """A person looked: the file is on the site. Stored as a person's word, with the receipt that was seen.

    Raises:
        InvalidInputError: no receipt number or no note.
        StaleVersionError, WrongStateError, DeniedError: as in `lifecycle.apply`.
    """
    _deliver_by_person(session, actor, submission_id, expected_version, "confirm_delivered", receipt_number, note)


def record_by_hand(
    session: Session, actor: Actor, *, submission_id: int, expected_version: int, receipt_number: str, note: str
) -> None:
    """A person uploaded the file by hand, and attached a proof with `hand_uploads.attach_proof`.

    Raises:
        InvalidInputError: no receipt number, no note or no proof.
        StaleVersionError, WrongStateError, DeniedError: as in `lifecycle.apply`.
    """
    _deliver_by_person(session, actor, submission_id, expected_version, "record_by_hand", receipt_number, note)
    check_proof(session, get(session, Submission, submission_id))


def confirm_absent(session: Session, actor: Actor, *, submission_id: int, expected_version: int, note: str) -> None:
    """A person looked: the file is not on the site. It is sent again; the worker looks once more before it does.

    Raises:
        StaleVersionError, WrongStateError, InvalidInputError, DeniedError: as in `lifecycle.apply`.
    """
    _ready_again(session, actor, submission_id, expected_version, "confirm_absent", note)


def retry(session: Session, actor: Actor, *, submission_id: int, expected_version: int, note: str = "") -> None:
    """Try a file again that needed attention, now that its cause is mended.

    Raises:
        StaleVersionError, WrongStateError, DeniedError: as in `lifecycle.apply`.
    """
    _ready_again(session, actor, submission_id, expected_version, "retry", note)


def _insert(session: Session, actor: Actor, ready: Sequence[Candidate], queued_by: int) -> None:
    due_at_ms = session.scalars(select(db_now_ms())).one()
    rows = [
        {
            "invoice_id": candidate.invoice_id,
            "invoice_revision_id": candidate.invoice_revision_id,
            "carrier_id": candidate.carrier_id,
            "site_account_id": candidate.site_account_id,
            "queued_by_id": queued_by,
            "status": SubmissionStatus.READY,
            "file_sha256": candidate.file_sha256,
            "due_at_ms": due_at_ms,
            "created_at": now(),
            "correlation_id": correlation_id(),
        }
        for candidate in ready
    ]
    session.execute(insert(Submission), rows)
    revisions = [candidate.invoice_revision_id for candidate in ready]
    made = session.scalars(select(col(Submission.id)).where(col(Submission.invoice_revision_id).in_(revisions)))
    audit.record_many(session, actor, "submission:queue", "submission", [i for i in made if i is not None])


def _deliver_by_person(
    session: Session,
    actor: Actor,
    submission_id: int,
    expected_version: int,
    verb: str,
    receipt_number: str,
    note: str,
) -> None:
    if not receipt_number.strip():
        raise InvalidInputError(
            "The receipt number of the site is missing. Nothing was changed; copy it from the site."
        )
    row: Submission = get(session, Submission, submission_id)
    receipt = receipt_number.strip()[:_RECEIPT]
    apply(session, actor, row, verb, note, expected_version=expected_version, receipt_number=receipt)
    row.receipt_number, row.receipt_source, row.delivered_at = receipt, ReceiptSource.PERSON, now()
    _forget_trouble(session, row)
    session.add(row)
    session.flush()
    mark_delivered(session, actor, invoice_id=row.invoice_id, look_after_ms=_look_after_ms(session, row.carrier_id))


def _ready_again(
    session: Session, actor: Actor, submission_id: int, expected_version: int, verb: str, note: str
) -> None:
    row: Submission = get(session, Submission, submission_id)
    apply(session, actor, row, verb, note, expected_version=expected_version)
    row.attempt, row.intent_step, row.intent_at_ms = 0, "", None
    row.due_at_ms = session.scalars(select(db_now_ms())).one()
    _forget_trouble(session, row)
    session.add(row)
    session.flush()


def _forget_trouble(session: Session, row: Submission) -> None:
    row.error_code, row.error_message = "", ""
    row.decider_id, row.decide_by = None, None
    settle_doubt(session, row_id(row))


def _look_after_ms(session: Session, carrier_id: int) -> int | None:
    active = active_profiles(session, [carrier_id]).get(carrier_id)
    return active.profile.result_channel.look_after_ms() if active else _DAY_MS
