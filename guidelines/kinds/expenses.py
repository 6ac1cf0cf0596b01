"""Rules about expenses, and about the papers that go with a bill."""

from decimal import Decimal
from typing import ClassVar, Literal

from pydantic import Field

from guidelines.kinds.base import BaseRule, Caps, Codes, Dollars, Measure

_OVERHEAD = frozenset({"E101", "E102", "E103", "E104", "E105", "E106", "E107", "E108", "E109", "E111"})


class NonBillableExpense(BaseRule):
    """Expense codes the carrier calls overhead."""

    title: ClassVar[str] = "Overhead"
    measure: ClassVar[Measure | None] = Measure.DOLLARS
    kind: Literal["non_billable_expense"] = "non_billable_expense"
    codes: Codes = Field(default=_OVERHEAD, title="Codes that are not paid")


class ExpenseUnitCost(BaseRule):
    """Most dollars a unit of an expense, by code, as for a page copied."""

    title: ClassVar[str] = "Cost of a unit"
    measure: ClassVar[Measure | None] = Measure.DOLLARS
    kind: Literal["expense_unit_cost"] = "expense_unit_cost"
    caps: Caps = Field(default_factory=lambda: {"E101": Decimal("0.10")}, title="Most dollars a unit")


class ExpenseTotal(BaseRule):
    """Most dollars of an expense, by code, on one line or over one bill."""

    title: ClassVar[str] = "Total of an expense"
    measure: ClassVar[Measure | None] = Measure.DOLLARS
    kind: Literal["expense_total"] = "expense_total"
    caps: Caps = Field(default_factory=lambda: {"E110": Decimal(500)}, title="Most dollars")
    per: Literal["line", "bill"] = Field(default="bill", title="Counted over")


class ReceiptRequired(BaseRule):
    """Expenses above an amount come with their receipt."""

    title: ClassVar[str] = "Receipt"
    measure: ClassVar[Measure | None] = Measure.DOLLARS
    kind: Literal["receipt_required"] = "receipt_required"
    over: Dollars = Field(default=Decimal(500), title="Needed above")
    codes: Codes = Field(default=frozenset(), title="Only for these codes")


class CarrierPaysDirectly(BaseRule):
    """Bills of vendors above an amount go to the carrier, which pays them itself."""

    title: ClassVar[str] = "Vendors paid by the carrier"
    measure: ClassVar[Measure | None] = Measure.DOLLARS
    kind: Literal["carrier_pays_directly"] = "carrier_pays_directly"
    over: Dollars = Field(default=Decimal(1000), title="Sent on above")
    codes: Codes = Field(
        default=frozenset({"E115", "E116", "E118", "E119", "E120", "E121", "E122", "E123"}), title="Codes of vendors"
    )


class WorkProduct(BaseRule):
    """A document on which more than an amount was billed, under one task, goes with the bill."""

    title: ClassVar[str] = "Work product attached"
    measure: ClassVar[Measure | None] = Measure.DOLLARS
    kind: Literal["work_product"] = "work_product"
    over: Dollars = Field(default=Decimal(1000), title="Needed above")
    codes: Codes = Field(default=frozenset({"A103"}), title="Codes of drafting")
