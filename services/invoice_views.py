"""The views that the list of invoices opens in, counted; and where each listed invoice's file is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlmodel import Session, col

from core.clock import now
from models import Carrier, Invoice, InvoiceRevision, Matter, Proforma, Submission, User
from models.enums import CashStatus, DecisionStatus, DocumentStatus, SubmissionStatus
from services.access import sees_all_matters
from services.actor import Actor
from services.invoice_queries import InvoiceFilter, InvoicePage, list_invoices

_ON_ITS_WAY = (
    SubmissionStatus.READY,
    SubmissionStatus.CLAIMED,
    SubmissionStatus.INTENT,
    SubmissionStatus.DELIVERED,
)
_OWED = (CashStatus.UNPAID, CashStatus.SHORT_PAID)
# Each bucket of `ageing` in its order: from this many days, to fewer than that many; None = without end.
AGES: dict[int, int | None] = {0: 31, 31: 61, 61: 91, 91: None}


class InvoiceView(StrEnum):
    """Which invoices to show: those that wait for billing, then along their way, then all."""

    TO_DO = "to_do"
    SENDING = "sending"
    WITH_CARRIER = "with_carrier"
    OWED = "owed"
    PAID = "paid"
    ALL = "all"


@dataclass(frozen=True)
class InvoiceQuestion:
    """What the list of invoices is asked for; `age` is the lower bound of a bucket of `ageing` in days, None = any."""

    view: InvoiceView = InvoiceView.TO_DO
    document: DocumentStatus | None = None
    decision: DecisionStatus | None = None
    carrier_id: int | None = None
    period_end: date | None = None
    age: int | None = None
    text: str = ""


@dataclass(frozen=True)
class FileState:
    """Where the file of an invoice's current revision is, and who decides when it is in doubt."""

    submission_id: int
    status: SubmissionStatus
    decider_name: str


def in_view(view: InvoiceView) -> ColumnElement[bool]:
    """Return the condition of the invoices in a view."""
    document, decision = col(Invoice.document_status), col(Invoice.decision_status)
    is_open, is_there = document == DocumentStatus.OPEN, document == DocumentStatus.DELIVERED
    answer_due = decision.in_((DecisionStatus.REJECTED, DecisionStatus.DISPUTED))
    conditions = {
        InvoiceView.TO_DO: or_(and_(is_open, ~_is_on_its_way()), and_(is_there, answer_due)),
        InvoiceView.SENDING: and_(is_open, _is_on_its_way()),
        InvoiceView.WITH_CARRIER: and_(is_there, decision == DecisionStatus.PENDING),
        InvoiceView.OWED: and_(
            is_there,
            decision.in_((DecisionStatus.APPROVED, DecisionStatus.REDUCED)),
            col(Invoice.cash_status).in_(_OWED),
        ),
        InvoiceView.PAID: col(Invoice.cash_status) == CashStatus.PAID,
        InvoiceView.ALL: col(Invoice.id) > 0,
    }
    return conditions[view]


def list_view(
    session: Session, actor: Actor, *, asked: InvoiceQuestion, before: int | None = None, limit: int = 50
) -> InvoicePage:
    """Return one page of what was asked for, the newest first."""
    conditions = [in_view(asked.view)]
    if asked.period_end is not None:
        of_period = select(col(Proforma.id)).where(col(Proforma.period_end) == asked.period_end)
        conditions.append(col(Invoice.proforma_id).in_(of_period))
    if asked.age is not None:
        conditions.append(_aged(asked.age))
    wanted = InvoiceFilter(
        document=[asked.document] if asked.document else (),
        decision=[asked.decision] if asked.decision else (),
        carrier_id=asked.carrier_id,
        text=asked.text,
        condition=and_(*conditions),
    )
    return list_invoices(session, actor, wanted=wanted, before=before, limit=limit)


def count_views(session: Session, actor: Actor) -> dict[InvoiceView, int]:
    """Return how many invoices each view holds for this actor, in one query."""
    counted = [func.count(case((in_view(view), 1))) for view in InvoiceView]
    statement = select(*counted).select_from(Invoice).join(Matter, col(Matter.id) == col(Invoice.matter_id))
    if not sees_all_matters(actor):
        statement = statement.where(col(Matter.responsible_attorney_id) == actor.user_id)
    return dict(zip(InvoiceView, session.execute(statement).one(), strict=True))


def file_states(session: Session, invoice_ids: Sequence[int]) -> dict[int, FileState]:
    """Return the submission of each invoice's current revision, by invoice id; those never queued are absent."""
    statement = (
        select(col(Submission.invoice_id), col(Submission.id), col(Submission.status), col(User.name))
        .join(InvoiceRevision, col(InvoiceRevision.id) == col(Submission.invoice_revision_id))
        .join(Invoice, col(Invoice.id) == col(Submission.invoice_id))
        .outerjoin(User, col(User.id) == col(Submission.decider_id))
        .where(col(Submission.invoice_id).in_(invoice_ids))
        .where(col(InvoiceRevision.number) == col(Invoice.revision_number))
    )
    return {
        invoice_id: FileState(submission_id or 0, status, decider or "")
        for invoice_id, submission_id, status, decider in session.execute(statement)
    }


def carrier_names(session: Session) -> dict[int, str]:
    """Return every carrier's name by id, in order of the names; what a filter offers."""
    statement = select(col(Carrier.id), col(Carrier.name)).order_by(col(Carrier.name))
    return {carrier_id: name for carrier_id, name in session.execute(statement) if carrier_id is not None}


def _aged(from_days: int) -> ColumnElement[bool]:
    """The bucket of `ageing` that begins at an age; owed invoices only, as there."""
    since = func.coalesce(col(Invoice.delivered_at), col(Invoice.finalized_at))
    conditions: list[ColumnElement[bool]] = [
        col(Invoice.cash_status).in_(_OWED),
        col(Invoice.document_status).not_in((DocumentStatus.SUPERSEDED, DocumentStatus.VOIDED)),
    ]
    if from_days:
        conditions.append(since < now() - timedelta(days=from_days))
    if (until := AGES.get(from_days)) is not None:
        conditions.append(since >= now() - timedelta(days=until))
    return and_(*conditions)


def _is_on_its_way() -> ColumnElement[bool]:
    """Whether the current revision's file waits in the queue, is being sent, or is there."""
    return (
        select(col(Submission.id))
        .join(InvoiceRevision, col(InvoiceRevision.id) == col(Submission.invoice_revision_id))
        .where(
            col(Submission.invoice_id) == col(Invoice.id),
            col(InvoiceRevision.number) == col(Invoice.revision_number),
            col(Submission.status).in_(_ON_ITS_WAY),
        )
        .correlate(Invoice)
        .exists()
    )
