"""The names of the people who queued, decided or recorded something about submissions."""

from collections.abc import Collection

from sqlalchemy import select
from sqlmodel import Session, col

from models import User


def names_of(session: Session, user_ids: Collection[int]) -> dict[int, str]:
    """Return names by user id."""
    statement = select(col(User.id), col(User.name)).where(col(User.id).in_(user_ids))
    return {user_id: name for user_id, name in session.execute(statement) if user_id is not None}
