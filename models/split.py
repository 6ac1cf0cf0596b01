"""Proposals to split a block-billed line: others propose the texts, its timekeeper alone gives the hours."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint
from sqlmodel import Field

from core.scaled import units_type
from models.base import Table, stored
from models.enums import SplitStatus


class SplitProposal(Table, table=True):
    """One proposal for one line. `entered_hours` are the line's, `given_hours` the sum of its parts once attested."""

    __table_args__ = (
        Index("ix_split_proposal_waiting", "timekeeper_id", "status"),
        CheckConstraint("given_hours <= entered_hours", name="ck_split_proposal_given_hours"),
    )

    id: int | None = Field(default=None, primary_key=True)
    proforma_id: int = Field(foreign_key="proforma.id", index=True)
    proforma_line_id: int = Field(foreign_key="proforma_line.id", index=True)
    timekeeper_id: int = Field(foreign_key="timekeeper.id")
    status: SplitStatus = Field(default=SplitStatus.PROPOSED, sa_type=stored(SplitStatus))
    version: int = 1
    entered_hours: Decimal = Field(sa_type=units_type())
    given_hours: Decimal = Field(default=Decimal(0), sa_type=units_type())
    proposed_by_id: int = Field(foreign_key="app_user.id")
    proposed_at: datetime
    decided_at: datetime | None = None
    reason: str = Field(default="", max_length=500)


class SplitPart(Table, table=True):
    """One proposed text; hours are None until its timekeeper fills them in, then `proforma_line_id` bills them."""

    __table_args__ = (
        UniqueConstraint("split_proposal_id", "number"),
        CheckConstraint("hours > 0", name="ck_split_part_hours"),
    )

    id: int | None = Field(default=None, primary_key=True)
    split_proposal_id: int = Field(foreign_key="split_proposal.id")
    number: int
    narrative: str = Field(sa_type=Text)
    hours: Decimal | None = Field(default=None, sa_type=units_type())
    proforma_line_id: int | None = Field(default=None, foreign_key="proforma_line.id", index=True)
