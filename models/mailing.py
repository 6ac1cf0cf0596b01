"""Invoices that go by e-mail or on paper: one row an invoice revision, and the batches that were printed."""

from datetime import date, datetime

from sqlalchemy import BigInteger, Index, Text, UniqueConstraint
from sqlmodel import Field

from models.base import Table, stored
from models.enums import DeliveryChannel, MailingStatus, PrintGrouping


class PrintBatch(Table, table=True):
    """Invoices that were printed as one PDF; the bytes are in the object store, bound by their SHA-256."""

    id: int | None = Field(default=None, primary_key=True)
    grouping: PrintGrouping = Field(sa_type=stored(PrintGrouping))
    label: str = Field(max_length=160)
    invoice_count: int
    object_key: str = Field(max_length=255)
    sha256: str = Field(max_length=64)
    made_by_id: int = Field(foreign_key="app_user.id")
    made_at: datetime


class Mailing(Table, table=True):
    """One invoice revision on its way to its payor by e-mail or by post.

    `addresses` and `subject` are what the row was queued with; `attempt` counts the sendings that may have happened, so
    that `message_id` names one of them. `intent_at_ms` is by the database's clock. `object_key` is the mail as it was
    sent, bound by `sha256`; a printed one stands in its batch. `sent_on` is the day it was sent or posted.
    """

    __table_args__ = (
        Index("ix_mailing_due", "channel", "status", "due_at_ms"),
        Index("ix_mailing_invoice", "invoice_id", "status"),
    )

    id: int | None = Field(default=None, primary_key=True)
    invoice_id: int = Field(foreign_key="invoice.id")
    invoice_revision_id: int = Field(foreign_key="invoice_revision.id", unique=True)
    carrier_id: int = Field(foreign_key="carrier.id", index=True)
    channel: DeliveryChannel = Field(sa_type=stored(DeliveryChannel))
    status: MailingStatus = Field(default=MailingStatus.READY, sa_type=stored(MailingStatus))
    version: int = 1
    queued_by_id: int = Field(foreign_key="app_user.id")
    queued_at: datetime
    addresses: str = Field(default="", max_length=500)
    subject: str = Field(default="", max_length=255)
    due_at_ms: int = Field(default=0, sa_type=BigInteger)
    attempt: int = 0
    tries: int = 0
    intent_at_ms: int | None = Field(default=None, sa_type=BigInteger)
    message_id: str = Field(default="", max_length=255)
    object_key: str = Field(default="", max_length=255)
    sha256: str = Field(default="", max_length=64)
    print_batch_id: int | None = Field(default=None, foreign_key="print_batch.id", index=True)
    sent_at: datetime | None = None
    sent_on: date | None = None
    sent_by_id: int | None = Field(default=None, foreign_key="app_user.id")
    note: str = Field(default="", max_length=1000)
    error_code: str = Field(default="", max_length=60)
    error_message: str = Field(default="", max_length=1000)
    correlation_id: str = Field(default="", max_length=40)


class LetterText(Table, table=True):
    """One version of a text of the firm's letters; the newest of a name is in force, none is ever changed."""

    __table_args__ = (UniqueConstraint("name", "number"),)

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=40)
    number: int
    subject: str = Field(max_length=255)
    body: str = Field(sa_type=Text)
    author_id: int = Field(foreign_key="app_user.id")
    note: str = Field(default="", max_length=500)
    created_at: datetime
