"""The submission ledger: the row is the truth of what may have left the firm."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import BigInteger, Index, Text, UniqueConstraint
from sqlmodel import Field

from core.scaled import money_type
from models.base import Table, stored
from models.enums import ReceiptSource, SubmissionStatus


class WorkerProcess(Table, table=True):
    """A worker as its host knows it, so that 'provably dead' can be checked there and nowhere else."""

    __table_args__ = (UniqueConstraint("host", "boot_id", "pid", "process_start"),)

    id: int | None = Field(default=None, primary_key=True)
    host: str = Field(max_length=120)
    boot_id: str = Field(max_length=64)
    pid: int
    process_start: str = Field(max_length=40)
    started_at: datetime


class Submission(Table, table=True):
    """One attempt to place one invoice revision through one site account.

    Every write while a worker owns it carries `fence` and an unexpired `lease_until_ms` (database clock).
    `due_at_ms` says when a worker may next take it. `pdf_sha256` is of the PDF that went along with the file, ''
    where none did.
    """

    __table_args__ = (
        Index("ix_submission_due", "site_account_id", "status", "due_at_ms"),
        Index("ix_submission_board", "status", "carrier_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    invoice_id: int = Field(foreign_key="invoice.id", index=True)
    invoice_revision_id: int = Field(foreign_key="invoice_revision.id", unique=True)
    carrier_id: int = Field(foreign_key="carrier.id")
    site_account_id: int = Field(foreign_key="site_account.id")
    queued_by_id: int = Field(foreign_key="app_user.id")
    status: SubmissionStatus = Field(default=SubmissionStatus.READY, sa_type=stored(SubmissionStatus))
    file_sha256: str = Field(max_length=64)
    pdf_sha256: str = Field(default="", max_length=64, sa_column_kwargs={"server_default": ""})
    fence: int = 0
    lease_until_ms: int | None = Field(default=None, sa_type=BigInteger)
    worker_id: int | None = Field(default=None, foreign_key="worker_process.id")
    due_at_ms: int = Field(default=0, sa_type=BigInteger)
    attempt: int = 0
    intent_step: str = Field(default="", max_length=120)
    intent_at_ms: int | None = Field(default=None, sa_type=BigInteger)
    receipt_number: str = Field(default="", max_length=80)
    receipt_source: ReceiptSource | None = Field(default=None, sa_type=stored(ReceiptSource))
    site_text: str = Field(default="", max_length=1000)
    error_code: str = Field(default="", max_length=60)
    error_message: str = Field(default="", max_length=1000)
    decider_id: int | None = Field(default=None, foreign_key="app_user.id")
    decide_by: datetime | None = None
    created_at: datetime
    delivered_at: datetime | None = None
    correlation_id: str = Field(default="", max_length=40)
    version: int = 1


class Evidence(Table, table=True):
    """One picture or page kept as proof; the bytes stand in the object store under `object_key`."""

    id: int | None = Field(default=None, primary_key=True)
    submission_id: int = Field(foreign_key="submission.id", index=True)
    fence: int
    kind: str = Field(max_length=40)
    label: str = Field(max_length=160)
    media_type: str = Field(max_length=60)
    object_key: str = Field(max_length=255)
    sha256: str = Field(max_length=64)
    taken_at: datetime


class SiteFinding(Table, table=True):
    """What a carrier said about an invoice or one of its lines; `reduction_amount` is what it cut.

    No submission = the invoice went by e-mail or on paper, and a person or a mail told it.
    """

    id: int | None = Field(default=None, primary_key=True)
    invoice_id: int = Field(foreign_key="invoice.id", index=True)
    submission_id: int | None = Field(default=None, foreign_key="submission.id")
    line_number: int | None = None
    code: str = Field(default="", max_length=60)
    message: str = Field(sa_type=Text)
    reduction_amount: Decimal | None = Field(default=None, sa_type=money_type())
    created_at: datetime
