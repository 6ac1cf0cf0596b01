"""Every value of a document by the name its files give it, so that documents can be compared, shown and completed."""

from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import date
from decimal import Decimal
from operator import attrgetter
from typing import Any, Final, Literal, NamedTuple, cast

from ledes.document import LedesInvoice, LedesLine

Kind = Literal["text", "day", "number", "flag"]
Value = str | date | Decimal | bool | None


class Attribute(NamedTuple):
    """One value of an invoice or of a line.

    Attributes:
        name: LEDES field in capitals; for what only XML carries, the element's name in capitals.
        path: where it is in the document: `invoice_date`, `client.city`.
        kind: what it is.
    """

    name: str
    path: str
    kind: Kind

    def of(self, holder: LedesInvoice | LedesLine) -> Value:
        """Return the value as the invoice or line has it."""
        return cast(Value, attrgetter(self.path)(holder))

    def is_given_in(self, holder: LedesInvoice | LedesLine) -> bool:
        """Tell whether there is a value at all; nothing and an adjustment of 0.00 are the same."""
        value = self.of(holder)
        return value not in ("", None) and not (self.path == "adjustment_amount" and value == 0)


def _party(prefix: str, path: str) -> Iterator[Attribute]:
    parts = ("name", "address_1", "address_2", "city", "state_or_region", "postcode", "country", "phone")
    for part in parts:
        name = "STATEorREGION" if part == "state_or_region" else part.upper()
        yield Attribute(f"{prefix}_{name}", f"{path}.{part}", "text")


INVOICE_ATTRIBUTES: Final = (
    Attribute("INVOICE_DATE", "invoice_date", "day"),
    Attribute("INVOICE_NUMBER", "invoice_number", "text"),
    Attribute("CLIENT_ID", "client_id", "text"),
    Attribute("LAW_FIRM_MATTER_ID", "law_firm_matter_id", "text"),
    Attribute("INVOICE_TOTAL", "invoice_total", "number"),
    Attribute("BILLING_START_DATE", "billing_start_date", "day"),
    Attribute("BILLING_END_DATE", "billing_end_date", "day"),
    Attribute("INVOICE_DESCRIPTION", "invoice_description", "text"),
    Attribute("LAW_FIRM_ID", "law_firm_id", "text"),
    Attribute("CLIENT_MATTER_ID", "client_matter_id", "text"),
    Attribute("PO_NUMBER", "po_number", "text"),
    Attribute("CLIENT_TAX_ID", "client_tax_id", "text"),
    Attribute("MATTER_NAME", "matter_name", "text"),
    Attribute("INVOICE_TAX_TOTAL", "invoice_tax_total", "number"),
    Attribute("INVOICE_NET_TOTAL", "invoice_net_total", "number"),
    Attribute("INVOICE_CURRENCY", "invoice_currency", "text"),
    Attribute("ACCOUNT_TYPE", "account_type", "text"),
    *_party("LAW_FIRM", "law_firm"),
    *_party("CLIENT", "client"),
    Attribute("INVOICE_REPORTED_TAX_TOTAL", "invoice_reported_tax_total", "number"),
    Attribute("INVOICE_TAX_CURRENCY", "invoice_tax_currency", "text"),
    Attribute("LF_VENDOR_ID", "vendor_id", "text"),
    Attribute("CONTACT_LNAME", "billing_contact.last_name", "text"),
    Attribute("CONTACT_FNAME", "billing_contact.first_name", "text"),
    Attribute("CONTACT_PHONE", "billing_contact.phone", "text"),
    Attribute("CONTACT_EMAIL", "billing_contact.email", "text"),
    Attribute("INV_DUE_DATE", "due_date", "day"),
    Attribute("INV_PAYMENT_TERMS", "payment_terms", "text"),
    Attribute("REJECTED_INV_REPLACEMENT", "replaces_invoice", "text"),
    Attribute("MATTER_FINAL_BILL", "is_final_bill", "flag"),
)

LINE_ATTRIBUTES: Final = (
    Attribute("LINE_ITEM_NUMBER", "line_item_number", "text"),
    Attribute("EXP/FEE/INV_ADJ_TYPE", "exp_fee_inv_adj_type", "text"),
    Attribute("LINE_ITEM_NUMBER_OF_UNITS", "units", "number"),
    Attribute("LINE_ITEM_ADJUSTMENT_AMOUNT", "adjustment_amount", "number"),
    Attribute("LINE_ITEM_TOTAL", "total", "number"),
    Attribute("LINE_ITEM_DATE", "date", "day"),
    Attribute("LINE_ITEM_TASK_CODE", "task_code", "text"),
    Attribute("LINE_ITEM_EXPENSE_CODE", "expense_code", "text"),
    Attribute("LINE_ITEM_ACTIVITY_CODE", "activity_code", "text"),
    Attribute("TIMEKEEPER_ID", "timekeeper_id", "text"),
    Attribute("LINE_ITEM_DESCRIPTION", "description", "text"),
    Attribute("LINE_ITEM_UNIT_COST", "unit_cost", "number"),
    Attribute("TIMEKEEPER_NAME", "timekeeper_name", "text"),
    Attribute("TIMEKEEPER_CLASSIFICATION", "timekeeper_classification", "text"),
    Attribute("TIMEKEEPER_LAST_NAME", "timekeeper_last_name", "text"),
    Attribute("TIMEKEEPER_FIRST_NAME", "timekeeper_first_name", "text"),
    Attribute("LINE_ITEM_TAX_RATE", "tax_rate", "number"),
    Attribute("LINE_ITEM_TAX_TOTAL", "tax_total", "number"),
    Attribute("LINE_ITEM_TAX_TYPE", "tax_type", "text"),
)


def with_value(invoice: LedesInvoice, path: str, value: Value) -> LedesInvoice:
    """Return the invoice with one invoice-level value replaced."""
    outer, _, inner = path.partition(".")
    whole: Any = replace(getattr(invoice, outer), **{inner: value}) if inner else value
    return replace(invoice, **{outer: whole})


def blank_of(invoice: LedesInvoice, path: str) -> Value:
    """Return what stands at an invoice-level place of a document that does not give it."""
    outer, _, inner = path.partition(".")
    holder = getattr(invoice, outer) if inner else invoice
    return cast(Value, next(field.default for field in fields(holder) if field.name == (inner or outer)))


def shown_value(value: Value) -> str:
    """Return a value as the pipe formats write it; '' when there is none."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Y" if value else "N"
    if isinstance(value, date):
        return f"{value.year:04}{value.month:02}{value.day:02}"
    if isinstance(value, Decimal):
        return f"{value:f}"
    return str(value)
