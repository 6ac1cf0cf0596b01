"""Values as LEDES text: dates, exact amounts, and the 24 columns of a line."""

from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Final

from core.money import CENT
from ledes.document import LedesInvoice, LedesLine
from ledes.heads import HeadTexts

_MOST_DIGITS: Final = 20  # beyond this `quantize` has no room; no field is as long


def head_columns(invoice: LedesInvoice) -> HeadTexts:
    """Return the ten invoice-level texts: columns 1 to 8, 20 and 24."""
    return (
        day_text(invoice.invoice_date),
        invoice.invoice_number,
        invoice.client_id,
        invoice.law_firm_matter_id,
        number_text(invoice.invoice_total),
        day_text(invoice.billing_start_date),
        day_text(invoice.billing_end_date),
        invoice.invoice_description,
        invoice.law_firm_id,
        invoice.client_matter_id,
    )


def line_columns(head: HeadTexts, line: LedesLine) -> list[str]:
    """Return the 24 texts of a line's row."""
    return [
        *head[:8],
        line.line_item_number,
        line.exp_fee_inv_adj_type.value,
        "" if line.units is None else number_text(line.units),
        number_text(line.adjustment_amount),
        number_text(line.total),
        day_text(line.date),
        line.task_code,
        line.expense_code,
        line.activity_code,
        line.timekeeper_id,
        line.description,
        head[8],
        "" if line.unit_cost is None else number_text(line.unit_cost),
        line.timekeeper_name,
        line.timekeeper_classification,
        head[9],
    ]


@lru_cache(maxsize=4096)
def day_text(day: date) -> str:
    """Return YYYYMMDD."""
    return f"{day.year:04}{day.month:02}{day.day:02}"


@lru_cache(maxsize=16384)
def number_text(number: Decimal) -> str:
    """Return plain digits: two decimals, or as many more as the number needs to stay exact."""
    if not number.is_finite():
        return str(number)
    if number == 0:
        return "0.00"
    in_cents = number.quantize(CENT) if number.adjusted() < _MOST_DIGITS else number
    return f"{in_cents:f}" if in_cents == number else f"{number.normalize():f}"
