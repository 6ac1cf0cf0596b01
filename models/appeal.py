"""Appeals against a carrier's cuts, and cuts that the firm accepted. Invoice lines stay as they were sent."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Index, Text, UniqueConstraint
from sqlmodel import Field

from core.scaled import money_type
from models.base import Table, stored
from models.enums import AcceptanceStatus, AppealRouteKind, AppealStatus


class Appeal(Table, table=True):
    """One appeal by the route of the carrier's site. `number` counts within the invoice; `due_on` is the last day.

    `asked_amount` and `granted_amount` are the sums of its lines, the second once it was answered.
    """

    __table_args__ = (UniqueConstraint("invoice_id", "number"), Index("ix_appeal_due", "status", "due_on"))

    id: int | None = Field(default=None, primary_key=True)
    invoice_id: int = Field(foreign_key="invoice.id")
    number: int
    route: AppealRouteKind = Field(sa_type=stored(AppealRouteKind))
    status: AppealStatus = Field(default=AppealStatus.DRAFTED, sa_type=stored(AppealStatus))
    version: int = 1
    due_on: date
    asked_amount: Decimal = Field(sa_type=money_type())
    granted_amount: Decimal | None = Field(default=None, sa_type=money_type())
    letter: str = Field(default="", sa_type=Text)
    drafted_by_id: int = Field(foreign_key="app_user.id")
    drafted_at: datetime
    sent_by_id: int | None = Field(default=None, foreign_key="app_user.id")
    sent_at: datetime | None = None
    sent_on: date | None = None
    reference: str = Field(default="", max_length=120)
    answered_on: date | None = None
    answer: str = Field(default="", max_length=1000)


class AppealLine(Table, table=True):
    """One cut that is appealed; no line number = the invoice as a whole."""

    __table_args__ = (UniqueConstraint("appeal_id", "line_number"),)

    id: int | None = Field(default=None, primary_key=True)
    appeal_id: int = Field(foreign_key="appeal.id")
    line_number: int | None = None
    asked_amount: Decimal = Field(sa_type=money_type())
    granted_amount: Decimal | None = Field(default=None, sa_type=money_type())
    reason: str = Field(sa_type=Text)
    exception_id: int | None = Field(default=None, foreign_key="guideline_exception.id")


class AppealDocument(Table, table=True):
    """One paper that goes with an appeal; the bytes are in the object store, bound by their SHA-256.

    One that was removed is marked so, never deleted.
    """

    id: int | None = Field(default=None, primary_key=True)
    appeal_id: int = Field(foreign_key="appeal.id", index=True)
    name: str = Field(max_length=160)
    media_type: str = Field(max_length=40)
    byte_count: int
    object_key: str = Field(max_length=255)
    sha256: str = Field(max_length=64)
    added_by_id: int = Field(foreign_key="app_user.id")
    added_at: datetime
    removed_by_id: int | None = Field(default=None, foreign_key="app_user.id")
    removed_at: datetime | None = None


class CutAcceptance(Table, table=True):
    """Cuts that the firm gives up: a write-off, approved as one. What was billed and what was paid stay untouched."""

    __table_args__ = (Index("ix_cut_acceptance_invoice_id", "invoice_id", "status"),)

    id: int | None = Field(default=None, primary_key=True)
    invoice_id: int = Field(foreign_key="invoice.id")
    status: AcceptanceStatus = Field(default=AcceptanceStatus.PROPOSED, sa_type=stored(AcceptanceStatus))
    version: int = 1
    total_amount: Decimal = Field(sa_type=money_type())
    reason: str = Field(max_length=500)
    proposed_by_id: int = Field(foreign_key="app_user.id")
    proposed_at: datetime
    decided_by_id: int | None = Field(default=None, foreign_key="app_user.id")
    decided_at: datetime | None = None


class CutAcceptanceLine(Table, table=True):
    """What is given up of one invoice line; no line number = what the carrier cut without naming a line."""

    __table_args__ = (UniqueConstraint("cut_acceptance_id", "line_number"),)

    id: int | None = Field(default=None, primary_key=True)
    cut_acceptance_id: int = Field(foreign_key="cut_acceptance.id")
    line_number: int | None = None
    amount: Decimal = Field(sa_type=money_type())
