"""Rules about when a bill comes, which days it covers, and what the carrier has agreed to spend."""

from decimal import Decimal
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from guidelines.kinds.base import BaseRule, Days, Dollars, Given, Measure, ParameterType, Percent, Shares, Switch

Span = Literal["month", "quarter", "year"]
Month = Annotated[int, Field(ge=1, le=12), Given(ParameterType.COUNT)]


class MaxAgeDays(BaseRule):
    """Days between the work and the invoice's date."""

    title: ClassVar[str] = "Old work"
    measure: ClassVar[Measure | None] = Measure.DAYS
    kind: Literal["max_age_days"] = "max_age_days"
    days: Days = Field(default=90, title="Most days")


class MaxInvoiceAge(BaseRule):
    """Days between the invoice's date and the day it is sent."""

    title: ClassVar[str] = "Old invoice"
    measure: ClassVar[Measure | None] = Measure.DAYS
    kind: Literal["max_invoice_age"] = "max_invoice_age"
    days: Days = Field(default=30, title="Most days")


class BillingFrequency(BaseRule):
    """One bill a month or a quarter, not sooner unless it is large or the last, and not late after its period."""

    title: ClassVar[str] = "Billing frequency"
    measure: ClassVar[Measure | None] = Measure.DAYS
    kind: Literal["billing_frequency"] = "billing_frequency"
    every: Span = Field(default="quarter", title="One bill a")
    unless_over: Dollars | None = Field(default=Decimal(5000), title="Sooner when above")
    within_days: Days | None = Field(default=None, title="At the latest after the period's end")


class BillingPeriod(BaseRule):
    """A bill's days stay within one month, quarter or year, and it is not dated before they are over."""

    title: ClassVar[str] = "Billing period"
    kind: Literal["billing_period"] = "billing_period"
    within: Span = Field(default="month", title="Within one")
    year_begins: Month = Field(default=1, title="Month in which the carrier's year begins")
    is_early_refused: Switch = Field(default=True, title="Not before the period is over")


class Budget(BaseRule):
    """Dollars against the budgets that the carrier approved: a notice when little is left, and when it is passed."""

    title: ClassVar[str] = "Budget"
    measure: ClassVar[Measure | None] = Measure.DOLLARS
    kind: Literal["budget"] = "budget"
    notice_percent: Percent = Field(default=Decimal(10), title="Notice when this much is left")
    must_exist: Switch = Field(default=False, title="No bill without a budget")


class TaskShare(BaseRule):
    """Most percent of a bill's fees that a task or a phase may take."""

    title: ClassVar[str] = "Share of a task"
    measure: ClassVar[Measure | None] = Measure.PERCENT
    kind: Literal["task_share"] = "task_share"
    shares: Shares = Field(
        default_factory=lambda: {"L140": Decimal(10), "L190": Decimal(10)}, title="Most percent of the fees"
    )
