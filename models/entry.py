"""Work in progress: time entries and expenses, as worked and as entered."""

from datetime import date, datetime, time
from decimal import Decimal

from sqlalchemy import Index, Text
from sqlmodel import Field

from core.scaled import unit_cost_type, units_type
from models.base import Table, stored
from models.enums import EntryStatus


class TimeEntry(Table, table=True):
    """Hours of one timekeeper on one matter on one day.

    `worked_*` is what was first recorded and never changes; `entered_*` is what the timekeeper attested
    for billing. What was billed stands on the proforma line. `started_at` and `ended_at` are given where the work
    was timed; a time before the start is on the next day. `recorded_on` is the day first recorded, where its timekeeper
    has corrected it since, `recorded_timekeeper_id` whose it was first recorded as, where another has attested it as
    theirs since. A part that went to another matter names the entry that it came from. What a reviewer held
    is not billed before the day `held_until`, and from then on with the next bill, whatever period that is of.
    """

    __table_args__ = (
        Index("ix_time_entry_billable", "status", "worked_on", "matter_id"),
        Index("ix_time_entry_day", "timekeeper_id", "worked_on"),
    )

    id: int | None = Field(default=None, primary_key=True)
    matter_id: int = Field(foreign_key="matter.id", index=True)
    timekeeper_id: int = Field(foreign_key="timekeeper.id")
    worked_on: date
    started_at: time | None = None
    ended_at: time | None = None
    worked_hours: Decimal = Field(sa_type=units_type())
    worked_narrative: str = Field(sa_type=Text)
    entered_hours: Decimal = Field(sa_type=units_type())
    entered_narrative: str = Field(sa_type=Text)
    task_code: str = Field(default="", max_length=20)
    activity_code: str = Field(default="", max_length=20)
    is_confidential: bool = False
    status: EntryStatus = Field(default=EntryStatus.DRAFT, sa_type=stored(EntryStatus))
    version: int = 1
    created_at: datetime
    recorded_on: date | None = None
    recorded_timekeeper_id: int | None = Field(default=None, foreign_key="timekeeper.id")
    transferred_from_id: int | None = Field(default=None, foreign_key="time_entry.id")
    held_until: date | None = None
    hold_reason: str = Field(default="", max_length=500, sa_column_kwargs={"server_default": ""})


class Expense(Table, table=True):
    """A disbursement on a matter: a count of units at a cost each."""

    __table_args__ = (Index("ix_expense_billable", "status", "incurred_on", "matter_id"),)

    id: int | None = Field(default=None, primary_key=True)
    matter_id: int = Field(foreign_key="matter.id", index=True)
    timekeeper_id: int | None = Field(default=None, foreign_key="timekeeper.id")
    incurred_on: date
    units: Decimal = Field(sa_type=units_type())
    unit_cost: Decimal = Field(sa_type=unit_cost_type())
    narrative: str = Field(sa_type=Text)
    expense_code: str = Field(default="", max_length=20)
    status: EntryStatus = Field(default=EntryStatus.DRAFT, sa_type=stored(EntryStatus))
    version: int = 1
    created_at: datetime
    transferred_from_id: int | None = Field(default=None, foreign_key="expense.id")
    held_until: date | None = None
    hold_reason: str = Field(default="", max_length=500, sa_column_kwargs={"server_default": ""})
