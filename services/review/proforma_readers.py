"""Everybody who may open one proforma: `services.review.reviewers` asked the other way round, in one statement."""

from functools import cache
from typing import Any

from sqlalchemy import BindParameter, CompoundSelect, bindparam, or_, select, union
from sqlmodel import Session

from core.clock import today
from models import Absence, Delegation, Proforma, ProformaApproval, ProformaForward, Team, TeamMember, User
from models.enums import ApprovalStatus, ForwardStatus, Role, TermStatus
from services.access import SEES_ALL
from services.tables import table_of

_Many = CompoundSelect[*tuple[Any, ...]]
_USER, _P = table_of(User), table_of(Proforma)
_ABSENCE, _DELEGATION, _FORWARD = table_of(Absence), table_of(Delegation), table_of(ProformaForward)
_APPROVAL, _TEAM, _MEMBER = table_of(ProformaApproval), table_of(Team), table_of(TeamMember)
_PEOPLE = select(_USER.c.id, _USER.c.name, _USER.c.roles).where(_USER.c.is_active).order_by(_USER.c.name)


def readers_of(session: Session, proforma: Proforma) -> list[tuple[int, str]]:
    """Return id and name of every active person who may open the proforma, by name."""
    asked = {
        "proforma": proforma.id,
        "reviewer": proforma.reviewer_id,
        "matter": proforma.matter_id,
        "today": today(),
    }
    with_a_part = {user_id for (user_id,) in session.execute(_with_a_part(), asked)}
    return [
        (user_id, name)
        for user_id, name, roles in session.execute(_PEOPLE)
        if not set(SEES_ALL).isdisjoint(roles) or (Role.ATTORNEY in roles and user_id in with_a_part)
    ]


@cache
def _with_a_part() -> _Many:
    """Return the statement of the people who have a part in a proforma, as `reviewers.right_of` knows them."""
    a, d, f, p, m, t = _ABSENCE.c, _DELEGATION.c, _FORWARD.c, _APPROVAL.c, _MEMBER.c, _TEAM.c
    day, proforma, reviewer, matter = map(_bound, ("today", "proforma", "reviewer", "matter"))
    is_away = a.status == TermStatus.IN_FORCE, a.from_on <= day, a.until_on >= day
    is_deputed = d.status == TermStatus.IN_FORCE, or_(d.until_on.is_(None), d.until_on >= day)
    waits = p.status == ApprovalStatus.WAITING, p.is_reviewer.is_(False)
    asked = select(p.approver_id).where(p.proforma_id == proforma, *waits)
    return union(
        select(_P.c.reviewer_id).where(_P.c.id == proforma),
        select(a.substitute_id).where(a.user_id == reviewer, *is_away),
        select(d.delegate_id).where(
            d.principal_id == reviewer, *is_deputed, or_(d.matter_id.is_(None), d.matter_id == matter)
        ),
        select(f.to_id).where(f.proforma_id == proforma, f.status == ForwardStatus.OPEN),
        select(p.approver_id).where(p.proforma_id == proforma, p.status != ApprovalStatus.VOID),
        select(p.given_by_id).where(p.proforma_id == proforma, p.status != ApprovalStatus.VOID),
        # In an approver's place: the substitute, and a delegate for everything who may decide.
        select(a.substitute_id).where(a.user_id.in_(asked), *is_away),
        select(d.delegate_id).where(d.principal_id.in_(asked), *is_deputed, d.matter_id.is_(None), d.can_approve),
        select(t.lead_id).join(_MEMBER, m.team_id == t.id).where(m.user_id == reviewer),
    )


def _bound(name: str) -> BindParameter[Any]:
    return bindparam(name)
