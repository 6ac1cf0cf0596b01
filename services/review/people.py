"""The people whom reviewing can be given to."""

from sqlalchemy import select
from sqlmodel import Session, col

from core.errors import InvalidInputError
from models import User
from models.enums import Role


def check_person(session: Session, user_id: int, *roles: Role, as_what: str) -> int:
    """Return the id of an active person with one of the roles; `as_what` ends the sentence, as in 'stand in'.

    Raises:
        InvalidInputError: there is no such person, or not with such a role.
    """
    user = session.get(User, user_id)
    if user is None or not user.is_active or not {role.value for role in roles} & set(user.roles):
        who = " or ".join("an administrator" if role is Role.ADMIN else f"an active {role.value}" for role in roles)
        raise InvalidInputError(f"Only {who} can {as_what}. Nothing was changed; choose somebody else.")
    return user_id


def list_people(session: Session, *roles: Role) -> list[tuple[int, str]]:
    """Return the active people with one of the roles, by name."""
    wanted = {role.value for role in roles}
    rows = session.execute(
        select(col(User.id), col(User.name), col(User.roles)).where(col(User.is_active)).order_by(col(User.name))
    )
    return [(found, name) for found, name, held in rows if found is not None and wanted & set(held)]


def name_of(session: Session, user_id: int | None) -> str:
    """Return a person's name for a sentence."""
    user = session.get(User, user_id) if user_id is not None else None
    return user.name if user else "somebody"
