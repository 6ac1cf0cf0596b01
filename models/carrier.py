"""Carriers, the sites where they take invoices, the accounts there, their secrets and profiles."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Column, LargeBinary, UniqueConstraint
from sqlmodel import Field

from models.base import Table, stored
from models.enums import DeliveryChannel


class Site(Table, table=True):
    """A web site where invoices are submitted.

    `origin` is scheme, host and port, without a path; `password_days` is how often the site wants a new password.
    `automation_allowed_by` is who at the carrier allowed robots, `form_lane_allowed_by` who allowed plain HTTP within a
    signed-in session; '' where nobody did. `is_walked` is whether the firm wants the site walked through at night.
    """

    id: int | None = Field(default=None, primary_key=True)
    slug: str = Field(max_length=60, unique=True)
    name: str = Field(max_length=120)
    platform: str = Field(max_length=60)
    origin: str = Field(max_length=255)
    automation_allowed_by: str = Field(default="", max_length=255)
    password_days: int | None = None
    form_lane_allowed_by: str = Field(default="", max_length=255)
    is_walked: bool = Field(default=False, sa_column_kwargs={"server_default": "0"})


class SiteAccount(Table, table=True):
    """One log-in at a site; may serve several carriers.

    `fence` grows by one at each claim; `lease_until_ms` is by the database's clock, null when nobody holds it.
    `grid_session` names the browser on a Selenium Grid that works for it, '' where there is none.
    `stopped_code` is the error that paused it, "" when a person did. Of the stored log-in: `login_version` grows by one
    with each change of it, `login_refused_at` is when the site refused it, `login_unanswered` how often it was typed
    without an answer seen, `login_proved_at` when it last let us in, `expires_on` the last day of its password.
    `is_robot` tells that the log-in is one that the carrier gave for machines.
    """

    __table_args__ = (UniqueConstraint("site_id", "label"),)

    id: int | None = Field(default=None, primary_key=True)
    site_id: int = Field(foreign_key="site.id")
    label: str = Field(max_length=80)
    law_firm_id: str = Field(max_length=20)
    fence: int = 0
    lease_until_ms: int | None = Field(default=None, sa_type=BigInteger)
    worker_id: int | None = Field(default=None, foreign_key="worker_process.id")
    paused_at: datetime | None = None
    paused_reason: str = Field(default="", max_length=500)
    resume_at_ms: int | None = Field(default=None, sa_type=BigInteger)
    totp_last_step: int | None = Field(default=None, sa_type=BigInteger)
    last_login_at: datetime | None = None
    grid_session: str = Field(default="", max_length=120)
    stopped_code: str = Field(default="", max_length=60, sa_column_kwargs={"server_default": ""})
    login_version: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    login_refused_at: datetime | None = None
    login_unanswered: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    login_proved_at: datetime | None = None
    expires_on: date | None = None
    is_robot: bool = Field(default=False, sa_column_kwargs={"server_default": "0"})

    @property
    def needs_new_login(self) -> bool:
        """Whether the stored log-in was refused by the site, or may have been, and must not simply be tried again."""
        return self.login_refused_at is not None or self.stopped_code == "login_unanswered"


class AccountSecret(Table, table=True):
    """One sealed credential of an account; `field` is a credential field of the profile, as in 'password'."""

    __table_args__ = (UniqueConstraint("site_account_id", "field"),)

    id: int | None = Field(default=None, primary_key=True)
    site_account_id: int = Field(foreign_key="site_account.id")
    field: str = Field(max_length=40)
    version: int = 1
    key_id: str = Field(max_length=255, index=True)
    wrapped_key: bytes = Field(sa_column=Column(LargeBinary(1024), nullable=False))
    ciphertext: bytes = Field(sa_column=Column(LargeBinary(4096), nullable=False))
    updated_at: datetime
    updated_by_id: int | None = Field(default=None, foreign_key="app_user.id")


class Carrier(Table, table=True):
    """An insurer who gets the bill. `client_code` is its LEDES CLIENT_ID.

    `delivery_channel` is how it takes invoices. `invoice_emails` are addresses with commas between them,
    `postal_address` lines as they stand on an envelope, without its name. `has_ledes_file` adds the LEDES file to an
    e-mail, `has_cover_letter` a letter to an e-mail or an envelope.
    """

    id: int | None = Field(default=None, primary_key=True)
    slug: str = Field(max_length=60, unique=True)
    name: str = Field(max_length=120)
    client_code: str = Field(max_length=20, unique=True)
    site_account_id: int = Field(foreign_key="site_account.id", index=True)
    paused_at: datetime | None = None
    paused_reason: str = Field(default="", max_length=500)
    delivery_channel: DeliveryChannel = Field(
        default=DeliveryChannel.SITE,
        sa_type=stored(DeliveryChannel),
        sa_column_kwargs={"server_default": DeliveryChannel.SITE.value},
    )
    invoice_emails: str = Field(default="", max_length=500, sa_column_kwargs={"server_default": ""})
    postal_address: str = Field(default="", max_length=500, sa_column_kwargs={"server_default": ""})
    has_ledes_file: bool = Field(default=False, sa_column_kwargs={"server_default": "0"})
    has_cover_letter: bool = Field(default=True, sa_column_kwargs={"server_default": "1"})


class CarrierProfileVersion(Table, table=True):
    """One version of a carrier's record; exactly one a carrier is active. `document` is a CarrierProfile as JSON."""

    __table_args__ = (UniqueConstraint("carrier_id", "number"),)

    id: int | None = Field(default=None, primary_key=True)
    carrier_id: int = Field(foreign_key="carrier.id")
    number: int
    author_id: int | None = Field(default=None, foreign_key="app_user.id")
    note: str = Field(default="", max_length=500)
    is_active: bool = Field(default=False, index=True)
    document: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    created_at: datetime
