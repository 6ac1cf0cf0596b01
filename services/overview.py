"""Today: what this person must do next, how far the cycle is, what is blocked and by whom, hours saved."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, case, func, select
from sqlmodel import Session, col

from core.clock import today
from core.money import ZERO
from models import Carrier, Invoice, Matter, Proforma, SiteAccount, Submission, User
from models.enums import DocumentStatus, ProformaStatus, ReceiptSource, Role, SubmissionStatus
from services.access import sees_all_matters
from services.actor import Actor
from services.proforma_queries import WITH_ATTORNEY, ProformaRow, list_for_review

MINUTES_A_FILE_BY_HAND = 3
QUEUE_LENGTH = 10
_Rows = Select[*tuple[Any, ...]]


@dataclass(frozen=True)
class StateCount:
    """How many are in a state, and their dollars; `machine` is 'proforma', 'document' or 'decision'."""

    machine: str
    state: str
    count: int
    amount: Decimal


@dataclass(frozen=True)
class Blocked:
    """What waits for somebody: `kind` is 'review', 'returned', 'doubt', 'attention', 'refused' or 'paused'."""

    kind: str
    owner: str
    count: int
    amount: Decimal


@dataclass(frozen=True)
class Overview:
    """The numbers of Today for one person; the cycle is the calendar month of the newest billing period."""

    queue: tuple[ProformaRow, ...]
    queue_count: int
    overdue_count: int
    cycle_start: date | None
    cycle_end: date | None
    states: tuple[StateCount, ...]
    blocked: tuple[Blocked, ...]
    files_delivered: int
    minutes_saved: int

    @property
    def hours_saved(self) -> Decimal:
        """Hours that nobody typed: three minutes a delivered file, to a tenth."""
        return (Decimal(self.minutes_saved) / 60).quantize(Decimal("0.1"))


def get_overview(session: Session, actor: Actor) -> Overview:
    """Return the numbers of Today in a dozen queries; an attorney's are of his or her own matters."""
    period = _newest_period(session, actor)
    delivered = _files_delivered(session, actor)
    count, overdue = _queue_counts(session, actor)
    return Overview(
        queue=tuple(list_for_review(session, actor, limit=QUEUE_LENGTH)),
        queue_count=count,
        overdue_count=overdue,
        cycle_start=period[0] if period else None,
        cycle_end=period[1] if period else None,
        states=_states(session, actor, period) if period else (),
        blocked=_blocked(session, actor),
        files_delivered=delivered,
        minutes_saved=delivered * MINUTES_A_FILE_BY_HAND,
    )


def _newest_period(session: Session, actor: Actor) -> tuple[date, date] | None:
    live = select(col(Proforma.period_start), col(Proforma.period_end)).where(
        col(Proforma.status) != ProformaStatus.VOIDED
    )
    if not sees_all_matters(actor):
        live = live.where(col(Proforma.reviewer_id) == actor.user_id)
    found = session.execute(live.order_by(col(Proforma.period_end).desc()).limit(1)).first()
    return (found[0], found[1]) if found else None


def _queue_counts(session: Session, actor: Actor) -> tuple[int, int]:
    waiting = WITH_ATTORNEY if actor.has(Role.ATTORNEY) else (ProformaStatus.RETURNED,)
    is_overdue = case((col(Proforma.due_on) < today(), 1))
    counting = select(func.count(), func.count(is_overdue)).where(col(Proforma.status).in_(waiting))
    if actor.has(Role.ATTORNEY):
        counting = counting.where(col(Proforma.reviewer_id) == actor.user_id)
    count, overdue = session.execute(counting).one()
    return count, overdue


def _states(session: Session, actor: Actor, period: tuple[date, date]) -> tuple[StateCount, ...]:
    of_cycle = col(Proforma.period_end) == period[1]
    proformas = (
        select(col(Proforma.status), func.count(), func.sum(col(Proforma.billed_amount)))
        .join(Matter, col(Matter.id) == col(Proforma.matter_id))
        .where(of_cycle, col(Proforma.status) != ProformaStatus.VOIDED)
        .group_by(col(Proforma.status))
    )
    states = [StateCount("proforma", *row) for row in session.execute(_own(proformas, actor))]
    for machine, column in (("document", Invoice.document_status), ("decision", Invoice.decision_status)):
        invoices = (
            select(col(column), func.count(), func.sum(col(Invoice.total_amount)))
            .join(Proforma, col(Proforma.id) == col(Invoice.proforma_id))
            .join(Matter, col(Matter.id) == col(Invoice.matter_id))
            .where(of_cycle)
            .group_by(col(column))
        )
        states += [StateCount(machine, *row) for row in session.execute(_own(invoices, actor))]
    return tuple(states)


def _blocked(session: Session, actor: Actor) -> tuple[Blocked, ...]:
    reviewers = (
        select(col(User.name), func.count(), func.sum(col(Proforma.billed_amount)))
        .join(Proforma, col(Proforma.reviewer_id) == col(User.id))
        .join(Matter, col(Matter.id) == col(Proforma.matter_id))
        .where(col(Proforma.status).in_(WITH_ATTORNEY), col(Proforma.due_on) < today())
        .group_by(col(User.id), col(User.name))
        .order_by(func.count().desc())
        .limit(QUEUE_LENGTH)
    )
    returned = (
        select(func.count(), func.sum(col(Proforma.billed_amount)))
        .join(Matter, col(Matter.id) == col(Proforma.matter_id))
        .where(col(Proforma.status) == ProformaStatus.RETURNED)
    )
    blocked = [
        Blocked("review", name, count, amount) for name, count, amount in session.execute(_own(reviewers, actor))
    ]
    count, amount = session.execute(_own(returned, actor)).one()
    blocked += [Blocked("returned", "Billing", count, amount)] if count else []
    return (*blocked, *_blocked_submissions(session, actor), *_paused(session, actor))


def _blocked_submissions(session: Session, actor: Actor) -> list[Blocked]:
    kinds = {
        SubmissionStatus.IN_DOUBT: "doubt",
        SubmissionStatus.NEEDS_ATTENTION: "attention",
        SubmissionStatus.REFUSED: "refused",
    }
    statement = (
        select(col(Submission.status), col(User.name), func.count(), func.sum(col(Invoice.total_amount)))
        .join(Invoice, col(Invoice.id) == col(Submission.invoice_id))
        .join(Matter, col(Matter.id) == col(Invoice.matter_id))
        .join(User, col(User.id) == func.coalesce(col(Submission.decider_id), col(Submission.queued_by_id)))
        .where(col(Submission.status).in_(kinds), col(Invoice.document_status) == DocumentStatus.OPEN)
        .group_by(col(Submission.status), col(User.name))
    )
    return [
        Blocked(kinds[status], name, count, amount)
        for status, name, count, amount in session.execute(_own(statement, actor))
    ]


def _paused(session: Session, actor: Actor) -> list[Blocked]:
    """Carriers whose files wait because they, or their account, are paused."""
    statement = (
        select(col(Carrier.name), func.count(), func.sum(col(Invoice.total_amount)))
        .join(Submission, col(Submission.carrier_id) == col(Carrier.id))
        .join(Invoice, col(Invoice.id) == col(Submission.invoice_id))
        .join(Matter, col(Matter.id) == col(Invoice.matter_id))
        .join(SiteAccount, col(SiteAccount.id) == col(Submission.site_account_id))
        .where(
            col(Submission.status) == SubmissionStatus.READY,
            col(Carrier.paused_at).is_not(None) | col(SiteAccount.paused_at).is_not(None),
        )
        .group_by(col(Carrier.id), col(Carrier.name))
    )
    return [
        Blocked("paused", name, count, amount or ZERO)
        for name, count, amount in session.execute(_own(statement, actor))
    ]


def _files_delivered(session: Session, actor: Actor) -> int:
    """Files that a machine placed this calendar year."""
    new_year = datetime(today().year, 1, 1, tzinfo=UTC)
    statement = (
        select(func.count())
        .select_from(Submission)
        .join(Invoice, col(Invoice.id) == col(Submission.invoice_id))
        .join(Matter, col(Matter.id) == col(Invoice.matter_id))
        .where(
            col(Submission.status) == SubmissionStatus.DELIVERED,
            col(Submission.receipt_source) == ReceiptSource.SITE,
            col(Submission.delivered_at) >= new_year,
        )
    )
    return session.scalar(_own(statement, actor)) or 0


def _own(statement: _Rows | Any, actor: Actor) -> Any:  # noqa: ANN401 -- a select of any columns, joined to Matter
    if sees_all_matters(actor):
        return statement
    return statement.where(col(Matter.responsible_attorney_id) == actor.user_id)
