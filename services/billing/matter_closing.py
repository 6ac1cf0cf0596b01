"""A matter is closed, with the day and why, and reopened: no new bill is made of it meanwhile, nor work put on one."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import Session, col

from core.clock import today
from core.errors import InvalidInputError
from models import AuditEvent, Matter, User
from services import lifecycle
from services.actor import Actor
from services.billing.matter_holds import wake_matter

_TAGS = ("matter:close", "matter:reopen")


@dataclass(frozen=True)
class Closing:
    """The last time that a matter was closed or reopened: by whom, when and why."""

    is_closed: bool
    who: str
    at: datetime
    reason: str


def close_matter(
    session: Session, actor: Actor, *, matter_id: int, expected_version: int, closed_on: date, reason: str
) -> Matter:
    """Close a matter on a day; a hold of it ends, bills that are under way go their way.

    Only a frequency of "when it is closed" bills it after that, once; its other work waits until it is reopened.

    Raises:
        InvalidInputError: the day is before it was opened or ahead, or no reason is given.
        DeniedError, StaleVersionError, WrongStateError, NotFoundError: nothing was changed.
    """
    matter: Matter = lifecycle.get(session, Matter, matter_id)
    if not matter.opened_on <= closed_on <= today():
        message = (
            f"A matter is closed on a day from {matter.opened_on:%B %d, %Y}, when it was opened, up to today. "
            "Nothing was changed; give another day."
        )
        raise InvalidInputError(message, matter_id=matter_id)
    lifecycle.apply(
        session, actor, matter, "close", reason, expected_version=expected_version, closed_on=closed_on.isoformat()
    )
    matter.closed_on = closed_on
    session.flush()
    if matter.billing_hold_until is not None:
        wake_matter(session, actor, matter)
    return matter


def reopen_matter(session: Session, actor: Actor, *, matter_id: int, expected_version: int, reason: str) -> Matter:
    """Open a closed matter again; what waits of it is billed as of any open one.

    Raises:
        InvalidInputError: no reason is given.
        DeniedError, StaleVersionError, WrongStateError, NotFoundError: nothing was changed.
    """
    matter: Matter = lifecycle.get(session, Matter, matter_id)
    was = matter.closed_on.isoformat() if matter.closed_on else ""
    lifecycle.apply(session, actor, matter, "reopen", reason, expected_version=expected_version, was_closed_on=was)
    matter.closed_on = None
    session.flush()
    return matter


def last_closing(session: Session, matter_id: int) -> Closing | None:
    """Return the last time that a matter was closed or reopened here; None where it never was."""
    statement = (
        select(AuditEvent, col(User.name))
        .outerjoin(User, col(User.id) == col(AuditEvent.actor_id))
        .where(
            col(AuditEvent.subject_type) == "matter",
            col(AuditEvent.subject_id) == matter_id,
            col(AuditEvent.tag).in_(_TAGS),
        )
        .order_by(col(AuditEvent.id).desc())
        .limit(1)
    )
    found = session.execute(statement).first()
    if found is None:
        return None
    event, name = found
    return Closing(event.tag == _TAGS[0], name or "The portal", event.at, event.note)
