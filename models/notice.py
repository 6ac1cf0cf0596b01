"""What a person is told by the bell: ids and a kind, never a narrative, never a secret."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from models.base import Table, stored
from models.enums import NoticeKind


class Notice(Table, table=True):
    """One thing told to one person, once: `occasion` tells it from others of its kind about the same record.

    `planned_at` is when its messages by e-mail, phone and chat were put into the queue; None = not yet.
    """

    __table_args__ = (
        UniqueConstraint("user_id", "kind", "subject_type", "subject_id", "occasion", name="uq_notice_told_once"),
        Index("ix_notice_unread", "user_id", "read_at"),
        Index("ix_notice_unplanned", "planned_at", "id"),
        Index("ix_notice_subject", "subject_type", "subject_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    user_id: int = Field(foreign_key="app_user.id")
    kind: NoticeKind = Field(sa_type=stored(NoticeKind))
    subject_type: str = Field(max_length=40)
    subject_id: int
    occasion: str = Field(max_length=40)
    created_at: datetime
    read_at: datetime | None = None
    planned_at: datetime | None = None
