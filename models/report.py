"""Reports that somebody kept: their filters, who gets them by mail and when, and each mail that was sent."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Column, Index, UniqueConstraint
from sqlmodel import Field

from models.base import Table, stored
from models.enums import Cadence


class SavedReport(Table, table=True):
    """One report with its filters under a name; shared ones are seen by everybody, with their own rights.

    `report` is the name of a report, or '' for the page as a whole. `filters` are those of the page's address.
    """

    __table_args__ = (UniqueConstraint("owner_id", "name"),)

    id: int | None = Field(default=None, primary_key=True)
    owner_id: int = Field(foreign_key="app_user.id")
    name: str = Field(max_length=80)
    report: str = Field(default="", max_length=40)
    filters: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    is_shared: bool = False
    version: int = 1
    created_at: datetime
    removed_at: datetime | None = None


class ReportSchedule(Table, table=True):
    """A saved report that one person gets by mail; `token` is what the mail's link to end it carries."""

    __table_args__ = (Index("ix_report_schedule_running", "ended_at", "cadence"),)

    id: int | None = Field(default=None, primary_key=True)
    saved_report_id: int = Field(foreign_key="saved_report.id", index=True)
    user_id: int = Field(foreign_key="app_user.id", index=True)
    cadence: Cadence = Field(sa_type=stored(Cadence))
    token: str = Field(max_length=64, unique=True)
    created_at: datetime
    ended_at: datetime | None = None


class ReportMail(Table, table=True):
    """One turn of a schedule, as in '2026-W48': at most one mail, whatever happens to who sends it.

    `intent_at_ms` is set before it is sent and taken back where it surely was not; `sent_at` when it was. One with an
    intent alone may have been sent and is never sent again. `due_at_ms` is by the database's clock; 0 = given up.
    """

    __table_args__ = (
        UniqueConstraint("report_schedule_id", "slot"),
        Index("ix_report_mail_due", "sent_at", "intent_at_ms", "due_at_ms"),
    )

    id: int | None = Field(default=None, primary_key=True)
    report_schedule_id: int = Field(foreign_key="report_schedule.id")
    slot: str = Field(max_length=20)
    due_at_ms: int = Field(default=0, sa_type=BigInteger)
    tries: int = 0
    intent_at_ms: int | None = Field(default=None, sa_type=BigInteger)
    sent_at: datetime | None = None
    message_id: str = Field(default="", max_length=255)
    error_message: str = Field(default="", max_length=1000)
    created_at: datetime
