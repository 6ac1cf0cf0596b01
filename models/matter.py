"""Matters, who pays for them, and what an hour costs."""

from datetime import date
from decimal import Decimal

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from core.scaled import Scaled, unit_cost_type
from models.base import Table, stored
from models.enums import BillingFrequency, MatterStatus


class Matter(Table, table=True):
    """One case; `number` is the firm's own, leading zeros count.

    Nothing of it is billed before the day `billing_hold_until`; `billing_held_from` is when the last hold began, and
    stays when it has ended.
    """

    id: int | None = Field(default=None, primary_key=True)
    number: str = Field(max_length=20, unique=True)
    name: str = Field(max_length=160)
    status: MatterStatus = Field(default=MatterStatus.OPEN, sa_type=stored(MatterStatus))
    responsible_attorney_id: int = Field(foreign_key="app_user.id", index=True)
    opened_on: date
    closed_on: date | None = None
    version: int = Field(default=1, sa_column_kwargs={"server_default": "1"})
    billing_frequency: BillingFrequency = Field(
        default=BillingFrequency.MONTHLY,
        sa_type=stored(BillingFrequency),
        sa_column_kwargs={"server_default": BillingFrequency.MONTHLY.value},
    )
    billing_hold_until: date | None = Field(default=None, index=True)
    billing_hold_reason: str = Field(default="", max_length=500, sa_column_kwargs={"server_default": ""})
    billing_held_from: date | None = None


class MatterPayor(Table, table=True):
    """A dated share of a matter's bills. Fee and expense percents of the rows in force add up to 100 each."""

    __table_args__ = (UniqueConstraint("matter_id", "carrier_id", "effective_from"),)

    id: int | None = Field(default=None, primary_key=True)
    matter_id: int = Field(foreign_key="matter.id", index=True)
    carrier_id: int = Field(foreign_key="carrier.id", index=True)
    claim_number: str = Field(max_length=20)
    fee_percent: Decimal = Field(sa_type=Scaled(7, 4))
    expense_percent: Decimal = Field(sa_type=Scaled(7, 4))
    effective_from: date
    effective_to: date | None = None


class Rate(Table, table=True):
    """Dollars an hour on the dates given.

    Looked up by date of work, most special first: carrier + timekeeper, carrier + classification,
    then the firm's own (no carrier) by timekeeper, by classification. A missing rate blocks billing.
    `notified_on` is the day on which the carrier was told of it, where that is known.
    """

    __table_args__ = (Index("ix_rate_lookup", "carrier_id", "timekeeper_id", "classification", "effective_from"),)

    id: int | None = Field(default=None, primary_key=True)
    carrier_id: int | None = Field(default=None, foreign_key="carrier.id")
    timekeeper_id: int | None = Field(default=None, foreign_key="timekeeper.id")
    classification: str | None = Field(default=None, max_length=10)
    hourly_amount: Decimal = Field(sa_type=unit_cost_type())
    effective_from: date
    effective_to: date | None = None
    notified_on: date | None = None
