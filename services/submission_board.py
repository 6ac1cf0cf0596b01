"""The submissions board: counts and rows by carrier and column, and one submission with its proof."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import ColumnElement, func, select
from sqlmodel import Session, col

from core.clock import now
from core.errors import NotFoundError
from models import AuditEvent, Carrier, Evidence, Invoice, Matter, SiteFinding, Submission, User
from models.enums import Role, SubmissionStatus
from services.access import require
from services.actor import Actor
from services.evidence import may_see
from services.lifecycle import available

_S = SubmissionStatus


class Column(StrEnum):
    """A column of the board."""

    READY = "ready"
    RUNNING = "running"
    DELIVERED = "delivered"
    REFUSED = "refused"
    NEEDS_ATTENTION = "needs_attention"
    IN_DOUBT = "in_doubt"

    @property
    def statuses(self) -> tuple[SubmissionStatus, ...]:
        """The ledger states that the column shows."""
        return (_S.CLAIMED, _S.INTENT) if self is Column.RUNNING else (SubmissionStatus(self.value),)


_COLUMN_OF = {status: column for column in Column for status in column.statuses}


@dataclass(frozen=True)
class BoardLane:
    """One carrier's counts by column; `delivered_amount` is what its site holds of ours."""

    carrier_id: int
    carrier_name: str
    site_account_id: int
    is_paused: bool
    paused_reason: str
    counts: dict[Column, int]
    delivered_amount: Decimal


@dataclass(frozen=True)
class BoardRow:
    """One submission on the board; `is_overdue` when its decider let the deadline pass."""

    submission_id: int
    version: int
    column: Column
    status: SubmissionStatus
    invoice_id: int
    invoice_number: str
    matter_number: str
    carrier_id: int
    carrier_name: str
    amount: Decimal
    receipt_number: str
    error_message: str
    attempt: int
    due_at_ms: int
    decider_name: str
    decide_by: datetime | None
    is_overdue: bool


@dataclass(frozen=True)
class EvidenceRow:
    """One piece of proof in the strip."""

    evidence_id: int
    kind: str
    label: str
    media_type: str
    sha256: str
    fence: int
    taken_at: datetime


@dataclass(frozen=True)
class SubmissionDetail:
    """One submission with what the site said, its proof, its history and the verbs open to the viewer."""

    row: BoardRow
    submission: Submission
    evidence: list[EvidenceRow]
    findings: list[SiteFinding]
    history: list[AuditEvent]
    verbs: list[str]


def list_lanes(session: Session, actor: Actor) -> list[BoardLane]:
    """Return every carrier that has submissions, with counts by column, in two queries.

    Raises:
        DeniedError: the actor is neither biller nor admin.
    """
    require(actor, Role.BILLER, Role.ADMIN, what="The submissions board")
    counts: dict[int, dict[Column, int]] = defaultdict(lambda: dict.fromkeys(Column, 0))
    amounts: dict[int, Decimal] = defaultdict(Decimal)
    statement = (
        select(col(Submission.carrier_id), col(Submission.status), func.count(), func.sum(col(Invoice.total_amount)))
        .join(Invoice, col(Invoice.id) == col(Submission.invoice_id))
        .group_by(col(Submission.carrier_id), col(Submission.status))
    )
    for carrier_id, status, count, amount in session.execute(statement):
        counts[carrier_id][_COLUMN_OF[status]] += count
        if status is _S.DELIVERED:
            amounts[carrier_id] += amount
    carriers = session.scalars(select(Carrier).where(col(Carrier.id).in_(list(counts))).order_by(col(Carrier.name)))
    return [_lane(carrier, counts, amounts) for carrier in carriers]


def list_submissions(
    session: Session,
    actor: Actor,
    *,
    column: Column | None = None,
    carrier_id: int | None = None,
    search: str = "",
    before_id: int | None = None,
    limit: int = 50,
) -> list[BoardRow]:
    """Return rows, newest first, `limit` at a time; pass the last row's id as `before_id` for the next page.

    `search` finds the beginning of an invoice or matter number.

    Raises:
        DeniedError: the actor is neither biller nor admin.
    """
    require(actor, Role.BILLER, Role.ADMIN, what="The submissions board")
    wanted: list[ColumnElement[bool]] = []
    if column is not None:
        wanted.append(col(Submission.status).in_(column.statuses))
    if carrier_id is not None:
        wanted.append(col(Submission.carrier_id) == carrier_id)
    if before_id is not None:
        wanted.append(col(Submission.id) < before_id)
    if start := search.strip():
        wanted.append(
            col(Invoice.number).startswith(start, autoescape=True)
            | col(Matter.number).startswith(start, autoescape=True)
        )
    return _rows(session, wanted, limit)


def get_submission(session: Session, actor: Actor, *, submission_id: int) -> SubmissionDetail:
    """Return one submission with everything known about it.

    Raises:
        NotFoundError: there is none, or it is not this person's to see.
    """
    row = session.get(Submission, submission_id)
    if row is None or not may_see(session, actor, submission_id):
        raise NotFoundError("There is no such submission among your matters. Go back to the board.")
    shown = _rows(session, [col(Submission.id) == submission_id], 1)[0]
    evidence = session.scalars(select(Evidence).filter_by(submission_id=submission_id).order_by(col(Evidence.id)))
    findings = session.scalars(select(SiteFinding).filter_by(submission_id=submission_id).order_by(col(SiteFinding.id)))
    history = session.scalars(
        select(AuditEvent).filter_by(subject_type="submission", subject_id=submission_id).order_by(col(AuditEvent.id))
    )
    verbs = [transition.verb for transition in available(actor, row)]
    strip = [_evidence_row(piece) for piece in evidence]
    return SubmissionDetail(shown, row, strip, list(findings), list(history), verbs)


def _rows(session: Session, wanted: list[ColumnElement[bool]], limit: int) -> list[BoardRow]:
    statement = (
        select(
            Submission,
            col(Invoice.number),
            col(Invoice.total_amount),
            col(Matter.number),
            col(Carrier.name),
            col(User.name),
        )
        .join(Invoice, col(Invoice.id) == col(Submission.invoice_id))
        .join(Matter, col(Matter.id) == col(Invoice.matter_id))
        .join(Carrier, col(Carrier.id) == col(Submission.carrier_id))
        .outerjoin(User, col(User.id) == col(Submission.decider_id))
        .where(*wanted)
        .order_by(col(Submission.id).desc())
        .limit(limit)
    )
    return [_row(*found) for found in session.execute(statement)]


def _row(
    submission: Submission, number: str, amount: Decimal, matter: str, carrier: str, decider: str | None
) -> BoardRow:
    is_open_doubt = submission.status is _S.IN_DOUBT and submission.decide_by is not None
    return BoardRow(
        submission_id=submission.id or 0,
        version=submission.version,
        column=_COLUMN_OF[submission.status],
        status=submission.status,
        invoice_id=submission.invoice_id,
        invoice_number=number,
        matter_number=matter,
        carrier_id=submission.carrier_id,
        carrier_name=carrier,
        amount=amount,
        receipt_number=submission.receipt_number,
        error_message=submission.error_message,
        attempt=submission.attempt,
        due_at_ms=submission.due_at_ms,
        decider_name=decider or "",
        decide_by=submission.decide_by,
        is_overdue=is_open_doubt and _is_past(submission.decide_by),
    )


def _is_past(deadline: datetime | None) -> bool:
    """Whether a stored deadline has passed; SQLite and MySQL return it without its zone, which is UTC."""
    return deadline is not None and deadline.replace(tzinfo=now().tzinfo) < now()


def _evidence_row(piece: Evidence) -> EvidenceRow:
    return EvidenceRow(
        piece.id or 0, piece.kind, piece.label, piece.media_type, piece.sha256, piece.fence, piece.taken_at
    )


def _lane(carrier: Carrier, counts: dict[int, dict[Column, int]], amounts: dict[int, Decimal]) -> BoardLane:
    carrier_id = carrier.id or 0
    return BoardLane(
        carrier_id,
        carrier.name,
        carrier.site_account_id,
        carrier.paused_at is not None,
        carrier.paused_reason,
        counts[carrier_id],
        amounts[carrier_id],
    )
