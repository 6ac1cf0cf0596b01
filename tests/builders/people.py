"""People, the timekeepers that they are, and actors."""

from sqlmodel import Session

from models import Timekeeper, User
from models.enums import Role
from services.actor import Actor, actor_of
from tests.builders.base import NOW, NUMBERS, add, id_of


def actor(*roles: Role, user_id: int | None = None) -> Actor:
    """Return an actor who need not be in the database."""
    return Actor(user_id, "Somebody", frozenset(roles))


def actor_for(user: User) -> Actor:
    """Return the actor a user is."""
    return actor_of(user)


def make_user(session: Session, *roles: Role, name: str = "", timekeeper: Timekeeper | None = None) -> User:
    """Make a person; a biller unless roles are given."""
    n = next(NUMBERS)
    return add(
        session,
        User(
            subject=f"subject-{n}",
            email=f"person{n}@hwr.example",
            name=name or f"Person {n}",
            roles=[role.value for role in roles or (Role.BILLER,)],
            timekeeper_id=id_of(timekeeper) if timekeeper else None,
            created_at=NOW,
        ),
    )


def make_biller(session: Session) -> Actor:
    """Make a biller and return the actor."""
    return actor_of(make_user(session, Role.BILLER))


def make_timekeeper(session: Session, *, classification: str = "PT", last_name: str = "Reyes") -> Timekeeper:
    """Make somebody whose hours are billed."""
    n = next(NUMBERS)
    return add(
        session,
        Timekeeper(code=f"TK{n:04d}", last_name=last_name, first_name="Ana", classification=classification),
    )
