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
        total: dollars and cents, units x unit_cost + adjustment_amount rounded half-up, plus tax_total.
        adjustment_amount: dollars added to (or, negative, taken off) the line; the whole amount of an adjustment.
        timekeeper_name: "Last, First".
        timekeeper_classification: PT, AS, OC, LA, OT or a code of the 2014 list.
        tax_rate: 0 to 1, at most 10 decimals (0.21 = 21 %); None where the format has none or it is blank.
        tax_total: dollars and cents of tax inside the line's total; None as above.
        tax_type: VAT, GST, PST, HST or the like.
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
    timekeeper_last_name: str = ""
    timekeeper_first_name: str = ""
    tax_rate: Decimal | None = None
    tax_total: Decimal | None = None
    tax_type: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A firm or a client with its address; '' where nothing is known.

    Attributes:
        country: ISO 3166, two or three letters.
    """

    name: str = ""
    address_1: str = ""
    address_2: str = ""
    city: str = ""
    state_or_region: str = ""
    postcode: str = ""
    country: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """The person at the firm to ask about a bill."""

    last_name: str = ""
    first_name: str = ""
    phone: str = ""
    email: str = ""


NOBODY = Party()
NO_CONTACT = Contact()


@dataclass(frozen=True, slots=True, kw_only=True)
class LedesInvoice:
    """One invoice of one matter with its lines; amounts in `invoice_currency`, dollars when it is not given.

    What only some formats carry has a default that says "not given"; docs/ledes.md lists which format carries what.

    Attributes:
        client_id: the firm's code for the client.
        law_firm_matter_id: the firm's matter number, text: leading zeros count.
        client_matter_id: the carrier's claim or matter number, spelt as its portal spells it.
        law_firm_id: the firm's federal tax id, or what the portal wants in its place.
        invoice_total: sum of the totals of the lines, tax included.
        invoice_tax_total: sum of the lines' taxes; None when not given, as with all optional figures and days.
        invoice_net_total: invoice_total - invoice_tax_total.
        invoice_currency: ISO 4217.
        account_type: O own account, T third party.
        client_tax_id: the client's tax id.
        invoice_reported_tax_total: tax in `invoice_tax_currency`, the currency of the tax office.
        vendor_id: what the client calls the firm.
        replaces_invoice: number of the rejected invoice that this one replaces.
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
    po_number: str = ""
    client_tax_id: str = ""
    matter_name: str = ""
    invoice_tax_total: Decimal | None = None
    invoice_net_total: Decimal | None = None
    invoice_currency: str = ""
    account_type: str = ""
    law_firm: Party = NOBODY
    client: Party = NOBODY
    invoice_reported_tax_total: Decimal | None = None
    invoice_tax_currency: str = ""
    vendor_id: str = ""
    billing_contact: Contact = NO_CONTACT
    due_date: date | None = None
    payment_terms: str = ""
    replaces_invoice: str = ""
    is_final_bill: bool | None = None
