"""What LEDES XML carries of a document, as the file will tell it when it is read again."""

from dataclasses import replace
from typing import Final

from ledes.document import ADJUSTMENTS, LedesInvoice, LedesLine
from ledes.xml.adjustments import DESCRIPTION
from ledes.xml.timekeepers import Person, split_name

INVOICE: Final = (
    "invoice_date",
    "invoice_number",
    "client_id",
    "law_firm_matter_id",
    "invoice_total",
    "billing_start_date",
    "billing_end_date",
    "invoice_description",
    "law_firm_id",
    "client_matter_id",
    "po_number",
    "client_tax_id",
    "matter_name",
    "invoice_tax_total",
    "invoice_currency",
    "account_type",
    *(
        f"{party}.{part}"
        for party in ("law_firm", "client")
        for part in ("name", "address_1", "address_2", "city", "state_or_region", "postcode", "country", "phone")
    ),
    "vendor_id",
    "billing_contact.last_name",
    "billing_contact.first_name",
    "billing_contact.phone",
    "billing_contact.email",
    "due_date",
    "payment_terms",
    "is_final_bill",
)
LINE: Final = (
    "line_item_number",
    "exp_fee_inv_adj_type",
    "units",
    "unit_cost",
    "adjustment_amount",
    "total",
    "date",
    "task_code",
    "expense_code",
    "activity_code",
    "timekeeper_id",
    "description",
    "timekeeper_name",
    "timekeeper_classification",
    "timekeeper_last_name",
    "timekeeper_first_name",
)


def as_carried(invoice: LedesInvoice) -> LedesInvoice:
    """Return the document as a file of it reads.

    It differs from the document itself where XML has no place: an adjustment has neither day nor text of its own (they
    become the end of the period and a set phrase), units and unit cost; names are told as "Last, First" and in their
    two parts at once; taxes of nothing on a line, and the net total, are not told.
    """
    lines = tuple(_line(line, invoice) for line in invoice.lines)
    return replace(invoice, invoice_net_total=None, lines=lines)


def _line(line: LedesLine, invoice: LedesInvoice) -> LedesLine:
    line = line._replace(tax_rate=None, tax_total=None, tax_type="")
    if line.exp_fee_inv_adj_type in ADJUSTMENTS:
        return line._replace(
            date=invoice.billing_end_date,
            description=DESCRIPTION,
            adjustment_amount=line.total,
            units=None,
            unit_cost=None,
        )
    last, first = split_name(line)
    return line._replace(
        timekeeper_name=Person(last, first, "").name, timekeeper_last_name=last, timekeeper_first_name=first
    )
