"""Files in doubt: who decides until when, handed on by name, and taken to the administrators when nobody did."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlmodel import Session, col

from core.clock import now
from core.db import db_now_ms
from core.errors import InvalidInputError, WrongStateError
from models import Submission, User
from models.enums import NoticeKind, Role, SubmissionStatus
from services import audit
from services.access import require
from services.actor import Actor, system_actor
from services.lifecycle import apply, check_version, get
from services.notices import settle_notices, tell, tell_admins
from services.row_ids import row_id
from services.sites.site_accounts import is_paused

MOST_HOURS = 14 * 24


def reassign_doubt(
    session: Session, actor: Actor, *, submission_id: int, expected_version: int, decider_id: int, hours: int
) -> Submission:
    """Name another decider, or give more time: `hours` from now. The new decider is told.

    Raises:
        DeniedError: the actor is neither biller nor admin.
        InvalidInputError: nobody who could decide, or no sensible time.
        StaleVersionError, WrongStateError, NotFoundError: nothing was changed.
    """
    require(actor, Role.BILLER, Role.ADMIN, what="Naming who decides")
    row: Submission = get(session, Submission, submission_id)
    session.refresh(row, with_for_update=True)
    check_version(row, expected_version)
    if row.status is not SubmissionStatus.IN_DOUBT:
        word = row.status.value.replace("_", " ")
        raise WrongStateError(f"The file is {word} now, so there is nothing to decide. Nothing was changed.")
    if not 1 <= hours <= MOST_HOURS:
        raise InvalidInputError(f"Give between 1 and {MOST_HOURS} hours. Nothing was changed.")
    if decider_id not in {person_id for person_id, _ in list_deciders(session, actor)}:
        raise InvalidInputError("Only a biller who is active can decide it. Nothing was changed; choose another.")
    before = row.decider_id
    row.decider_id, row.decide_by = decider_id, now() + timedelta(hours=hours)
    row.version += 1
    session.add(row)
    session.flush()
    audit.record(
        session,
        actor,
        "submission:doubt_assigned",
        "submission",
        submission_id,
        decider_id=decider_id,
        former_decider_id=before,
        decide_by=row.decide_by.isoformat(timespec="minutes"),
    )
    if decider_id != actor.user_id:
        occasion = f"{row.version}"
        tell(session, [decider_id], NoticeKind.DOUBT_ASSIGNED, "submission", submission_id, occasion=occasion)
    return row


def look_again(session: Session, actor: Actor, *, submission_id: int, expected_version: int) -> Submission:
    """Let a worker look on the site once more, and keep a picture of its list. Nothing is sent by it.

    Found, the file is delivered with the site's receipt; otherwise it comes back to its decider by the same deadline.

    Raises:
        StaleVersionError, WrongStateError, DeniedError, NotFoundError: nothing was changed.
    """
    row: Submission = get(session, Submission, submission_id)
    if is_paused(session, site_account_id=row.site_account_id):
        raise WrongStateError(
            "The account is paused, so nobody looks on its site. Resume it first; nothing was changed."
        )
    apply(session, actor, row, "look_again", expected_version=expected_version)
    row.due_at_ms = session.scalars(select(db_now_ms())).one()
    session.add(row)
    session.flush()
    return row


def settle_doubt(session: Session, submission_id: int) -> None:
    """Take back what people were told of a file in doubt, now that it is decided."""
    for kind in (NoticeKind.DOUBT_ASSIGNED, NoticeKind.DOUBT_OVERDUE):
        settle_notices(session, kind, "submission", submission_id)


def list_deciders(session: Session, actor: Actor) -> list[tuple[int, str]]:
    """Return who may decide, by name: active billers.

    Raises:
        DeniedError: the actor is neither biller nor admin.
    """
    require(actor, Role.BILLER, Role.ADMIN, what="Naming who decides")
    rows = session.execute(
        select(col(User.id), col(User.name), col(User.roles)).where(col(User.is_active)).order_by(col(User.name))
    )
    return [(found, name) for found, name, roles in rows if found is not None and Role.BILLER in roles]


def escalate_doubts(session: Session) -> int:
    """Tell decider and administrators of files whose deadline passed, each deadline once; return how many files."""
    statement = select(Submission).where(
        col(Submission.status) == SubmissionStatus.IN_DOUBT, col(Submission.decide_by) < now()
    )
    return sum(_escalate(session, row, row.decide_by) for row in session.scalars(statement).all())


def _escalate(session: Session, row: Submission, deadline: datetime | None) -> bool:
    key = row_id(row)
    occasion = f"{deadline:%Y-%m-%dT%H:%M}" if deadline else ""
    heard = tell_admins(session, NoticeKind.DOUBT_OVERDUE, "submission", key, occasion=occasion)
    if row.decider_id is not None:
        heard += tell(session, [row.decider_id], NoticeKind.DOUBT_OVERDUE, "submission", key, occasion=occasion)
    if heard:
        audit.record(session, system_actor(), "submission:doubt_overdue", "submission", key, decider_id=row.decider_id)
    return heard > 0
