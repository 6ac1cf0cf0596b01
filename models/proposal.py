"""Proposals about a timekeeper's entry: others propose, its timekeeper alone attests."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, Column, Index, Text, UniqueConstraint
from sqlmodel import Field

from core.scaled import units_type
from models.base import Table, stored
from models.enums import ProposalKind, ProposalStatus


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
    status: ProposalStatus = Field(default=ProposalStatus.PROPOSED, sa_type=stored(ProposalStatus))
    version: int = 1
    entered_hours: Decimal = Field(sa_type=units_type())
    given_hours: Decimal = Field(default=Decimal(0), sa_type=units_type())
    proposed_by_id: int = Field(foreign_key="app_user.id")
    proposed_at: datetime
    decided_at: datetime | None = None
    reason: str = Field(default="", max_length=500)


class SplitPart(Table, table=True):
    """One proposed text; hours are None until its timekeeper fills them in, then `proforma_line_id` bills them.

    A part for another matter names it in `matter_id`; attested, it is an entry there, `time_entry_id`.
    """

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
    matter_id: int | None = Field(default=None, foreign_key="matter.id")
    time_entry_id: int | None = Field(default=None, foreign_key="time_entry.id")


class LineProposal(Table, table=True):
    """One proposal about one line: another text, more hours, another day, or that somebody else did the work.

    `timekeeper_id` is who answers: whose line it is or, where the work is said to be another's, that other. Of the
    values `narrative`, `hours` and `worked_on` the one asked for is not null. `reason` says why it is asked, `answer`
    why it was declined. Its line is null once that was taken off the bill.
    """

    __table_args__ = (Index("ix_line_proposal_waiting", "timekeeper_id", "status"),)

    id: int | None = Field(default=None, primary_key=True)
    proforma_id: int = Field(foreign_key="proforma.id", index=True)
    proforma_line_id: int | None = Field(default=None, foreign_key="proforma_line.id", index=True)
    timekeeper_id: int = Field(foreign_key="timekeeper.id")
    kind: ProposalKind = Field(sa_type=stored(ProposalKind))
    status: ProposalStatus = Field(default=ProposalStatus.PROPOSED, sa_type=stored(ProposalStatus))
    version: int = 1
    narrative: str | None = Field(default=None, sa_column=Column(Text, nullable=True))
    hours: Decimal | None = Field(default=None, sa_type=units_type())
    worked_on: date | None = None
    reason: str = Field(default="", max_length=500)
    answer: str = Field(default="", max_length=500)
    proposed_by_id: int = Field(foreign_key="app_user.id")
    proposed_at: datetime
    decided_at: datetime | None = None
