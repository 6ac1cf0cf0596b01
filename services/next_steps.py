"""What waits for a person beyond the review queue: by role, what to do, how much of it, and since when it is due."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import bindparam, func, or_, select
from sqlmodel import Session

from core.clock import today
from core.money import ZERO
from models import Carrier, Invoice, Mailing, Proforma, ProformaApproval, SiteAccount, Submission
from models.enums import (
    ApprovalStatus,
    ApproverKind,
    DeliveryChannel,
    DocumentStatus,
    MailingStatus,
    ProformaStatus,
    Role,
    SubmissionStatus,
)
from services.actor import Actor
from services.billing.ready_work import without_submission
from services.sites.password_expiry import REMIND_DAYS
from services.tables import one_of, table_of


class StepKind(StrEnum):
    """The kinds of work that wait, most urgent first."""

    IN_DOUBT = "in_doubt"
    NEEDS_ATTENTION = "needs_attention"
    REFUSED = "refused"
    MAIL_IN_DOUBT = "mail_in_doubt"
    MAIL_STOPPED = "mail_stopped"
    MAIL_BOUNCED = "mail_bounced"
    APPROVAL = "approval"
    RETURNED = "returned"
    APPROVED = "approved"
    UNQUEUED = "unqueued"
    TO_PRINT = "to_print"
    TO_POST = "to_post"
    DRAFT = "draft"
    PAUSED_ACCOUNT = "paused_account"
    EXPIRING_PASSWORD = "expiring_password"  # noqa: S105 -- a kind of work
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

_MAILINGS = {
    MailingStatus.IN_DOUBT: StepKind.MAIL_IN_DOUBT,
    MailingStatus.NEEDS_ATTENTION: StepKind.MAIL_STOPPED,
    MailingStatus.BOUNCED: StepKind.MAIL_BOUNCED,
    MailingStatus.READY: StepKind.TO_PRINT,
    MailingStatus.PRINTED: StepKind.TO_POST,
}

_P, _S, _I = table_of(Proforma), table_of(Submission), table_of(Invoice)
_ACCOUNT, _CARRIER, _ML = table_of(SiteAccount), table_of(Carrier), table_of(Mailing)
# Everybody's first page asks these, so they are built once and read plain columns.
_WAITING_PROFORMAS = (
    select(_P.c.status, func.count(), func.sum(_P.c.billed_amount), func.min(_P.c.due_on))
    .where(one_of(_P.c.status, _PROFORMAS))
    .group_by(_P.c.status)
)
_WAITING_SUBMISSIONS = (
    select(_S.c.status, func.count(), func.sum(_I.c.total_amount))
    .join(_I, _I.c.id == _S.c.invoice_id)
    .where(one_of(_S.c.status, _SUBMISSIONS), _I.c.document_status == DocumentStatus.OPEN)
    .group_by(_S.c.status)
)
_WAITING_MAILINGS = (
    select(_ML.c.status, func.count(), func.sum(_I.c.total_amount))
    .join(_I, _I.c.id == _ML.c.invoice_id)
    .where(
        one_of(_ML.c.status, _MAILINGS),
        or_(_ML.c.status != MailingStatus.READY, _ML.c.channel == DeliveryChannel.PAPER),
    )
    .group_by(_ML.c.status)
)
_UNQUEUED = without_submission(select(func.count(), func.sum(_I.c.total_amount)))
_PAUSED = {
    StepKind.PAUSED_ACCOUNT: select(func.count()).where(_ACCOUNT.c.paused_at.is_not(None)),
    StepKind.PAUSED_CARRIER: select(func.count()).where(_CARRIER.c.paused_at.is_not(None)),
}


# Steps of approval that any administrator gives, and those asked of the person.
_STEP = table_of(ProformaApproval)
_ASKED = (
    select(func.count(), func.sum(_P.c.billed_amount))
    .select_from(_STEP.join(_P, _P.c.id == _STEP.c.proforma_id))
    .where(
        _STEP.c.status == ApprovalStatus.WAITING,
        _STEP.c.is_reviewer.is_(False),
        or_(_STEP.c.approver_kind == ApproverKind.ADMIN, _STEP.c.approver_id == bindparam("me")),
    )
)
_EXPIRING = select(func.count(), func.min(_ACCOUNT.c.expires_on)).where(_ACCOUNT.c.expires_on <= bindparam("soon"))


def next_steps(session: Session, actor: Actor) -> tuple[Step, ...]:
    """Return what waits for the actor's roles: a biller's proformas and files, an admin's paused carriers."""
    steps: list[Step] = []
    if actor.has(Role.BILLER):
        steps += [*_submissions(session), *_mailings(session), *_proformas(session), *_unqueued(session)]
    if actor.has(Role.ADMIN):
        steps += [*_asked(session, actor), *_paused(session), *_expiring(session)]
    order = list(StepKind)
    return tuple(sorted(steps, key=lambda step: order.index(step.kind)))


def _proformas(session: Session) -> Iterator[Step]:
    for status, count, amount, due_on in session.execute(_WAITING_PROFORMAS):
        yield Step(_PROFORMAS[status], count, amount or ZERO, due_on)


def _submissions(session: Session) -> Iterator[Step]:
    for status, count, amount in session.execute(_WAITING_SUBMISSIONS):
        yield Step(_SUBMISSIONS[status], count, amount or ZERO)


def _mailings(session: Session) -> Iterator[Step]:
    for status, count, amount in session.execute(_WAITING_MAILINGS):
        yield Step(_MAILINGS[status], count, amount or ZERO)


def _unqueued(session: Session) -> Iterator[Step]:
    count, amount = session.execute(_UNQUEUED).one()
    if count:
        yield Step(StepKind.UNQUEUED, count, amount or ZERO)


def _asked(session: Session, actor: Actor) -> Iterator[Step]:
    count, amount = session.execute(_ASKED, {"me": actor.user_id}).one()
    if count and not actor.has(Role.ATTORNEY):
        # An attorney finds them in the own queue.
        yield Step(StepKind.APPROVAL, count, amount or ZERO)


def _expiring(session: Session) -> Iterator[Step]:
    count, first = session.execute(_EXPIRING, {"soon": today() + timedelta(days=max(REMIND_DAYS))}).one()
    if count:
        yield Step(StepKind.EXPIRING_PASSWORD, count, due_on=first)


def _paused(session: Session) -> Iterator[Step]:
    for kind, statement in _PAUSED.items():
        count = session.scalar(statement) or 0
        if count:
            yield Step(kind, count)
