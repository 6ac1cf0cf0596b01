"""People, the timekeepers they are, and their sign-in sessions."""

from datetime import datetime

from sqlalchemy import JSON, Column
from sqlmodel import Field

from models.base import Table


def ledes_name(first_name: str, last_name: str) -> str:
    """Return 'Last, First', within the 30 characters of TIMEKEEPER_NAME."""
    return f"{last_name}, {first_name}"[:30]


class Timekeeper(Table, table=True):
    """Somebody whose hours are billed; `code` is the id loaded at every carrier's site."""

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(max_length=20, unique=True)
    last_name: str = Field(max_length=30)
    first_name: str = Field(max_length=30)
    classification: str = Field(max_length=10)
    is_active: bool = True

    @property
    def ledes_name(self) -> str:
        """'Last, First', within the 30 characters of TIMEKEEPER_NAME."""
        return ledes_name(self.first_name, self.last_name)


class User(Table, table=True):
    """A person who can sign in. `roles` holds `Role` values; `subject` is the identity provider's id."""

    __tablename__ = "app_user"

    id: int | None = Field(default=None, primary_key=True)
    subject: str = Field(max_length=255, unique=True)
    email: str = Field(max_length=255, unique=True)
    name: str = Field(max_length=120)
    roles: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    timekeeper_id: int | None = Field(default=None, foreign_key="timekeeper.id")
    is_active: bool = True
    created_at: datetime


class UserSession(Table, table=True):
    """A signed-in browser. Only the SHA-256 of the cookie is stored."""

    id_sha256: str = Field(max_length=64, primary_key=True)
    user_id: int = Field(foreign_key="app_user.id", index=True)
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None
