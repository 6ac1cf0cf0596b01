"""What carriers tell us of their decisions outside their sites: mails, reports, and each result in them."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, BigInteger, Column, Index, Text, UniqueConstraint
from sqlmodel import Field

from core.scaled import money_type
from models.base import Table, stored
from models.enums import ResultMailStatus, ResultStanding


class MailboxState(Table, table=True):
    """How far a mailbox was read, and why it could not be read last; `failure` is '' while all is well.

    `retry_at` is set where the mail server refused us, so that a wrong password does not lock the account.
    """

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=40, unique=True)
    uid_validity: int = Field(default=0, sa_type=BigInteger)
    uid: int = Field(default=0, sa_type=BigInteger)
    read_at: datetime | None = None
    failed_at: datetime | None = None
    retry_at: datetime | None = None
    failure: str = Field(default="", max_length=500)


class ResultMail(Table, table=True):
    """One mail of the mailbox for results. The bytes are in the object store, bound by their SHA-256.

    `fingerprint` tells mails apart by Message-ID, body and trust, so that one delivered twice is kept once and a forged
    one never hides a true one. `note` is what a person must know: why it is not trusted, or what is not understood.
    """

    __table_args__ = (Index("ix_result_mail_status", "status", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    fingerprint: str = Field(max_length=64, unique=True)
    message_id: str = Field(default="", max_length=255)
    uid_validity: int = Field(sa_type=BigInteger)
    uid: int = Field(sa_type=BigInteger)
    carrier_id: int | None = Field(default=None, foreign_key="carrier.id", index=True)
    sender: str = Field(default="", max_length=255)
    subject: str = Field(default="", max_length=500)
    received_at: datetime
    size_bytes: int
    is_whole: bool = True
    is_trusted: bool
    sha256: str = Field(max_length=64)
    object_key: str = Field(max_length=160)
    status: ResultMailStatus = Field(default=ResultMailStatus.UNMATCHED, sa_type=stored(ResultMailStatus))
    note: str = Field(default="", sa_type=Text)
    version: int = 1


class ResultReport(Table, table=True):
    """A table of results that a person exported from a carrier's site; the same bytes count once a carrier."""

    __table_args__ = (UniqueConstraint("carrier_id", "sha256"),)

    id: int | None = Field(default=None, primary_key=True)
    carrier_id: int = Field(foreign_key="carrier.id")
    name: str = Field(max_length=120)
    sha256: str = Field(max_length=64)
    size_bytes: int
    object_key: str = Field(max_length=160)
    applied_by_id: int = Field(foreign_key="app_user.id")
    applied_at: datetime


class CarrierResult(Table, table=True):
    """What a mail or a report says of one invoice, in the carrier's words and ours, and what became of it.

    `told` is the whole of it as JSON, amounts as text; `note` says why it was not recorded.
    """

    id: int | None = Field(default=None, primary_key=True)
    result_mail_id: int | None = Field(default=None, foreign_key="result_mail.id", index=True)
    result_report_id: int | None = Field(default=None, foreign_key="result_report.id", index=True)
    invoice_id: int | None = Field(default=None, foreign_key="invoice.id", index=True)
    invoice_number: str = Field(max_length=80)
    outcome: str = Field(max_length=40)
    amount: Decimal | None = Field(default=None, sa_type=money_type())
    standing: ResultStanding = Field(sa_type=stored(ResultStanding))
    note: str = Field(default="", sa_type=Text)
    told: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    at: datetime
