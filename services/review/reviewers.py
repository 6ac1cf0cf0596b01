"""Who may review what, and in whose place: the one answer for pages, edits, approvals and reminders.

A proforma's owner is its responsible attorney. In the owner's place act: a substitute while the owner is away, a
delegate, and whom it was forwarded to with the authority. There are no chains: nobody acts for one who only acts for
another. What a timekeeper attests is nobody else's, whoever acts for whom.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cache, partial
from types import MappingProxyType
from typing import Any, Protocol

from sqlalchemy import BindParameter, CompoundSelect, bindparam, literal, null, or_, select, union_all
from sqlmodel import Session

from core.clock import today
from core.db import once
from models import Absence, Delegation, Matter, Proforma, ProformaApproval, ProformaForward, Team, TeamMember
from models.enums import ApprovalStatus, ApproverKind, ForwardStatus, Role, TermStatus
from services.access import sees_all_matters
from services.actor import Actor
from services.tables import table_of

_Many = CompoundSelect[*tuple[Any, ...]]
_ABSENCE, _DELEGATION, _FORWARD = table_of(Absence), table_of(Delegation), table_of(ProformaForward)
_APPROVAL, _TEAM, _MEMBER, _P = table_of(ProformaApproval), table_of(Team), table_of(TeamMember), table_of(Proforma)


_HEADS = select(_P.c.id, _P.c.reviewer_id, _P.c.matter_id).where(_P.c.id.in_(bindparam("ids", expanding=True)))


class Reviewed(Protocol):
    """A proforma, or what was read of one: whose it is and of which matter."""

    @property
    def id(self) -> int | None:
        """Its number; None before it is stored."""

    @property
    def reviewer_id(self) -> int:
        """Its responsible attorney."""

    @property
    def matter_id(self) -> int:
        """Its matter."""


class Part(StrEnum):
    """What a person is to a proforma."""

    OWNER = "owner"
    SUBSTITUTE = "substitute"
    DELEGATE = "delegate"
    FORWARDED = "forwarded"
    APPROVER = "approver"
    TEAM_LEAD = "team_lead"


@dataclass(frozen=True)
class Right:
    """What a person may do with a proforma; `for_id` is in whose place, None in one's own.

    Who reviews changes lines as far as a reviewer may; who decides approves, returns, holds and forwards.
    """

    part: Part
    for_id: int | None = None
    may_review: bool = False
    may_decide: bool = False


@dataclass(frozen=True)
class Standing:
    """For whom and on what a person may act today.

    `absent` are the attorneys the person stands in for. `delegated` are (attorney, matter or None for all) with
    whether the person may decide, `forwarded` proformas with the same. `sent` are proformas that the person, or one
    of the absent, has given to somebody else. `steps` are proformas with an approval that waits for the person, with
    in whose place. `led` are the attorneys of the teams that the person leads.
    """

    absent: frozenset[int] = frozenset()
    delegated: Mapping[tuple[int, int | None], bool] = field(default_factory=lambda: MappingProxyType({}))
    forwarded: Mapping[int, bool] = field(default_factory=lambda: MappingProxyType({}))
    sent: frozenset[int] = frozenset()
    steps: Mapping[int, int | None] = field(default_factory=lambda: MappingProxyType({}))
    led: frozenset[int] = frozenset()

    def delegation_of(self, attorney_id: int, matter_id: int) -> bool | None:
        """Return whether the person may decide on an attorney's matter as a delegate; None for no delegate."""
        found = [
            self.delegated[key] for key in ((attorney_id, None), (attorney_id, matter_id)) if key in self.delegated
        ]
        return any(found) if found else None


NOBODY = Standing()


def may_review(session: Session, actor: Actor, proforma: Reviewed) -> bool:
    """Whether the actor may change the proforma's lines as a reviewer may."""
    right = right_of(session, actor, proforma)
    return right is not None and right.may_review


def reviewing_for(session: Session, actor: Actor, proforma: Reviewed) -> int | None:
    """Return in whose place the actor would act on the proforma; None in one's own, or for who may not act."""
    right = right_of(session, actor, proforma)
    return right.for_id if right else None


def acting(session: Session, actor: Actor, proforma: Reviewed) -> Actor:
    """Return the actor as the one who acts on this proforma: in the owner's place, where that is so."""
    for_id = reviewing_for(session, actor, proforma)
    return actor if for_id is None else replace(actor, on_behalf_of_id=for_id)


def may_see(session: Session, actor: Actor, proforma: Reviewed) -> bool:
    """Whether the actor may open the proforma."""
    return sees_all_matters(actor) or right_of(session, actor, proforma) is not None


def visible_among(session: Session, actor: Actor, proforma_ids: Sequence[int]) -> list[int]:
    """Return those of the proformas that the actor may open."""
    if sees_all_matters(actor) or not proforma_ids:
        return list(proforma_ids)
    found = session.execute(_HEADS, {"ids": proforma_ids}).all()
    if all(row.reviewer_id == actor.user_id for row in found):
        return [row.id for row in found]
    standing = standing_of(session, actor)
    return [row.id for row in found if right_in(standing, actor, row.id, row.reviewer_id, row.matter_id)]


def may_see_matter(session: Session, actor: Actor, matter: Matter) -> bool:
    """Whether the actor may read what stands beside the matter's proformas."""
    if sees_all_matters(actor) or actor.user_id == matter.responsible_attorney_id:
        return True
    standing = standing_of(session, actor)
    attorney_id = matter.responsible_attorney_id
    if attorney_id in standing.absent | standing.led:
        return True
    if standing.delegation_of(attorney_id, matter.id or 0) is not None:
        return True
    return _is_of_matter(session, [*standing.forwarded, *standing.steps], matter.id)


def may_decide_on_matter(session: Session, actor: Actor, matter: Matter) -> bool:
    """Whether the actor is the matter's responsible attorney, or acts in that attorney's place on all of it."""
    if not actor.has(Role.ATTORNEY):
        return False
    attorney_id = matter.responsible_attorney_id
    if actor.user_id == attorney_id:
        return True
    standing = standing_of(session, actor)
    return attorney_id in standing.absent or standing.delegation_of(attorney_id, matter.id or 0) is True


def right_of(session: Session, actor: Actor, proforma: Reviewed) -> Right | None:
    """Return what the actor may do with the proforma as a reviewer of some kind; None for nothing."""
    if actor.has(Role.ATTORNEY) and actor.user_id == proforma.reviewer_id:
        return _OWNER
    if actor.user_id is None or not actor.has(Role.ATTORNEY, Role.ADMIN):
        return None
    found = right_in(standing_of(session, actor), actor, proforma.id or 0, proforma.reviewer_id, proforma.matter_id)
    return found or (_STEP if _was_asked(session, actor, proforma) else None)


def right_in(standing: Standing, actor: Actor, proforma_id: int, reviewer_id: int, matter_id: int) -> Right | None:
    """Return the same from what was read once for many proformas."""
    if actor.has(Role.ATTORNEY):
        if actor.user_id == reviewer_id:
            return _OWNER
        if reviewer_id in standing.absent:
            return Right(Part.SUBSTITUTE, reviewer_id, may_review=True, may_decide=True)
        decides = standing.delegation_of(reviewer_id, matter_id)
        if decides is not None:
            return Right(Part.DELEGATE, reviewer_id if decides else None, may_review=True, may_decide=decides)
        if (decides := standing.forwarded.get(proforma_id)) is not None:
            return Right(Part.FORWARDED, reviewer_id if decides else None, may_review=True, may_decide=decides)
    if proforma_id in standing.steps:
        return Right(Part.APPROVER, standing.steps[proforma_id])
    return Right(Part.TEAM_LEAD) if reviewer_id in standing.led else None


def standing_of(session: Session, actor: Actor) -> Standing:
    """Return for whom and on what an attorney or administrator may act today, in one statement."""
    if actor.user_id is None or not actor.has(Role.ATTORNEY, Role.ADMIN):
        return NOBODY
    return once(session, ("standing", actor), partial(_read_standing, session, actor, actor.user_id))


def _read_standing(session: Session, actor: Actor, me: int) -> Standing:
    asked = {"me": me, "today": today()}
    rows = session.execute(_standing(actor.has(Role.ADMIN)), asked).all()

    def of(kind: str) -> list[Any]:
        return [row for row in rows if row.kind == kind]

    return Standing(
        absent=frozenset(row.key for row in of("absent")),
        delegated=_delegated(of("delegated")),
        forwarded={row.key: bool(row.flag) for row in of("forwarded")},
        sent=frozenset(row.key for row in of("sent")),
        steps=_steps(of("step"), me),
        led=frozenset(row.key for row in of("led")),
    )


def substitutes(session: Session, user_ids: Collection[int]) -> dict[int, int]:
    """Return who stands in today for those of the people who are away."""
    a = _ABSENCE.c
    statement = select(a.user_id, a.substitute_id).where(a.user_id.in_(set(user_ids)), *_is_away())
    found = session.execute(statement, {"today": today()}).all() if user_ids else ()
    return dict(found)


_OWNER = Right(Part.OWNER, may_review=True, may_decide=True)
_STEP = Right(Part.APPROVER)


def _delegated(rows: list[Any]) -> dict[tuple[int, int | None], bool]:
    # Of two delegations of the same the wider one holds.
    return {(row.key, row.other): bool(row.flag) for row in sorted(rows, key=lambda row: bool(row.flag))}


def _steps(rows: list[Any], me: int) -> dict[int, int | None]:
    # A step of one's own goes before one in another's place.
    others = {row.key: row.other for row in rows if row.other not in (None, me)}
    return others | {row.key: None for row in rows if row.other in (None, me)}


def _is_of_matter(session: Session, proforma_ids: Collection[int], matter_id: int | None) -> bool:
    if not proforma_ids:
        return False
    statement = select(_P.c.id).where(_P.c.id.in_(proforma_ids), _P.c.matter_id == matter_id).limit(1)
    return session.execute(statement).first() is not None


def _was_asked(session: Session, actor: Actor, proforma: Reviewed) -> bool:
    """Whether the actor gave, or will be asked for, a step: who approved it may look at it again."""
    a = _APPROVAL.c
    mine = or_(a.approver_id == actor.user_id, a.given_by_id == actor.user_id)
    asked = select(a.id).where(a.proforma_id == proforma.id, a.status != ApprovalStatus.VOID, mine).limit(1)
    return session.execute(asked).first() is not None


def _is_away() -> tuple[Any, ...]:
    a, day = _ABSENCE.c, _bound("today")
    return a.status == TermStatus.IN_FORCE, a.from_on <= day, a.until_on >= day


def _bound(name: str) -> BindParameter[Any]:
    return bindparam(name)


@cache
def _standing(is_admin: bool) -> _Many:  # noqa: FBT001 -- a cache's key
    me, day = _bound("me"), _bound("today")
    a, d, f, p, t = _ABSENCE.c, _DELEGATION.c, _FORWARD.c, _APPROVAL.c, _TEAM.c
    none, zero = null(), literal(0)
    away = select(a.user_id).where(a.substitute_id == me, *_is_away())
    lasts = or_(d.until_on.is_(None), d.until_on >= day)
    deputed = d.delegate_id == me, d.status == TermStatus.IN_FORCE, lasts
    for_all = select(d.principal_id).where(*deputed, d.matter_id.is_(None), d.can_approve)
    is_open = f.status == ForwardStatus.OPEN
    waits = p.status == ApprovalStatus.WAITING, p.is_reviewer.is_(False)
    step = select(literal("step"), p.proforma_id, p.approver_id, zero).where(*waits)
    parts = [
        select(literal("absent").label("kind"), a.user_id.label("key"), none.label("other"), zero.label("flag")).where(
            a.substitute_id == me, *_is_away()
        ),
        select(literal("delegated"), d.principal_id, d.matter_id, d.can_approve).where(*deputed),
        select(literal("forwarded"), f.proforma_id, none, f.can_approve).where(f.to_id == me, is_open),
        select(literal("sent"), f.proforma_id, none, zero).where(f.owner_id == me, is_open),
        select(literal("sent"), f.proforma_id, none, zero).where(f.owner_id.in_(away), is_open),
        step.where(p.approver_id == me),
        step.where(p.approver_id.in_(away)),
        step.where(p.approver_id.in_(for_all)),
        select(literal("led"), _MEMBER.c.user_id, none, zero)
        .join(_TEAM, t.id == _MEMBER.c.team_id)
        .where(t.lead_id == me),
    ]
    if is_admin:
        parts.append(step.where(p.approver_kind == ApproverKind.ADMIN))
    return union_all(*parts)
