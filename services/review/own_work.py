"""Whose work it is: the timekeeper that a signed-in person is, who alone attests it and is told what waits."""

from sqlalchemy import bindparam, select
from sqlmodel import Session, col

from models import ProformaLine, User
from models.enums import NoticeKind
from services.actor import Actor
from services.notices import settle_notices, tell
from services.tables import table_of

# Asked whenever a page opens, so it is built once and reads one column.
_TIMEKEEPER = select(table_of(User).c.timekeeper_id).where(table_of(User).c.id == bindparam("user_id"))


def timekeeper_of(session: Session, actor: Actor) -> int | None:
    """Return the timekeeper that a signed-in person is."""
    if actor.user_id is None or actor.timekeeper_id is not None:
        return actor.timekeeper_id
    return session.execute(_TIMEKEEPER, {"user_id": actor.user_id}).scalar_one_or_none()


def is_own_work(session: Session, actor: Actor, line: ProformaLine) -> bool:
    """Whether the actor is the line's timekeeper."""
    return line.timekeeper_id is not None and timekeeper_of(session, actor) == line.timekeeper_id


def tell_timekeeper(session: Session, timekeeper_id: int, *, subject_type: str, subject_id: int) -> int:
    """Tell who is the timekeeper that something waits for their word; return how many hear it."""
    people = session.scalars(select(col(User.id)).where(col(User.timekeeper_id) == timekeeper_id, col(User.is_active)))
    ids = [user_id for user_id in people if user_id is not None]
    return tell(session, ids, NoticeKind.ATTESTATION_WAITS, subject_type, subject_id, occasion="asked")


def timekeeper_answered(session: Session, *, subject_type: str, subject_id: int) -> None:
    """Take back what was told: it waits no more."""
    settle_notices(session, NoticeKind.ATTESTATION_WAITS, subject_type, subject_id)
