"""Work by the clock: a row for each turn, so that it is done once however many dispatchers run."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from models.base import Table


class ScheduleSlot(Table, table=True):
    """One turn of one schedule, as in ('password-reminders', '2026-11-28T18'); written with the work it stands for."""

    __table_args__ = (UniqueConstraint("name", "slot"),)

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=60)
    slot: str = Field(max_length=40)
    taken_at: datetime
