"""The calendar of the billing cycle: the dates of each month's bills, and the days on which the firm is closed."""

from datetime import date, datetime

from sqlalchemy import JSON, Column
from sqlmodel import Field

from models.base import Table


class BillingPeriod(Table, table=True):
    """The dates of one month's bills: last day to release time, run, review, and sending.

    They follow from the firm's rule; those that a person moved are named in `moved` and no rule moves them again.
    """

    id: int | None = Field(default=None, primary_key=True)
    starts_on: date = Field(unique=True)
    ends_on: date
    cut_off_on: date = Field(index=True)
    run_on: date
    review_due_on: date
    send_by_on: date
    note: str = Field(default="", max_length=500)
    moved: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    version: int = 1


class ClosingDay(Table, table=True):
    """A day on which the firm is closed, beside weekends and public holidays."""

    id: int | None = Field(default=None, primary_key=True)
    day: date = Field(unique=True)
    name: str = Field(max_length=80)
    created_by_id: int = Field(foreign_key="app_user.id")
    created_at: datetime
