"""The days on which holds end: held proformas go back to review, matters may be billed again, and people are told."""

from datetime import timedelta

from sqlalchemy import select
from sqlmodel import Session, col

from core.clock import today
from models import Matter, Proforma, User
from models.enums import NoticeKind, ProformaStatus, Role
from services import lifecycle
from services.actor import system_actor
from services.billing.matter_holds import wake_matter
from services.notices import tell
from services.review.sending import begin_reviews
from services.row_ids import row_id

_REVIEW_DAYS = 5


def wake_holds(session: Session) -> int:
    """End every hold whose day has come, and tell whom it concerns; return how many ended. Daily work.

    The entries of held lines need no waking: a run compares their day with its own.
    """
    return _wake_proformas(session) + _wake_matters(session)


def _wake_proformas(session: Session) -> int:
    held, day = col(Proforma.status) == ProformaStatus.HELD, today()
    due = select(Proforma).where(held, col(Proforma.held_until) <= day).order_by(col(Proforma.id))
    count = 0
    for proforma in session.scalars(due).all():
        until, held_by = proforma.held_until, proforma.held_by_id
        lifecycle.apply(session, system_actor(held_by), proforma, "resume", note="The day of its hold has come.")
        forget_hold(proforma)
        begin_reviews(session, system_actor(held_by), [row_id(proforma)])
        # Who had no chance to look at it in time gets the usual days again.
        proforma.due_on = max(proforma.due_on, day + timedelta(days=_REVIEW_DAYS))
        session.flush()
        people = {proforma.reviewer_id, held_by} - {None}
        occasion = f"{until}/v{proforma.version}"
        tell(session, [who for who in people if who], _ENDS, "proforma", row_id(proforma), occasion=occasion)
        count += 1
    return count


def _wake_matters(session: Session) -> int:
    due = select(Matter).where(col(Matter.billing_hold_until) <= today()).order_by(col(Matter.id)).with_for_update()
    billers = billers_of(session)
    matters = session.scalars(due).all()
    for matter in matters:
        occasion = f"{matter.billing_hold_until}/v{matter.version}"
        wake_matter(session, system_actor(), matter)
        tell(session, billers, _ENDS, "matter", row_id(matter), occasion=occasion)
    return len(matters)


def forget_hold(proforma: Proforma) -> None:
    """Take a hold's day, reason and person off a proforma that goes on."""
    proforma.held_until, proforma.hold_reason, proforma.held_by_id = None, "", None


def billers_of(session: Session) -> list[int]:
    """Return the active people who bill."""
    people = session.execute(select(col(User.id), col(User.roles)).where(col(User.is_active)))
    return [found for found, roles in people if found is not None and Role.BILLER in roles]


_ENDS = NoticeKind.HOLD_ENDS
