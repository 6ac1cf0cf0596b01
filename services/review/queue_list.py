"""The review queue's rows, the most urgent first: what waits for whom, by which right, with what was said about it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from typing import Any

from sqlalchemy import Select, bindparam, case, func, or_, select
from sqlmodel import Session, col

from core.clock import today
from core.db import once
from core.money import ZERO
from models import Matter, Proforma, User
from models.enums import ProformaStatus, Role
from services.access import sees_all_matters
from services.actor import Actor
from services.changes import QUEUE_OF, Record
from services.review.forwards import ForwardRow, forwards_of
from services.review.proforma_queries import WITH_PEOPLE, ProformaRow, header_of, headers, proforma_rows, seen_proforma
from services.review.queue_filters import (
    QueueFilter,
    Scope,
    asked_of,
    conditions,
    is_urgent,
    keys_of,
    own_scope,
    urgency,
)
from services.review.returns import ReturnRow, returns_of
from services.review.review_policy import Policy, get_policy
from services.review.review_queue import StateTotal
from services.review.reviewers import NOBODY, Part, Right, Standing, right_in, standing_of
from services.tables import table_of

_Rows = Select[*tuple[Any, ...]]
_P, _M, _U = table_of(Proforma), table_of(Matter), table_of(User)


@dataclass(frozen=True)
class QueueItem:
    """One proforma of a queue; `right` is None for who only watches, as billing does.

    `for_name` is in whose place the viewer acts. `is_step` waits for the viewer's approval besides the attorney's.
    `forward` is open; `returned` is the last return. `days_waited` are business days, None where nothing waits.
    """

    row: ProformaRow
    right: Right | None
    for_name: str
    is_step: bool
    is_urgent: bool
    days_waited: int | None
    forward: ForwardRow | None
    returned: ReturnRow | None

    @property
    def can_approve(self) -> bool:
        """Whether the viewer's approval is what it waits for."""
        if self.right is None or self.row.billed_amount <= 0 or self.row.status not in WITH_PEOPLE:
            return False
        decides = self.right.may_decide and self.row.status is ProformaStatus.IN_REVIEW
        return decides or self.is_step

    @property
    def can_return(self) -> bool:
        """Whether the viewer may return it to billing."""
        if self.right is None or self.row.status not in WITH_PEOPLE:
            return False
        return self.is_step or (self.right.may_decide and self.row.status is ProformaStatus.IN_REVIEW)

    @property
    def can_edit(self) -> bool:
        """Whether the viewer may change its lines as a reviewer."""
        return self.right is not None and self.right.may_review and self.row.status is ProformaStatus.IN_REVIEW


@dataclass(frozen=True)
class ScopeCounts:
    """How many stand under each scope; None for a scope that the person has nothing to do with."""

    mine: StateTotal
    approvals: int | None
    team: int | None
    delegated: int | None
    forwarded: int | None


@dataclass(frozen=True)
class Queue:
    """One stretch of a queue, whether more follows, the total of what was asked for, and the counts of its scopes.

    `concerns` are the records whose changes may change it, and `pulse` is another after each change of one of those
    that are proformas; () where it is not asked for, because everybody's work changes it.
    """

    items: list[QueueItem]
    has_more: bool
    total: StateTotal
    counts: ScopeCounts
    concerns: frozenset[Record] = frozenset()
    pulse: tuple[int, ...] = ()


def list_queue(session: Session, actor: Actor, *, wanted: QueueFilter | None = None, limit: int = 50) -> Queue:
    """Return the first `limit` proformas that are asked for; the number of statements does not grow with them."""
    asked_for = wanted or own_scope(actor)
    standing, policy = standing_of(session, actor), get_policy(session)
    asked = asked_of(actor, asked_for, standing, policy)
    concerns = _concerns(actor, standing)
    # Before the rows, which are at least as new.
    pulse = () if sees_all_matters(actor) else queue_pulse(session, concerns)
    rows = session.execute(_listed(keys_of(asked)), {**asked, "limit": limit + 1}).all()
    shown = proforma_rows(session, rows[:limit])
    items = _items(session, actor, shown, standing, policy)
    counts = _counts(session, actor, standing, policy, asked_for.period_end)
    is_mine = asked_for == QueueFilter(period_end=asked_for.period_end)
    total = counts.mine if is_mine else _total(session, actor, asked_for, standing, policy)
    return Queue(items, len(rows) > limit, total, counts, concerns, pulse)


def queue_pulse(session: Session, concerns: Collection[Record]) -> tuple[int, ...]:
    """Return how many proformas a queue is made of, and sums that are others once one is changed or replaced."""
    owners = [key for kind, key in concerns if kind == QUEUE_OF]
    single = [key for kind, key in concerns if kind != QUEUE_OF]
    asked = {"owners": owners, "single": single} if single else {"owners": owners}
    count, changes, places = session.execute(_pulse(bool(single)), asked).one()
    return count, int(changes or 0), int(places or 0)


def queue_item(session: Session, actor: Actor, *, proforma_id: int) -> QueueItem:
    """Return one proforma as a queue shows it.

    Raises:
        NotFoundError: there is none, or it is not the actor's to see.
    """
    seen_proforma(session, actor, proforma_id)
    found = header_of(session, proforma_id)
    standing, policy = standing_of(session, actor), get_policy(session)
    rows = proforma_rows(session, [] if found is None else [found])
    [item] = _items(session, actor, rows, standing, policy, was_seen=True)
    return item


def _concerns(actor: Actor, standing: Standing) -> frozenset[Record]:
    """Return whose proformas, and which single ones, an attorney's queue is made of."""
    owners = {actor.user_id, *standing.absent, *standing.led, *(owner for owner, _ in standing.delegated)}
    single = {*standing.forwarded, *standing.sent, *standing.steps}
    return frozenset((QUEUE_OF, owner) for owner in owners if owner is not None) | {("proforma", key) for key in single}


def _counts(session: Session, actor: Actor, standing: Standing, policy: Policy, period_end: date | None) -> ScopeCounts:
    if not actor.has(Role.ATTORNEY):
        # What billing watches over: everything that is with people.
        everything = QueueFilter(Scope.ALL, WITH_PEOPLE, period_end=period_end)
        steps = len(standing.steps) or None
        return ScopeCounts(_total(session, actor, everything, standing, policy), steps, None, None, None)

    def count(scope: Scope) -> int:
        return _total(session, actor, QueueFilter(scope), standing, policy).count

    return ScopeCounts(
        mine=_total(session, actor, QueueFilter(period_end=period_end), standing, policy),
        approvals=len(standing.steps) or None,
        team=count(Scope.TEAM) if standing.led else None,
        delegated=count(Scope.DELEGATED) if standing.delegated else None,
        forwarded=len({*standing.forwarded, *standing.sent}) or None,
    )


def _total(session: Session, actor: Actor, wanted: QueueFilter, standing: Standing, policy: Policy) -> StateTotal:
    ask = partial(_read_total, session, actor, wanted, standing, policy)
    return once(session, ("queue total", actor, wanted), ask)


def _read_total(session: Session, actor: Actor, wanted: QueueFilter, standing: Standing, policy: Policy) -> StateTotal:
    asked = asked_of(actor, wanted, standing, policy)
    count, amount, clean, clean_amount, urgent = session.execute(_totalled(keys_of(asked)), asked).one()
    return StateTotal(count, amount or ZERO, int(clean or 0), clean_amount or ZERO, int(urgent or 0))


def _items(
    session: Session,
    actor: Actor,
    rows: Collection[ProformaRow],
    standing: Standing,
    policy: Policy,
    *,
    was_seen: bool = False,
) -> list[QueueItem]:
    with_people = [row.id for row in rows if row.status in WITH_PEOPLE]
    is_told = standing.sent or standing.forwarded or standing.led or sees_all_matters(actor)
    hands = forwards_of(session, with_people, only_open=True) if is_told else {}
    returned = returns_of(session, [row.id for row in rows if row.return_note])
    rights = {row.id: _right(actor, standing, row) for row in rows}
    names = _names(session, rows, rights)
    before = policy.urgent_before()
    return [
        QueueItem(
            row=row,
            right=rights[row.id],
            for_name=names.get(right.for_id or 0, "") if (right := rights[row.id]) else "",
            is_step=row.id in standing.steps,
            is_urgent=row.status in WITH_PEOPLE
            and (row.due_on < today() or (row.waiting_since_at is not None and row.waiting_since_at < before)),
            days_waited=_days(policy, row),
            forward=next(iter(hands.get(row.id, ())), None),
            returned=returned.get(row.id),
        )
        for row in rows
        if was_seen or rights[row.id] is not None or sees_all_matters(actor)
    ]


def _right(actor: Actor, standing: Standing, row: ProformaRow) -> Right | None:
    if standing is NOBODY:
        return None
    found = right_in(standing, actor, row.id, row.reviewer_id, row.matter_id)
    # A step in an absent approver's place is given in that person's name, whatever else the viewer is to it.
    if row.status is ProformaStatus.IN_APPROVAL and row.id in standing.steps:
        return Right(Part.APPROVER, standing.steps[row.id])
    return found


def _names(session: Session, rows: Collection[ProformaRow], rights: dict[int, Right | None]) -> dict[int | None, str]:
    known: dict[int | None, str] = {row.reviewer_id: row.reviewer_name for row in rows}
    missing = {right.for_id for right in rights.values() if right and right.for_id is not None} - known.keys()
    if missing:
        people = select(col(User.id), col(User.name)).where(col(User.id).in_(missing))
        known |= dict(session.execute(people).all())
    return known


def _days(policy: Policy, row: ProformaRow) -> int | None:
    if row.waiting_since_at is None or row.status not in WITH_PEOPLE:
        return None
    return policy.days_waited(row.waiting_since_at)


@cache
def _pulse(with_single: bool) -> _Rows:  # noqa: FBT001 -- a cache's key
    of_owners = _P.c.reviewer_id.in_(bindparam("owners", expanding=True))
    of_single = _P.c.id.in_(bindparam("single", expanding=True))
    wanted = or_(of_owners, of_single) if with_single else of_owners
    # By its number, too: of two that change hands at once each may have been changed as often.
    return select(func.count(), func.sum(_P.c.version), func.sum(_P.c.version * _P.c.id)).where(wanted)


@cache
def _listed(names: frozenset[str]) -> _Rows:
    """Return the list's statement for these conditions; built once for every set of them."""
    return headers().where(*conditions(names)).order_by(urgency(), _P.c.due_on, _P.c.id).limit(bindparam("limit"))


@cache
def _totalled(names: frozenset[str]) -> _Rows:
    amount, is_clean = _P.c.billed_amount, _P.c.finding_count == 0
    counted = select(
        func.count(),
        func.sum(amount),
        func.sum(case((is_clean, 1), else_=0)),
        func.sum(case((is_clean, amount), else_=None)),
        func.sum(case((is_urgent(), 1), else_=0)),
    ).select_from(_P)
    if "text" in names:
        counted = counted.join(_M, _M.c.id == _P.c.matter_id).join(_U, _U.c.id == _P.c.reviewer_id)
    return counted.where(*conditions(names))
