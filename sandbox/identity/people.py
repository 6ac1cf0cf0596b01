"""Who can be chosen: the firm's users as they stand in the portal's database at this moment."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlmodel import col, func, or_, select

from core.db import Database
from models import User

NAMED = ("dana.brooks@hwr.example", "ana.reyes@hwr.example", "omar.whitfield@hwr.example")


@dataclass(frozen=True)
class Subject:
    """A person as the identity provider knows them; `roles` is for the eye only and is no claim."""

    subject: str
    email: str
    name: str
    roles: tuple[str, ...] = ()

    @property
    def claims(self) -> dict[str, object]:
        """Return the claims beside `sub`."""
        return {"email": self.email, "email_verified": True, "name": self.name}


class Directory:
    """The firm's people in a database; read anew at every question, so a new seed shows at once."""

    def __init__(self, database: Database, named: Iterable[str] = NAMED) -> None:
        self._database = database
        self._emails = list(named)

    def named(self) -> list[Subject]:
        """Return the people offered as buttons, in the order they were named."""
        named = select(User).where(col(User.email).in_(self._emails))
        with self._database.read_only() as session:
            found = {user.email: _subject(user) for user in session.exec(named)}
        return [found[email] for email in self._emails if email in found]

    def find(self, who: str) -> Subject:
        """Return the person with this e-mail or subject; somebody unknown to the firm is let through as a stranger."""
        asked = who.strip()
        with self._database.read_only() as session:
            match = or_(func.lower(col(User.email)) == asked.lower(), col(User.subject) == asked)
            user = session.exec(select(User).where(match)).first()
            return _subject(user) if user else Subject(f"stranger:{asked.lower()}", asked, asked)


def _subject(user: User) -> Subject:
    return Subject(user.subject, user.email, user.name, tuple(user.roles))
