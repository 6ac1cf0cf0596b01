"""Proformas in other hands: forwarded to another attorney for a look, and returned to billing with reasons."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, Index
from sqlmodel import Field

from models.base import Table, stored
from models.enums import ForwardStatus, ReturnReason


class ProformaForward(Table, table=True):
    """One proforma that its owner gave to another attorney with a request; the owner stays responsible."""

    __table_args__ = (
        Index("ix_proforma_forward_to", "to_id", "status"),
        Index("ix_proforma_forward_owner", "owner_id", "status"),
    )

    id: int | None = Field(default=None, primary_key=True)
    proforma_id: int = Field(foreign_key="proforma.id", index=True)
    owner_id: int = Field(foreign_key="app_user.id")
    from_id: int = Field(foreign_key="app_user.id", index=True)
    to_id: int = Field(foreign_key="app_user.id")
    can_approve: bool = False
    note: str = Field(default="", max_length=1000)
    answer: str = Field(default="", max_length=1000)
    status: ForwardStatus = Field(default=ForwardStatus.OPEN, sa_type=stored(ForwardStatus))
    version: int = 1
    forwarded_at: datetime
    ended_at: datetime | None = None


class ProformaReturn(Table, table=True):
    """One return to billing; `changes` says line by line, without narratives, what was mended before it was sent again.

    They are taken from the audit trail when it is sent again.
    """

    __table_args__ = (Index("ix_proforma_return_when", "returned_at"),)

    id: int | None = Field(default=None, primary_key=True)
    proforma_id: int = Field(foreign_key="proforma.id", index=True)
    returned_by_id: int = Field(foreign_key="app_user.id", index=True)
    on_behalf_of_id: int | None = Field(default=None, foreign_key="app_user.id", index=True)
    returned_at: datetime
    note: str = Field(default="", max_length=1000)
    sent_again_at: datetime | None = None
    sent_again_by_id: int | None = Field(default=None, foreign_key="app_user.id", index=True)
    answer: str = Field(default="", max_length=1000)
    changes: list[dict[str, Any]] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))


class ProformaReturnReason(Table, table=True):
    """One reason of a return, about a line by its number, or about the whole bill."""

    __table_args__ = (Index("ix_proforma_return_reason_of", "proforma_return_id", "reason"),)

    id: int | None = Field(default=None, primary_key=True)
    proforma_return_id: int = Field(foreign_key="proforma_return.id")
    reason: ReturnReason = Field(sa_type=stored(ReturnReason))
    line_number: int | None = None
