"""The audit trail: one event a change, written in the transaction of the change, never updated or deleted."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Column, Index, Integer
from sqlmodel import Field

from models.base import Table


class AuditEvent(Table, table=True):
    """Who did what to which record, when, and on whose behalf; `tag` reads 'invoice:finalized'."""

    __table_args__ = (Index("ix_audit_event_subject", "subject_type", "subject_id"),)

    id: int | None = Field(
        default=None,
        sa_column=Column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    )
    at: datetime = Field(index=True)
    tag: str = Field(max_length=80, index=True)
    actor_id: int | None = Field(default=None, foreign_key="app_user.id")
    actor_role: str = Field(max_length=20)
    subject_type: str = Field(max_length=40)
    subject_id: int
    note: str = Field(default="", max_length=1000)
    data: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    correlation_id: str = Field(default="", max_length=40, index=True)
