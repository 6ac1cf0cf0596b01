"""Uploading by hand: a file is set aside so that no machine sends it, and the receipt comes with a proof."""

from sqlalchemy import ColumnElement, select
from sqlmodel import Session, col

from adapters.object_store import ObjectStore, object_store
from core.clock import now
from core.errors import InvalidInputError, StaleVersionError, WrongStateError
from core.ids import new_correlation_id, sha256_hex
from core.settings import get_settings
from models import Evidence, Submission
from models.enums import Role, SubmissionStatus
from services import audit
from services.access import require
from services.actor import Actor
from services.lifecycle import apply, get

PROOF = "proof"
LARGEST_PROOF = 10 * 1024 * 1024
_LABEL = 160
_KINDS = (
    (b"%PDF-", "application/pdf", "pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png", "png"),
    (b"\xff\xd8\xff", "image/jpeg", "jpg"),
)
_SET_ASIDE = "Set aside to be uploaded by hand. No machine sends it; record the receipt, or let it go again."


def set_aside(session: Session, actor: Actor, *, submission_id: int, expected_version: int, note: str = "") -> None:
    """Take a waiting file out of the queue, so that a person may upload it while no machine does.

    Raises:
        StaleVersionError, WrongStateError, DeniedError: as in `lifecycle.apply`; a worker that has it keeps it.
    """
    row: Submission = get(session, Submission, submission_id)
    apply(session, actor, row, "set_aside", note, expected_version=expected_version)
    row.error_code, row.error_message = "set_aside", _SET_ASIDE
    session.add(row)
    session.flush()


def attach_proof(
    session: Session,
    actor: Actor,
    *,
    submission_id: int,
    expected_version: int,
    name: str,
    content: bytes,
    store: ObjectStore | None = None,
) -> int:
    """Keep a screenshot or PDF of what the site showed as evidence; return its id. Several may stand beside one file.

    Raises:
        InvalidInputError: no such kind of file, empty, or too large.
        DeniedError, StaleVersionError, WrongStateError: nothing was kept.
        UnavailableError: the store cannot be reached.
    """
    require(actor, Role.BILLER, what="Recording an upload by hand")
    media_type, suffix = _kind(content)
    row = _waiting(session, submission_id, expected_version)
    key = f"evidence/{submission_id}/{row.fence}/{new_correlation_id()}.{suffix}"
    (store or object_store(get_settings())).put(key, content, media_type)
    piece = Evidence(
        submission_id=submission_id,
        fence=row.fence,
        kind=PROOF,
        label=name.strip()[:_LABEL] or "Proof",
        media_type=media_type,
        object_key=key,
        sha256=sha256_hex(content),
        taken_at=now(),
    )
    session.add(piece)
    session.flush()
    audit.record(session, actor, "submission:proof_attached", "submission", submission_id, sha256=piece.sha256)
    return piece.id or 0


def check_proof(session: Session, row: Submission) -> None:
    """Refuse a receipt without a proof that was attached since a machine last had the file.

    Raises:
        InvalidInputError: there is none.
    """
    if not session.scalars(select(has_proof()).where(col(Submission.id) == row.id)).one():
        message = "The proof is missing. Nothing was recorded; add a screenshot or PDF of what the site showed."
        raise InvalidInputError(message, submission_id=row.id)


def has_proof() -> ColumnElement[bool]:
    """Return the condition that a file has a proof that was attached since a machine last had it."""
    return (
        select(col(Evidence.id))
        .where(col(Evidence.submission_id) == col(Submission.id), col(Evidence.kind) == PROOF)
        .where(col(Evidence.fence) == col(Submission.fence))
        .correlate(Submission)
        .exists()
    )


def _waiting(session: Session, submission_id: int, expected_version: int) -> Submission:
    row: Submission = get(session, Submission, submission_id)
    session.refresh(row, with_for_update=True)
    if row.version != expected_version:
        message = "Somebody changed this since you opened it. The proof was not kept; look at the new state first."
        raise StaleVersionError(message, submission_id=submission_id)
    if row.status is not SubmissionStatus.NEEDS_ATTENTION:
        message = "This file does not wait for a person. The proof was not kept; set the file aside first."
        raise WrongStateError(message, status=row.status)
    return row


def _kind(content: bytes) -> tuple[str, str]:
    if len(content) > LARGEST_PROOF:
        raise InvalidInputError("The proof is larger than 10 MB. It was not kept; save a smaller picture.")
    for beginning, media_type, suffix in _KINDS:
        if content.startswith(beginning):
            return media_type, suffix
    raise InvalidInputError("A proof is a PNG, JPEG or PDF, and this is none. It was not kept; take a screenshot.")
