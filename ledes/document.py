"""One invoice as LEDES sees it: exact, immutable, independent of any file."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from core.money import ZERO


class LineType(StrEnum):
    """What a line is, in EXP/FEE/INV_ADJ_TYPE."""

    FEE = "F"
    EXPENSE = "E"
    FEE_ADJUSTMENT = "IF"
    EXPENSE_ADJUSTMENT = "IE"


ADJUSTMENTS = frozenset({LineType.FEE_ADJUSTMENT, LineType.EXPENSE_ADJUSTMENT})


class LedesLine(NamedTuple):
    """One line item; a tuple, because a file holds hundreds of thousands. Name the values when making one.

    Attributes:
        line_item_number: unique within its invoice.
        exp_fee_inv_adj_type: fee, expense, or an adjustment of the whole invoice.
        date: day of the work or of the expense.
        units: hours of a fee, count of an expense, at most 4 decimals; None on an adjustment.
        unit_cost: dollars an hour or a unit, at most 4 decimals; None on an adjustment.
        total: dollars and cents, units x unit_cost + adjustment_amount rounded half-up.
        adjustment_amount: dollars added to (or, negative, taken off) the line; the whole amount of an adjustment.
        timekeeper_name: "Last, First".
        timekeeper_classification: PT, AS, OC, LA, OT or a code of the 2014 list.
    """

    line_item_number: str
    exp_fee_inv_adj_type: LineType
    date: date
    units: Decimal | None
    unit_cost: Decimal | None
    total: Decimal
    adjustment_amount: Decimal = ZERO
    task_code: str = ""
    expense_code: str = ""
    activity_code: str = ""
    timekeeper_id: str = ""
    description: str = ""
    timekeeper_name: str = ""
    timekeeper_classification: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LedesInvoice:
    """One invoice of one matter with its lines; amounts in dollars.

    Attributes:
        client_id: the firm's code for the client.
        law_firm_matter_id: the firm's matter number, text: leading zeros count.
        client_matter_id: the carrier's claim or matter number, spelt as its portal spells it.
        law_firm_id: the firm's federal tax id, or what the portal wants in its place.
        invoice_total: sum of the totals of the lines.
    """

    invoice_date: date
    invoice_number: str
    client_id: str
    law_firm_matter_id: str
    invoice_total: Decimal
    billing_start_date: date
    billing_end_date: date
    invoice_description: str
    law_firm_id: str
    client_matter_id: str
    lines: tuple[LedesLine, ...]
