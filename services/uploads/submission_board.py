"""The submissions board: counts and rows by carrier and column, and one submission with its proof."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import Row, Select, String, bindparam, func, or_, select
from sqlmodel import Session, col

from core.clock import now, utc
from core.errors import NotFoundError
from models import AuditEvent, Carrier, Evidence, Invoice, Matter, SiteFinding, Submission, User
from models.enums import Role, SubmissionStatus
from services.access import require
from services.actor import Actor
from services.lifecycle import available
from services.listing import ESCAPE, beginning
from services.tables import table_of
from services.uploads.evidence import may_see

_S = SubmissionStatus
_SUB, _I, _M = table_of(Submission), table_of(Invoice), table_of(Matter)
_C, _U = table_of(Carrier), table_of(User)
_Rows = Select[*tuple[Any, ...]]


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
_COUNTS = (
    select(_SUB.c.carrier_id, _SUB.c.status, func.count(), func.sum(_I.c.total_amount))
    .join(_I, _I.c.id == _SUB.c.invoice_id)
    .group_by(_SUB.c.carrier_id, _SUB.c.status)
)
_CARRIERS = (
    select(_C.c.id, _C.c.name, _C.c.site_account_id, _C.c.paused_at, _C.c.paused_reason)
    .where(_C.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(_C.c.name)
)


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
    """One submission on the board; `is_overdue` when its decider let the deadline pass.

    `is_looked_for` while a worker looks for a file in doubt because a person asked for it.
    """

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
    is_looked_for: bool


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
    for carrier_id, status, count, amount in session.execute(_COUNTS):
        counts[carrier_id][_COLUMN_OF[status]] += count
        if status is _S.DELIVERED:
            amounts[carrier_id] += amount
    carriers = session.execute(_CARRIERS, {"ids": list(counts)})
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
    asked: dict[str, Any] = {"statuses": column.statuses} if column is not None else {}
    if carrier_id is not None:
        asked["carrier_id"] = carrier_id
    if before_id is not None:
        asked["before_id"] = before_id
    if start := search.strip():
        asked["beginning"] = beginning(start)
    return _rows(session, asked, limit)


def get_submission(session: Session, actor: Actor, *, submission_id: int) -> SubmissionDetail:
    """Return one submission with everything known about it.

    Raises:
        NotFoundError: there is none, or it is not this person's to see.
    """
    row = session.get(Submission, submission_id)
    if row is None or not may_see(session, actor, submission_id):
        raise NotFoundError("There is no such submission among your matters. Go back to the board.")
    shown = _rows(session, {"id": submission_id}, 1)[0]
    evidence = session.scalars(select(Evidence).filter_by(submission_id=submission_id).order_by(col(Evidence.id)))
    findings = session.scalars(select(SiteFinding).filter_by(submission_id=submission_id).order_by(col(SiteFinding.id)))
    history = session.scalars(
        select(AuditEvent).filter_by(subject_type="submission", subject_id=submission_id).order_by(col(AuditEvent.id))
    )
    verbs = [transition.verb for transition in available(actor, row)]
    strip = [_evidence_row(piece) for piece in evidence]
    return SubmissionDetail(shown, row, strip, list(findings), list(history), verbs)


def _rows(session: Session, asked: dict[str, Any], limit: int) -> list[BoardRow]:
    found = session.execute(_listed(frozenset(asked)), {**asked, "limit": limit})
    return [_row(row) for row in found]


@cache
def _listed(given: frozenset[str]) -> _Rows:
    """Return the list's statement for the filters given, each by its name; built once for every set of them."""
    starts = bindparam("beginning", type_=String())
    conditions = {
        "id": _SUB.c.id == bindparam("id"),
        "statuses": _SUB.c.status.in_(bindparam("statuses", expanding=True)),
        "carrier_id": _SUB.c.carrier_id == bindparam("carrier_id"),
        "before_id": _SUB.c.id < bindparam("before_id"),
        "beginning": or_(_I.c.number.like(starts, escape=ESCAPE), _M.c.number.like(starts, escape=ESCAPE)),
    }
    wanted = [condition for name, condition in conditions.items() if name in given]
    return _headers().where(*wanted).order_by(_SUB.c.id.desc()).limit(bindparam("limit"))


def _headers() -> _Rows:
    return (
        select(
            _SUB.c.id,
            _SUB.c.version,
            _SUB.c.status,
            _SUB.c.invoice_id,
            _SUB.c.carrier_id,
            _SUB.c.receipt_number,
            _SUB.c.error_message,
            _SUB.c.attempt,
            _SUB.c.due_at_ms,
            _SUB.c.decide_by,
            _I.c.number.label("invoice_number"),
            _I.c.total_amount,
            _M.c.number.label("matter_number"),
            _C.c.name.label("carrier_name"),
            _U.c.name.label("decider_name"),
        )
        .join(_I, _I.c.id == _SUB.c.invoice_id)
        .join(_M, _M.c.id == _I.c.matter_id)
        .join(_C, _C.c.id == _SUB.c.carrier_id)
        .outerjoin(_U, _U.c.id == _SUB.c.decider_id)
    )


def _row(found: Row[*tuple[Any, ...]]) -> BoardRow:
    is_open_doubt = found.status is _S.IN_DOUBT and found.decide_by is not None
    return BoardRow(
        submission_id=found.id,
        version=found.version,
        column=_COLUMN_OF[found.status],
        status=found.status,
        invoice_id=found.invoice_id,
        invoice_number=found.invoice_number,
        matter_number=found.matter_number,
        carrier_id=found.carrier_id,
        carrier_name=found.carrier_name,
        amount=found.total_amount,
        receipt_number=found.receipt_number,
        error_message=found.error_message,
        attempt=found.attempt,
        due_at_ms=found.due_at_ms,
        decider_name=found.decider_name or "",
        decide_by=found.decide_by,
        is_overdue=is_open_doubt and _is_past(found.decide_by),
        is_looked_for=found.status is _S.INTENT and found.decider_name is not None,
    )


def _is_past(deadline: datetime | None) -> bool:
    return deadline is not None and utc(deadline) < now()


def _evidence_row(piece: Evidence) -> EvidenceRow:
    return EvidenceRow(
        piece.id or 0, piece.kind, piece.label, piece.media_type, piece.sha256, piece.fence, piece.taken_at
    )


def _lane(
    carrier: Row[*tuple[Any, ...]], counts: dict[int, dict[Column, int]], amounts: dict[int, Decimal]
) -> BoardLane:
    return BoardLane(
        carrier.id,
        carrier.name,
        carrier.site_account_id,
        carrier.paused_at is not None,
        carrier.paused_reason,
        counts[carrier.id],
        amounts[carrier.id],
    )
