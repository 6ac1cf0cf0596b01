"""A document as the text of a LEDES XML file, in the standard's order of segments and elements."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from core.money import ZERO
from ledes.document import Contact, LedesInvoice, LedesLine, LineType, Party
from ledes.findings import Finding
from ledes.formats import LedesFormat
from ledes.xml.ink import Ink
from ledes.xml.timekeepers import split_name

SOURCE_APP: Final = "billing-portal"
APP_VERSION: Final = "1.0"
_ROOTS: Final = {
    LedesFormat.XML_2_0: ("ledesxmlebilling2.0", "http://www.ledes.org/LEDES20.xsd"),
    LedesFormat.XML_2_1: ("ledesxmlebilling2.1", "http://www.ledes.org/LEDES21.xsd"),
    LedesFormat.XML_2_2: ("ledesxmlebilling2.2", "http://www.ledes.org/LEDES22.xsd"),
}
_CATEGORIES: Final = {LineType.FEE_ADJUSTMENT: "Fee", LineType.EXPENSE_ADJUSTMENT: "Exp"}


def render(invoice: LedesInvoice, dialect: LedesFormat) -> tuple[bytes, list[Finding]]:
    """Return the file of an invoice whose lines are numbered ascending, and the characters that XML cannot hold."""
    ink = Ink(next_item=int(invoice.lines[-1].line_item_number) + 1)
    ink.begin(*_ROOTS[dialect])
    ink.begin("firm")
    _firm(ink, invoice)
    ink.begin("client")
    _client(ink, invoice)
    ink.begin("invoice")
    _invoice(ink, invoice)
    ink.begin("matter")
    _matter(ink, invoice)
    for _ in range(5):
        ink.end()
    return ink.content(), ink.findings


def _firm(ink: Ink, invoice: LedesInvoice) -> None:
    ink.put("lf_vendor_id", invoice.vendor_id or invoice.law_firm_id)
    ink.put("lf_id", invoice.law_firm_id if invoice.vendor_id else "")
    ink.put("lf_name", invoice.law_firm.name)
    _address(ink, "lf_address", invoice.law_firm)
    _contact(ink, invoice.billing_contact)
    ink.put("source_app", SOURCE_APP)
    ink.put("app_version", APP_VERSION)
    ink.put_item()


def _client(ink: Ink, invoice: LedesInvoice) -> None:
    ink.put("cl_lf_id", invoice.client_id)
    ink.put("cl_name", invoice.client.name)
    _address(ink, "cl_address", invoice.client)
    ink.put("cl_tax_id", invoice.client_tax_id)
    ink.put_item()


def _address(ink: Ink, name: str, party: Party) -> None:
    ink.begin(name)
    ink.put("address_1", party.address_1)
    ink.put("address_2", party.address_2)
    ink.put("city", party.city)
    ink.put("state_province", party.state_or_region)
    ink.put("zip_postal_code", party.postcode)
    ink.put("country", party.country)
    ink.put("phone", party.phone)
    ink.put_item()
    ink.end()


def _contact(ink: Ink, contact: Contact) -> None:
    ink.begin("lf_billing_contact")
    ink.put("contact_lname", contact.last_name)
    ink.put("contact_fname", contact.first_name)
    ink.put("contact_phone", contact.phone)
    ink.put("contact_email", contact.email)
    ink.put_item()
    ink.end()


def _invoice(ink: Ink, invoice: LedesInvoice) -> None:
    ink.put("inv_id", invoice.invoice_number)
    ink.put("inv_date", invoice.invoice_date)
    ink.put("inv_due_date", invoice.due_date)
    ink.put("inv_currency", invoice.invoice_currency)
    ink.put("inv_start_date", invoice.billing_start_date)
    ink.put("inv_end_date", invoice.billing_end_date)
    ink.put("inv_desc", invoice.invoice_description)
    ink.put("rejected_inv_replacement", "Y" if invoice.replaces_invoice else "")
    ink.put("inv_reference", invoice.replaces_invoice)
    ink.put("inv_payment_terms", invoice.payment_terms)
    ink.put("inv_total_tax", invoice.invoice_tax_total)
    ink.put("inv_total_net_due", invoice.invoice_total)
    ink.put_item()


def _matter(ink: Ink, invoice: LedesInvoice) -> None:
    ink.put("cl_matter_id", invoice.client_matter_id)
    ink.put("lf_matter_id", invoice.law_firm_matter_id)
    ink.put("matter_name", invoice.matter_name)
    ink.put("po_number", invoice.po_number)
    ink.put("account_type", invoice.account_type)
    ink.put("matter_final_bill", {None: "", True: "Y", False: "N"}[invoice.is_final_bill])
    _totals(ink, invoice.lines)
    ink.put_item()
    for line in invoice.lines:
        if line.exp_fee_inv_adj_type in _CATEGORIES:
            _adjustment(ink, line)
    _timekeepers(ink, invoice.lines)
    for kind in (LineType.FEE, LineType.EXPENSE):
        for line in invoice.lines:
            if line.exp_fee_inv_adj_type is kind:
                _charge(ink, line)


def _totals(ink: Ink, lines: Iterable[LedesLine]) -> None:
    made = dict.fromkeys(LineType, ZERO)
    for line in lines:
        made[line.exp_fee_inv_adj_type] += line.total
    fees, expenses = made[LineType.FEE], made[LineType.EXPENSE]
    fee_credits, expense_credits = made[LineType.FEE_ADJUSTMENT], made[LineType.EXPENSE_ADJUSTMENT]
    ink.put("matter_total_detail_fees", fees)
    ink.put("matter_total_detail_exp", expenses)
    ink.put("matter_disc_credit_fees", fee_credits)
    ink.put("matter_disc_credit_exp", expense_credits)
    ink.put("matter_disc_cred_total", fee_credits + expense_credits)
    ink.put("matter_tax_on_fees", ZERO)
    ink.put("matter_tax_on_exp", ZERO)
    ink.put("matter_net_fees", fees + fee_credits)
    ink.put("matter_net_exp", expenses + expense_credits)
    ink.put("matter_total_due", sum(made.values(), ZERO))


def _adjustment(ink: Ink, line: LedesLine) -> None:
    ink.begin("matter_disc_cred")
    ink.put("disc_cred", "MIA")
    ink.put("disc_cred_category", _CATEGORIES[line.exp_fee_inv_adj_type])
    ink.put("increase_decrease", "Decrease" if line.total < 0 else "Increase")
    ink.put("disc_cred_amount", line.total)
    ink.put_item(line.line_item_number)
    ink.end()


def _timekeepers(ink: Ink, lines: Iterable[LedesLine]) -> None:
    """Write each timekeeper once a classification and rate, an expense tells no rate."""
    charged = [line for line in lines if line.exp_fee_inv_adj_type not in _CATEGORIES and line.timekeeper_id]
    rates: dict[tuple[str, str, str, str], dict[Decimal | None, None]] = {}
    for line in charged:
        person = (line.timekeeper_id, *split_name(line), line.timekeeper_classification)
        rate = line.unit_cost if line.exp_fee_inv_adj_type is LineType.FEE else None
        rates.setdefault(person, {})[rate] = None
    for person, of_person in rates.items():
        known = [rate for rate in of_person if rate is not None]
        for rate in known or (None,):
            _timekeeper(ink, person, rate)


def _timekeeper(ink: Ink, person: tuple[str, ...], rate: Decimal | None) -> None:
    ink.begin("tk_sum")
    for name, text in zip(("tk_id", "tk_lname", "tk_fname", "tk_level"), person, strict=True):
        ink.put(name, text)
    ink.put("tk_rate", rate)
    ink.put_item()
    ink.end()


def _charge(ink: Ink, line: LedesLine) -> None:
    is_fee = line.exp_fee_inv_adj_type is LineType.FEE
    ink.begin("fee" if is_fee else "expense")
    ink.put("charge_date", line.date)
    ink.put("tk_id", line.timekeeper_id)
    ink.put("tk_level", line.timekeeper_classification)
    ink.put("charge_desc", line.description)
    ink.put("task_code", line.task_code)
    if is_fee:
        ink.put("task_activity", line.activity_code)
    else:
        ink.put("expense_code", line.expense_code)
    ink.put("charge_type", "U")
    ink.put("units", line.units)
    ink.put("rate", line.unit_cost)
    ink.put("base_amount", line.total - line.adjustment_amount)
    amounts = [("item_disc_cred_amount", line.adjustment_amount), ("total_amount", line.total)]
    for name, amount in amounts if is_fee else reversed(amounts):
        ink.put(name, amount)
    ink.put_item(line.line_item_number)
    ink.end()
