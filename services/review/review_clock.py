"""The clock of the review: reminders to whom a proforma waits for, and to the lead when it waits too long.

Both in business days, within the hours that the firm allows, each once. Who is away is not reminded: the substitute is.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlmodel import Session, col

from core.clock import now, today
from core.errors import DeniedError, InvalidInputError, WrongStateError
from core.settings import get_settings
from models import Proforma, ProformaApproval, ProformaForward, Team, TeamMember
from models.enums import ApprovalStatus, ForwardStatus, NoticeKind, ProformaStatus, Role
from services import audit
from services.actor import Actor
from services.notices import Told, tell_many
from services.review.proforma_queries import visible_proforma
from services.review.review_notices import SUBJECT, Waiting, administrators, leads_of, tell_waiting
from services.review.review_policy import Policy, get_policy
from services.review.reviewers import substitutes


@dataclass(frozen=True)
class Held:
    """What waits for whom since when; `owner_id` is the responsible attorney, whose lead hears of it in the end."""

    waiting: Waiting
    owner_id: int


def remind_of_reviews(session: Session) -> int:
    """Tell whom proformas wait for, and their leads, what is due to be told now; return how many were told."""
    policy = get_policy(session)
    if not policy.rules.is_reminding or not is_business_hour(policy, now()):
        return 0
    held = held_now(session)
    return _remind(session, policy, held) + _escalate(session, policy, held)


def is_business_hour(policy: Policy, at: datetime) -> bool:
    """Whether people may be reminded at an instant: on a business day, within the hours, by the firm's clock."""
    there = at.astimezone(ZoneInfo(get_settings().walk_time_zone))
    hours = range(policy.rules.remind_from_hour, policy.rules.remind_until_hour)
    return policy.calendar.is_open(there.date()) and there.hour in hours


def held_now(session: Session, proforma_ids: Iterable[int] | None = None) -> list[Held]:
    """Return everything that waits for an attorney or an approver, in three statements.

    What was forwarded waits for whom it was forwarded to, since then.
    """
    forwarded = _forwarded(session)
    return [one for one in (*_reviews(session, forwarded), *_steps(session)) if _is_of(one, proforma_ids)]


def remind_now(session: Session, actor: Actor, *, proforma_id: int, note: str = "") -> int:
    """Remind whom a proforma waits for, by hand: its team's lead, its owner, billing or an administrator; once a day.

    Raises:
        DeniedError: none of these.
        WrongStateError: it waits for nobody.
        InvalidInputError: whom it waits for was reminded today.
    """
    proforma = visible_proforma(session, actor, proforma_id)
    if not _may_remind(session, actor, proforma):
        raise DeniedError("Its attorney's lead reminds, or billing. Nobody was reminded.")
    held = held_now(session, [proforma_id])
    if not held:
        raise WrongStateError("It waits for no attorney now. Nobody was reminded; look at its history.")
    ending = f"/{today():%m%d}"
    told = tell_waiting(session, NoticeKind.PROFORMA_REMINDER, [one.waiting for one in held], ending=ending)
    if not told:
        raise InvalidInputError("They were reminded today already. Nobody was reminded again; try tomorrow.")
    audit.record(session, actor, "proforma:reminded", SUBJECT, proforma_id, note=note, people=told)
    return told


def _remind(session: Session, policy: Policy, held: Iterable[Held]) -> int:
    rules, due = policy.rules, defaultdict(list)
    for one in held:
        late = policy.days_waited(one.waiting.since) - rules.remind_after_days
        if late >= 0:
            due[late // rules.remind_every_days + 1].append(one.waiting)
    return sum(
        tell_waiting(session, NoticeKind.PROFORMA_REMINDER, waiting, ending=f"/{number}")
        for number, waiting in due.items()
    )


def _escalate(session: Session, policy: Policy, held: Iterable[Held]) -> int:
    late = [one for one in held if policy.days_waited(one.waiting.since) >= policy.rules.escalate_after_days]
    if not late:
        return 0
    leads = leads_of(session, {one.owner_id for one in late})
    away, admins = substitutes(session, set(leads.values())), administrators(session)
    told = []
    for one in late:
        lead = leads.get(one.owner_id)
        # A lead who has it on the own desk hears reminders enough; then the administrators look after it.
        people = admins if lead is None or lead in (one.owner_id, one.waiting.person_id) else [away.get(lead, lead)]
        told += [Told(person, one.waiting.proforma_id, one.waiting.occasion()) for person in people]
    return tell_many(session, NoticeKind.PROFORMA_ESCALATED, SUBJECT, told)


def _forwarded(session: Session) -> dict[int, tuple[int, datetime]]:
    statement = select(
        col(ProformaForward.proforma_id), col(ProformaForward.to_id), col(ProformaForward.forwarded_at)
    ).where(col(ProformaForward.status) == ForwardStatus.OPEN)
    return {proforma_id: (to_id, at) for proforma_id, to_id, at in session.execute(statement)}


def _reviews(session: Session, forwarded: dict[int, tuple[int, datetime]]) -> Iterator[Held]:
    statement = select(
        col(Proforma.id), col(Proforma.reviewer_id), col(Proforma.waiting_since_at), col(Proforma.created_at)
    ).where(col(Proforma.status) == ProformaStatus.IN_REVIEW)
    for proforma_id, owner_id, since, created_at in session.execute(statement):
        person_id, at = forwarded.get(proforma_id or 0, (owner_id, since or created_at))
        yield Held(Waiting(proforma_id or 0, person_id, at), owner_id)


def _steps(session: Session) -> Iterator[Held]:
    statement = (
        select(ProformaApproval, col(Proforma.reviewer_id))
        .join(Proforma, col(Proforma.id) == col(ProformaApproval.proforma_id))
        .where(
            col(ProformaApproval.status) == ApprovalStatus.WAITING,
            col(ProformaApproval.is_reviewer).is_(False),
            col(Proforma.status).in_((ProformaStatus.IN_REVIEW, ProformaStatus.IN_APPROVAL)),
        )
    )
    for step, owner_id in session.execute(statement):
        if step.asked_at is not None:
            yield Held(Waiting(step.proforma_id, step.approver_id, step.asked_at), owner_id)


def _is_of(held: Held, proforma_ids: Iterable[int] | None) -> bool:
    return proforma_ids is None or held.waiting.proforma_id in proforma_ids


def _may_remind(session: Session, actor: Actor, proforma: Proforma) -> bool:
    if actor.has(Role.BILLER, Role.ADMIN) or actor.user_id == proforma.reviewer_id:
        return True
    led = (
        select(col(TeamMember.user_id))
        .join(Team, col(Team.id) == col(TeamMember.team_id))
        .where(col(TeamMember.user_id) == proforma.reviewer_id, col(Team.lead_id) == actor.user_id)
    )
    return session.scalars(led).first() is not None
