"""How the firm reviews: when a proforma is urgent, who is reminded when, its closing days, how much at once."""

from datetime import datetime
from decimal import Decimal

from sqlmodel import Field

from core.scaled import money_type
from models.base import Table


class ReviewPolicy(Table, table=True):
    """The firm's one row, there as soon as an administrator changed something. Days are business days.

    Reminders go out from `remind_from_hour` until before `remind_until_hour` by the firm's clock. `most_amount` is the
    most that anybody approves at once.
    """

    id: int | None = Field(default=None, primary_key=True)
    urgent_after_days: int
    is_reminding: bool
    remind_after_days: int
    remind_every_days: int
    escalate_after_days: int
    remind_from_hour: int
    remind_until_hour: int
    can_forward_authority: bool
    most_amount: Decimal = Field(sa_type=money_type())
    version: int = 1
    updated_by_id: int = Field(foreign_key="app_user.id")
    updated_at: datetime


class ReviewCap(Table, table=True):
    """The dollars up to which a person approves clean proformas at once, as chosen by that person."""

    user_id: int = Field(foreign_key="app_user.id", primary_key=True)
    cap_amount: Decimal = Field(sa_type=money_type())
