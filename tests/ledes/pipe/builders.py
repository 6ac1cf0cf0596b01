"""Documents with taxes, as LEDES 98BI V2 carries them."""

from decimal import Decimal
from typing import Any

from core.money import line_amount, round_half_up, total
from ledes.document import LedesInvoice, LedesLine, LineType, Party
from tests.ledes.builders import make_discount, make_expense, make_fee, make_invoice


def taxed(line: LedesLine, rate: str = "0.21") -> LedesLine:
    """Return the line with a value added tax inside its total."""
    if line.exp_fee_inv_adj_type in {LineType.FEE, LineType.EXPENSE}:
        net = line.units * line.unit_cost + line.adjustment_amount
        rounded = line_amount(line.units, line.unit_cost, line.adjustment_amount)
    else:
        net = rounded = line.adjustment_amount
    tax = round_half_up(net * Decimal(rate))
    return line._replace(tax_rate=Decimal(rate), tax_total=tax, tax_type="VAT", total=rounded + tax)


def make_taxed_fee(number: str = "1", rate: str = "0.21", **changes: Any) -> LedesLine:
    """Build a fee of 427.50 and 89.78 of tax, with the timekeeper's two names."""
    names = {"timekeeper_last_name": "Reyes", "timekeeper_first_name": "Ana"}
    return taxed(make_fee(number, **(names | changes)), rate)


def make_taxed_invoice(*lines: LedesLine, **changes: Any) -> LedesInvoice:
    """Build an invoice over the lines given, or a fee, an expense and a discount, all taxed at 21 %."""
    chosen = lines or (make_taxed_fee(), taxed(make_expense()), taxed(make_discount()))
    tax = total(line.tax_total for line in chosen if line.tax_total is not None)
    values = {
        "client_tax_id": "NL001234567B01",
        "matter_name": "Hale v. Harbor Mutual",
        "invoice_currency": "EUR",
        "account_type": "O",
        "po_number": "PO-7741",
        "invoice_tax_total": tax,
        "invoice_net_total": total(line.total for line in chosen) - tax,
        "law_firm": Party(name="Brandt & Cole", address_1="1 Quay St", city="Boston", state_or_region="MA",
                          postcode="02110", country="US"),
        "client": Party(name="Harbor Mutual", city="Rotterdam", country="NLD"),
        "invoice_reported_tax_total": Decimal("180.33"),
        "invoice_tax_currency": "USD",
    }  # fmt: skip
    return make_invoice(*chosen, **(values | changes))
