"""What waits for a person beyond the review queue: by role, what to do, how much of it, and since when it is due."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import func, select
from sqlmodel import Session, col

from core.money import ZERO
from models import Carrier, Invoice, Proforma, SiteAccount, Submission
from models.enums import DocumentStatus, ProformaStatus, Role, SubmissionStatus
from services.actor import Actor
from services.ready_work import without_submission


class StepKind(StrEnum):
    """The kinds of work that wait, most urgent first."""

    IN_DOUBT = "in_doubt"
    NEEDS_ATTENTION = "needs_attention"
    REFUSED = "refused"
    RETURNED = "returned"
    APPROVED = "approved"
    UNQUEUED = "unqueued"
    DRAFT = "draft"
    PAUSED_ACCOUNT = "paused_account"
    PAUSED_CARRIER = "paused_carrier"


@dataclass(frozen=True)
class Step:
    """One kind of work that waits: how many, their dollars, and the first due day where there is one."""

    kind: StepKind
    count: int
    amount: Decimal = ZERO
    due_on: date | None = None


_PROFORMAS = {
    ProformaStatus.RETURNED: StepKind.RETURNED,
    ProformaStatus.APPROVED: StepKind.APPROVED,
    ProformaStatus.DRAFT: StepKind.DRAFT,
}
_SUBMISSIONS = {
    SubmissionStatus.IN_DOUBT: StepKind.IN_DOUBT,
    SubmissionStatus.NEEDS_ATTENTION: StepKind.NEEDS_ATTENTION,
    SubmissionStatus.REFUSED: StepKind.REFUSED,
}


def next_steps(session: Session, actor: Actor) -> tuple[Step, ...]:
    """Return what waits for the actor's roles: a biller's proformas and files, an admin's paused carriers."""
    steps: list[Step] = []
    if actor.has(Role.BILLER):
        steps += [*_submissions(session), *_proformas(session), *_unqueued(session)]
    if actor.has(Role.ADMIN):
        steps += _paused(session)
    order = list(StepKind)
    return tuple(sorted(steps, key=lambda step: order.index(step.kind)))


def closes_on(period_end: date) -> date:
    """Return the day by which a period's bills must have left: the last of the month after it."""
    following = period_end.replace(day=1) + timedelta(days=32)
    return following.replace(day=monthrange(following.year, following.month)[1])


def _proformas(session: Session) -> Iterator[Step]:
    statement = (
        select(
            col(Proforma.status), func.count(), func.sum(col(Proforma.billed_amount)), func.min(col(Proforma.due_on))
        )
        .where(col(Proforma.status).in_(_PROFORMAS))
        .group_by(col(Proforma.status))
    )
    for status, count, amount, due_on in session.execute(statement):
        yield Step(_PROFORMAS[status], count, amount or ZERO, due_on)


def _submissions(session: Session) -> Iterator[Step]:
    statement = (
        select(col(Submission.status), func.count(), func.sum(col(Invoice.total_amount)))
        .join(Invoice, col(Invoice.id) == col(Submission.invoice_id))
        .where(col(Submission.status).in_(_SUBMISSIONS), col(Invoice.document_status) == DocumentStatus.OPEN)
        .group_by(col(Submission.status))
    )
    for status, count, amount in session.execute(statement):
        yield Step(_SUBMISSIONS[status], count, amount or ZERO)


def _unqueued(session: Session) -> Iterator[Step]:
    count, amount = session.execute(without_submission(select(func.count(), func.sum(col(Invoice.total_amount))))).one()
    if count:
        yield Step(StepKind.UNQUEUED, count, amount or ZERO)


def _paused(session: Session) -> Iterator[Step]:
    for kind, column in (
        (StepKind.PAUSED_ACCOUNT, SiteAccount.paused_at),
        (StepKind.PAUSED_CARRIER, Carrier.paused_at),
    ):
        count = session.scalar(select(func.count()).where(col(column).is_not(None))) or 0
        if count:
            yield Step(kind, count)
