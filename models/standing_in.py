"""Who acts in an attorney's place: a substitute while the attorney is away, a delegate until it is revoked."""

from datetime import date, datetime

from sqlalchemy import Index
from sqlmodel import Field

from models.base import Table, stored
from models.enums import TermStatus


class Absence(Table, table=True):
    """An attorney is away from the first to the last day, both included; the substitute acts meanwhile."""

    __table_args__ = (
        Index("ix_absence_substitute", "substitute_id", "status"),
        Index("ix_absence_user", "user_id", "status"),
    )

    id: int | None = Field(default=None, primary_key=True)
    user_id: int = Field(foreign_key="app_user.id")
    substitute_id: int = Field(foreign_key="app_user.id")
    from_on: date
    until_on: date
    note: str = Field(default="", max_length=500)
    status: TermStatus = Field(default=TermStatus.IN_FORCE, sa_type=stored(TermStatus))
    version: int = 1
    set_by_id: int = Field(foreign_key="app_user.id")
    set_at: datetime


class Delegation(Table, table=True):
    """Somebody may act for an attorney who is there: on one matter, or on all of them where none is named."""

    __table_args__ = (
        Index("ix_delegation_delegate", "delegate_id", "status"),
        Index("ix_delegation_principal", "principal_id", "status"),
    )

    id: int | None = Field(default=None, primary_key=True)
    principal_id: int = Field(foreign_key="app_user.id")
    delegate_id: int = Field(foreign_key="app_user.id")
    matter_id: int | None = Field(default=None, foreign_key="matter.id", index=True)
    can_approve: bool = True
    until_on: date | None = None
    note: str = Field(default="", max_length=500)
    status: TermStatus = Field(default=TermStatus.IN_FORCE, sa_type=stored(TermStatus))
    version: int = 1
    granted_by_id: int = Field(foreign_key="app_user.id")
    granted_at: datetime
