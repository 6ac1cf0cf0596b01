"""Builders of documents and files for the LEDES tests."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from core.money import line_amount, total
from ledes.document import LedesInvoice, LedesLine, LineType


def make_fee(number: str = "1", **changes: Any) -> LedesLine:
    """Build a fee of 1.5 hours at 285.00; its total follows from its figures unless given."""
    line = LedesLine(
        line_item_number=number,
        exp_fee_inv_adj_type=LineType.FEE,
        units=Decimal("1.5"),
        total=Decimal("427.50"),
        date=date(2026, 10, 5),
        task_code="L310",
        activity_code="A103",
        timekeeper_id="TK012",
        description=f"Draft interrogatories, set {number}",
        unit_cost=Decimal("285.00"),
        timekeeper_name="Reyes, Ana",
        timekeeper_classification="PT",
    )
    return _with_total(line._replace(**changes), changes)


def make_expense(number: str = "2", **changes: Any) -> LedesLine:
    """Build court fees of 402.00."""
    line = LedesLine(
        line_item_number=number,
        exp_fee_inv_adj_type=LineType.EXPENSE,
        units=Decimal(1),
        total=Decimal("402.00"),
        date=date(2026, 10, 7),
        expense_code="E112",
        description="Filing fee, county court",
        unit_cost=Decimal("402.00"),
    )
    return _with_total(line._replace(**changes), changes)


def make_discount(number: str = "3", amount: str = "-25.00", **changes: Any) -> LedesLine:
    """Build an invoice-level discount on fees."""
    line = LedesLine(
        line_item_number=number,
        exp_fee_inv_adj_type=LineType.FEE_ADJUSTMENT,
        units=None,
        adjustment_amount=Decimal(amount),
        total=Decimal(amount),
        date=date(2026, 10, 31),
        description="Courtesy discount",
        unit_cost=None,
    )
    return line._replace(**changes)


def make_invoice(*lines: LedesLine, **changes: Any) -> LedesInvoice:
    """Build an invoice of October 2026 over the lines given, or a fee, an expense and a discount."""
    chosen = lines or (make_fee(), make_expense(), make_discount())
    invoice = LedesInvoice(
        invoice_date=date(2026, 11, 2),
        invoice_number="10001",
        client_id="HARBOR",
        law_firm_matter_id="2024-00017",
        invoice_total=total(line.total for line in chosen),
        billing_start_date=date(2026, 10, 1),
        billing_end_date=date(2026, 10, 31),
        invoice_description="Professional services, October 2026",
        law_firm_id="36-4412907",
        client_matter_id="HM-0001",
        lines=chosen,
    )
    return replace(invoice, **changes)


def _with_total(line: LedesLine, changes: dict[str, Any]) -> LedesLine:
    if "total" in changes or line.units is None or line.unit_cost is None:
        return line
    return line._replace(total=line_amount(line.units, line.unit_cost, line.adjustment_amount))
