"""What a carrier's handler allowed in spite of a guideline, as it was told to the firm."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Index
from sqlmodel import Field

from core.scaled import Scaled
from models.base import Table


class GuidelineException(Table, table=True):
    """One permission. Never changed, only revoked, so that an appeal can quote it later.

    `rule` is the id or the kind of the rules that it lifts; no matter = all of them, no timekeeper = everybody.
    `limit_value` is in the rule's own measure (hours, dollars, days); None = without limit.
    """

    __table_args__ = (Index("ix_guideline_exception_carrier_id", "carrier_id", "revoked_at"),)

    id: int | None = Field(default=None, primary_key=True)
    carrier_id: int = Field(foreign_key="carrier.id")
    rule: str = Field(max_length=80)
    matter_id: int | None = Field(default=None, foreign_key="matter.id")
    timekeeper_id: int | None = Field(default=None, foreign_key="timekeeper.id")
    work_from: date | None = None
    work_to: date | None = None
    limit_value: Decimal | None = Field(default=None, sa_type=Scaled(14, 4))
    handler: str = Field(max_length=120)
    granted_on: date
    reference: str = Field(default="", max_length=255)
    note: str = Field(default="", max_length=500)
    created_by_id: int = Field(foreign_key="app_user.id")
    created_at: datetime
    revoked_by_id: int | None = Field(default=None, foreign_key="app_user.id")
    revoked_at: datetime | None = None
