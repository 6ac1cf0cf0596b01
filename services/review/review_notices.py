"""Who hears of a proforma: whom it waits for, or who stands in for that person today; each occasion once."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from models import BillingRun, Proforma, ProformaApproval, Team, TeamMember, User
from models.enums import ApproverKind, NoticeKind, Role
from services.notices import Told, settle_many, tell_many
from services.review.reviewers import substitutes
from services.row_ids import row_id

SUBJECT = "proforma"
_WHILE_WAITING = (
    NoticeKind.PROFORMA_WAITS,
    NoticeKind.PROFORMA_REMINDER,
    NoticeKind.PROFORMA_ESCALATED,
    NoticeKind.PROFORMA_FORWARDED,
    NoticeKind.APPROVAL_WAITS,
)


@dataclass(frozen=True)
class Waiting:
    """Something on a proforma that waits for a person since an instant; without a person, for the administrators."""

    proforma_id: int
    person_id: int | None
    since: datetime

    def occasion(self, ending: str = "") -> str:
        """Return the name of this occasion: the same for as long as it waits for the same."""
        return f"{self.since:%Y%m%dT%H%M%S%f}{ending}"


def tell_waiting(session: Session, kind: NoticeKind, waiting: Collection[Waiting], *, ending: str = "") -> int:
    """Tell everybody what waits for him or her, or for whom he or she stands in; return how many hear it now."""
    away = substitutes(session, {one.person_id for one in waiting if one.person_id is not None})
    admins = administrators(session) if any(one.person_id is None for one in waiting) else []
    told = []
    for one in waiting:
        people = admins if one.person_id is None else [away.get(one.person_id, one.person_id)]
        told += [Told(person, one.proforma_id, one.occasion(ending)) for person in people]
    return tell_many(session, kind, SUBJECT, told)


def ask_approvers(session: Session, steps: Iterable[ProformaApproval]) -> None:
    """Tell whom steps that came to wait are asked of."""
    waiting = [Waiting(one.proforma_id, _asked(one), one.asked_at) for one in steps if one.asked_at is not None]
    tell_waiting(session, NoticeKind.APPROVAL_WAITS, waiting)


def tell_billing(session: Session, proforma: Proforma, occasion: str) -> None:
    """Tell who started the proforma's billing run that it came back; all billers, where that person is gone."""
    run = session.get_one(BillingRun, proforma.billing_run_id)
    billers = _people(session, Role.BILLER)
    people = [run.started_by_id] if run.started_by_id in billers else billers
    told = [Told(person, row_id(proforma), occasion) for person in people]
    tell_many(session, NoticeKind.PROFORMA_RETURNED, SUBJECT, told)


def settle_waiting(session: Session, proforma_ids: Collection[int], *, user_id: int | None = None) -> None:
    """Mark as read what was told while these proformas waited, for everybody or for one person."""
    settle_many(session, _WHILE_WAITING, SUBJECT, proforma_ids, user_id=user_id)


def settle_returned(session: Session, proforma_ids: Collection[int]) -> None:
    """Mark as read what was told of these proformas to billing."""
    settle_many(session, (NoticeKind.PROFORMA_RETURNED,), SUBJECT, proforma_ids)


def leads_of(session: Session, attorney_ids: Collection[int]) -> dict[int, int]:
    """Return the lead of each attorney's team, who may be that attorney; who is in none is absent."""
    if not attorney_ids:
        return {}
    statement = (
        select(col(TeamMember.user_id), col(Team.lead_id))
        .join(Team, col(Team.id) == col(TeamMember.team_id))
        .where(col(TeamMember.user_id).in_(set(attorney_ids)))
    )
    return dict(session.execute(statement).all())


def administrators(session: Session) -> list[int]:
    """Return the active administrators."""
    return _people(session, Role.ADMIN)


def _people(session: Session, role: Role) -> list[int]:
    rows = session.execute(select(col(User.id), col(User.roles)).where(col(User.is_active)).order_by(col(User.id)))
    return [found for found, roles in rows if found is not None and role in roles]


def _asked(step: ProformaApproval) -> int | None:
    return None if step.approver_kind is ApproverKind.ADMIN else step.approver_id
