"""What a carrier approved to be spent on a matter."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Index
from sqlmodel import Field

from core.scaled import money_type
from models.base import Table


class MatterBudget(Table, table=True):
    """One approved budget. Never changed: a new figure takes the old one back and stands beside it.

    `code` is a task (L310), a phase (L300), or '' for the matter as a whole. It is for work of the days `work_from` to
    `work_to`; None = without end on that side. Those in force for one code do not share a day.
    """

    __table_args__ = (Index("ix_matter_budget_matter_id", "matter_id", "carrier_id", "revoked_at"),)

    id: int | None = Field(default=None, primary_key=True)
    matter_id: int = Field(foreign_key="matter.id")
    carrier_id: int = Field(foreign_key="carrier.id")
    code: str = Field(default="", max_length=20)
    amount: Decimal = Field(sa_type=money_type())
    approved_on: date
    work_from: date | None = None
    work_to: date | None = None
    reference: str = Field(default="", max_length=255)
    created_by_id: int = Field(foreign_key="app_user.id")
    created_at: datetime
    revoked_by_id: int | None = Field(default=None, foreign_key="app_user.id")
    revoked_at: datetime | None = None
