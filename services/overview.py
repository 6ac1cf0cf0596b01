"""Today: what this person must do next, how far the cycle is, what is blocked and by whom, hours saved."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, case, func, select
from sqlmodel import Session

from core.clock import today
from core.money import ZERO
from models import Carrier, Invoice, Mailing, Matter, Proforma, SiteAccount, Submission, User
from models.enums import DocumentStatus, MailingStatus, ProformaStatus, ReceiptSource, Role, SubmissionStatus
from services.access import sees_all_matters
from services.actor import Actor
from services.reporting.cycle import BurnDown, burn_down
from services.reporting.question import ReportQuestion
from services.review.proforma_queries import WITH_ATTORNEY
from services.review.queue_list import QueueItem, list_queue
from services.tables import one_of, table_of

MINUTES_A_FILE_BY_HAND = 3
QUEUE_LENGTH = 10
_Rows = Select[*tuple[Any, ...]]
_P, _M, _I, _S = table_of(Proforma), table_of(Matter), table_of(Invoice), table_of(Submission)
_C, _A, _U, _ML = table_of(Carrier), table_of(SiteAccount), table_of(User), table_of(Mailing)
_BLOCKING = {
    SubmissionStatus.IN_DOUBT: "doubt",
    SubmissionStatus.NEEDS_ATTENTION: "attention",
    SubmissionStatus.REFUSED: "refused",
}
_BLOCKING_MAILS = {MailingStatus.IN_DOUBT: "mail_doubt", MailingStatus.NEEDS_ATTENTION: "mail_stopped"}


@dataclass(frozen=True)
class StateCount:
    """How many are in a state, and their dollars; `machine` is 'proforma', 'document' or 'decision'."""

    machine: str
    state: str
    count: int
    amount: Decimal


@dataclass(frozen=True)
class Blocked:
    """What waits for somebody, and for whom.

    `kind` is 'review', 'returned', 'doubt', 'attention', 'refused', 'mail_doubt', 'mail_stopped' or 'paused'.
    """

    kind: str
    owner: str
    count: int
    amount: Decimal


@dataclass(frozen=True)
class Overview:
    """The numbers of Today for one person; the cycle is the calendar month of the newest billing period."""

    queue: tuple[QueueItem, ...]
    queue_count: int
    urgent_count: int
    cycle_start: date | None
    cycle_end: date | None
    states: tuple[StateCount, ...]
    burn: BurnDown | None
    blocked: tuple[Blocked, ...]
    files_delivered: int
    minutes_saved: int

    @property
    def hours_saved(self) -> Decimal:
        """Hours that nobody typed: three minutes a delivered file, to a tenth."""
        return (Decimal(self.minutes_saved) / 60).quantize(Decimal("0.1"), ROUND_HALF_UP)


def get_overview(session: Session, actor: Actor) -> Overview:
    """Return the numbers of Today in a dozen queries; an attorney's are of his or her own matters."""
    period = _newest_period(session, actor)
    delivered = _files_delivered(session, actor)
    queue, count, urgent = _queue(session, actor)
    return Overview(
        queue=queue,
        queue_count=count,
        urgent_count=urgent,
        cycle_start=period[0] if period else None,
        cycle_end=period[1] if period else None,
        states=_states(session, actor, period) if period else (),
        burn=_burn(session, actor, period[1]) if period else None,
        blocked=_blocked(session, actor),
        files_delivered=delivered,
        minutes_saved=delivered * MINUTES_A_FILE_BY_HAND,
    )


def _newest_period(session: Session, actor: Actor) -> tuple[date, date] | None:
    found = session.execute(_newest_period_of(sees_all_matters(actor)), {"me": actor.user_id}).first()
    return (found[0], found[1]) if found else None


def _queue(session: Session, actor: Actor) -> tuple[tuple[QueueItem, ...], int, int]:
    """Return the first of what waits for the actor, how many there are, and how many of them are urgent."""
    found = list_queue(session, actor, limit=QUEUE_LENGTH)
    if actor.has(Role.ATTORNEY):
        return tuple(found.items), found.counts.mine.count, found.counts.mine.urgent_count
    count, overdue = session.execute(_RETURNED_COUNTS, {"today": today()}).one()
    return tuple(found.items), count, overdue


def _states(session: Session, actor: Actor, period: tuple[date, date]) -> tuple[StateCount, ...]:
    asked, all_matters = {"me": actor.user_id, "period_end": period[1]}, sees_all_matters(actor)
    states = [StateCount("proforma", *row) for row in session.execute(_proforma_states(all_matters), asked)]
    counts: dict[tuple[str, str], tuple[int, Decimal]] = {}
    for document, decision, count, amount in session.execute(_invoice_states(all_matters), asked):
        for key in (("document", document), ("decision", decision)):
            so_far, dollars = counts.get(key, (0, ZERO))
            counts[key] = so_far + count, dollars + amount
    return (*states, *(StateCount(*key, *found) for key, found in counts.items()))


def _burn(session: Session, actor: Actor, period_end: date) -> BurnDown:
    me = None if sees_all_matters(actor) else actor.user_id
    return burn_down(session, ReportQuestion(period_end.replace(day=1), period_end, None, None, me))


def _blocked(session: Session, actor: Actor) -> tuple[Blocked, ...]:
    asked, all_matters = {"me": actor.user_id, "today": today()}, sees_all_matters(actor)
    blocked = [Blocked("review", *row) for row in session.execute(_overdue_reviews(all_matters), asked)]
    count, amount = session.execute(_returned(all_matters), asked).one()
    blocked += [Blocked("returned", "Billing", count, amount)] if count else []
    for status, *row in session.execute(_blocked_submissions(all_matters), asked):
        blocked.append(Blocked(_BLOCKING[status], *row))
    for status, *row in session.execute(_blocked_mailings(all_matters), asked):
        blocked.append(Blocked(_BLOCKING_MAILS[status], *row))
    paused = session.execute(_paused(all_matters), asked)
    return (*blocked, *(Blocked("paused", name, count, amount or ZERO) for name, count, amount in paused))


def _files_delivered(session: Session, actor: Actor) -> int:
    """Files that a machine placed this calendar year."""
    asked = {"me": actor.user_id, "new_year": datetime(today().year, 1, 1, tzinfo=UTC)}
    return session.scalar(_delivered_since(sees_all_matters(actor)), asked) or 0


# Everybody's first page asks these, so each is built once and reads plain columns.
_RETURNED_COUNTS = (
    select(func.count(), func.count(case((_P.c.due_on < bindparam("today"), 1))))
    .select_from(_P)
    .where(_P.c.status == ProformaStatus.RETURNED)
)


@cache
def _newest_period_of(all_matters: bool) -> _Rows:  # noqa: FBT001 -- a cache's key
    live = select(_P.c.period_start, _P.c.period_end).where(_P.c.status != ProformaStatus.VOIDED)
    if not all_matters:
        live = live.where(_P.c.reviewer_id == bindparam("me"))
    return live.order_by(_P.c.period_end.desc()).limit(1)


@cache
def _proforma_states(all_matters: bool) -> _Rows:  # noqa: FBT001 -- a cache's key
    counted = (
        select(_P.c.status, func.count(), func.sum(_P.c.billed_amount))
        .join(_M, _M.c.id == _P.c.matter_id)
        .where(_P.c.period_end == bindparam("period_end"), _P.c.status != ProformaStatus.VOIDED)
        .group_by(_P.c.status)
    )
    return _own(counted, all_matters)


@cache
def _invoice_states(all_matters: bool) -> _Rows:  # noqa: FBT001 -- a cache's key
    counted = (
        select(_I.c.document_status, _I.c.decision_status, func.count(), func.sum(_I.c.total_amount))
        .join(_P, _P.c.id == _I.c.proforma_id)
        .join(_M, _M.c.id == _I.c.matter_id)
        .where(_P.c.period_end == bindparam("period_end"))
        .group_by(_I.c.document_status, _I.c.decision_status)
    )
    return _own(counted, all_matters)


@cache
def _overdue_reviews(all_matters: bool) -> _Rows:  # noqa: FBT001 -- a cache's key
    reviewers = (
        select(_U.c.name, func.count(), func.sum(_P.c.billed_amount))
        .join(_P, _P.c.reviewer_id == _U.c.id)
        .join(_M, _M.c.id == _P.c.matter_id)
        .where(one_of(_P.c.status, WITH_ATTORNEY), _P.c.due_on < bindparam("today"))
        .group_by(_U.c.id, _U.c.name)
        .order_by(func.count().desc())
        .limit(QUEUE_LENGTH)
    )
    return _own(reviewers, all_matters)


@cache
def _returned(all_matters: bool) -> _Rows:  # noqa: FBT001 -- a cache's key
    returned = (
        select(func.count(), func.sum(_P.c.billed_amount))
        .join(_M, _M.c.id == _P.c.matter_id)
        .where(_P.c.status == ProformaStatus.RETURNED)
    )
    return _own(returned, all_matters)


@cache
def _blocked_submissions(all_matters: bool) -> _Rows:  # noqa: FBT001 -- a cache's key
    stopped = (
        select(_S.c.status, _U.c.name, func.count(), func.sum(_I.c.total_amount))
        .join(_I, _I.c.id == _S.c.invoice_id)
        .join(_M, _M.c.id == _I.c.matter_id)
        .join(_U, _U.c.id == func.coalesce(_S.c.decider_id, _S.c.queued_by_id))
        .where(one_of(_S.c.status, _BLOCKING), _I.c.document_status == DocumentStatus.OPEN)
        .group_by(_S.c.status, _U.c.id, _U.c.name)
    )
    return _own(stopped, all_matters)


@cache
def _blocked_mailings(all_matters: bool) -> _Rows:  # noqa: FBT001 -- a cache's key
    stopped = (
        select(_ML.c.status, _U.c.name, func.count(), func.sum(_I.c.total_amount))
        .join(_I, _I.c.id == _ML.c.invoice_id)
        .join(_M, _M.c.id == _I.c.matter_id)
        .join(_U, _U.c.id == _ML.c.queued_by_id)
        .where(one_of(_ML.c.status, _BLOCKING_MAILS), _I.c.document_status == DocumentStatus.OPEN)
        .group_by(_ML.c.status, _U.c.id, _U.c.name)
    )
    return _own(stopped, all_matters)


@cache
def _paused(all_matters: bool) -> _Rows:  # noqa: FBT001 -- a cache's key
    """Carriers whose files wait because they, or their account, are paused."""
    waiting = (
        select(_C.c.name, func.count(), func.sum(_I.c.total_amount))
        .join(_S, _S.c.carrier_id == _C.c.id)
        .join(_I, _I.c.id == _S.c.invoice_id)
        .join(_M, _M.c.id == _I.c.matter_id)
        .join(_A, _A.c.id == _S.c.site_account_id)
        .where(
            _S.c.status == SubmissionStatus.READY,
            _I.c.document_status == DocumentStatus.OPEN,
            _C.c.paused_at.is_not(None) | _A.c.paused_at.is_not(None),
        )
        .group_by(_C.c.id, _C.c.name)
    )
    return _own(waiting, all_matters)


@cache
def _delivered_since(all_matters: bool) -> _Rows:  # noqa: FBT001 -- a cache's key
    delivered = (
        select(func.count())
        .select_from(_S)
        .join(_I, _I.c.id == _S.c.invoice_id)
        .join(_M, _M.c.id == _I.c.matter_id)
        .where(
            _S.c.status == SubmissionStatus.DELIVERED,
            _S.c.receipt_source == ReceiptSource.SITE,
            _S.c.delivered_at >= bindparam("new_year"),
        )
    )
    return _own(delivered, all_matters)


def _own(statement: _Rows, all_matters: bool) -> _Rows:  # noqa: FBT001 -- handed on from a cache's key
    return statement if all_matters else statement.where(_M.c.responsible_attorney_id == bindparam("me"))
