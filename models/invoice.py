"""Invoices, their immutable revisions and lines, and the counters that number them without gaps."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import BigInteger, Column, Index, LargeBinary, Text, UniqueConstraint
from sqlmodel import Field

from core.scaled import money_type, unit_cost_type, units_type
from models.base import Table, stored
from models.enums import CashStatus, DecisionStatus, DocumentStatus, EntryKind

_MEBIBYTES_16 = 16 * 1024 * 1024 - 1


class NumberCounter(Table, table=True):
    """The last number given in a series; updated inside the finalising transaction, taken last."""

    series: str = Field(max_length=40, primary_key=True)
    last_number: int = 0


class Invoice(Table, table=True):
    """A bill to one payor. Its number never changes; document, decision and cash are three separate facts.

    `rejection_owner_id` is to whom its rejection was handed on, null while it is anybody's in billing.
    """

    __table_args__ = (
        Index("ix_invoice_decision_due", "decision_status", "decision_due_at_ms"),
        Index("ix_invoice_answered", "decided_at", "carrier_id", "decision_status"),
    )

    id: int | None = Field(default=None, primary_key=True)
    number: str = Field(max_length=20, unique=True)
    proforma_id: int = Field(foreign_key="proforma.id", index=True)
    matter_id: int = Field(foreign_key="matter.id", index=True)
    carrier_id: int = Field(foreign_key="carrier.id", index=True)
    matter_payor_id: int = Field(foreign_key="matter_payor.id")
    replaces_invoice_id: int | None = Field(default=None, foreign_key="invoice.id")
    document_status: DocumentStatus = Field(default=DocumentStatus.OPEN, sa_type=stored(DocumentStatus), index=True)
    decision_status: DecisionStatus = Field(default=DecisionStatus.NONE, sa_type=stored(DecisionStatus))
    cash_status: CashStatus = Field(default=CashStatus.UNPAID, sa_type=stored(CashStatus))
    total_amount: Decimal = Field(sa_type=money_type())
    approved_amount: Decimal | None = Field(default=None, sa_type=money_type())
    revision_number: int = 1
    finalized_by_id: int = Field(foreign_key="app_user.id")
    finalized_at: datetime
    delivered_at: datetime | None = None
    decided_at: datetime | None = None
    decision_due_at_ms: int | None = Field(default=None, sa_type=BigInteger)
    rejection_owner_id: int | None = Field(default=None, foreign_key="app_user.id")
    version: int = 1


class InvoiceRevision(Table, table=True):
    """What was, or will be, sent: the exact bytes, bound by their SHA-256. Never changed, only superseded."""

    __table_args__ = (UniqueConstraint("invoice_id", "number"),)

    id: int | None = Field(default=None, primary_key=True)
    invoice_id: int = Field(foreign_key="invoice.id")
    number: int
    reason: str = Field(default="", max_length=500)
    invoice_date: date
    period_start: date
    period_end: date
    total_amount: Decimal = Field(sa_type=money_type())
    line_count: int
    carrier_profile_version_id: int = Field(foreign_key="carrier_profile_version.id")
    file_name: str = Field(max_length=120)
    file_sha256: str = Field(max_length=64)
    file_content: bytes = Field(sa_column=Column(LargeBinary(_MEBIBYTES_16), nullable=False))
    created_at: datetime


class InvoiceLine(Table, table=True):
    """A snapshot of one billed line; it does not follow later changes of the entry or the proforma.

    One that is not printed counts and is not itemized on paper.
    """

    __table_args__ = (UniqueConstraint("invoice_revision_id", "line_number"),)

    id: int | None = Field(default=None, primary_key=True)
    invoice_revision_id: int = Field(foreign_key="invoice_revision.id")
    line_number: int
    proforma_line_id: int = Field(foreign_key="proforma_line.id")
    kind: EntryKind = Field(sa_type=stored(EntryKind))
    worked_on: date
    timekeeper_code: str = Field(default="", max_length=20)
    timekeeper_name: str = Field(default="", max_length=30)
    timekeeper_classification: str = Field(default="", max_length=10)
    units: Decimal = Field(sa_type=units_type())
    unit_cost: Decimal = Field(sa_type=unit_cost_type())
    adjustment_amount: Decimal = Field(sa_type=money_type())
    total_amount: Decimal = Field(sa_type=money_type())
    task_code: str = Field(default="", max_length=20)
    activity_code: str = Field(default="", max_length=20)
    expense_code: str = Field(default="", max_length=20)
    narrative: str = Field(sa_type=Text)
    is_printed: bool = Field(default=True, sa_column_kwargs={"server_default": "1"})
