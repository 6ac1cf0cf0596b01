"""Builders of documents that LEDES XML can carry."""

from dataclasses import replace
from typing import Any

from ledes.document import Contact, LedesInvoice, LedesLine, Party
from ledes.xml.adjustments import DESCRIPTION
from tests.ledes.builders import make_discount, make_expense, make_fee, make_invoice

FIRM = Party(
    name="Whitfield & Crane LLP",
    address_1="200 Market Street",
    address_2="Floor 9",
    city="Columbus",
    state_or_region="OH",
    postcode="43215",
    country="US",
    phone="+1 614 555 0100",
)
CLIENT = Party(
    name="Harbor Mutual Insurance",
    address_1="1 Pier Road",
    city="Boston",
    state_or_region="MA",
    postcode="02110",
    country="US",
)
CONTACT = Contact(last_name="Osei", first_name="Mara", phone="+1 614 555 0101", email="billing@whitfield.example")


def make_xml_fee(number: str = "1", **changes: Any) -> LedesLine:
    """Build the usual fee with its timekeeper's name in two parts, as XML tells it."""
    parts = {"timekeeper_last_name": "Reyes", "timekeeper_first_name": "Ana"}
    return make_fee(number, **(parts | changes))


def make_xml_discount(number: str = "3", amount: str = "-25.00", **changes: Any) -> LedesLine:
    """Build the usual discount with the set phrase that XML's adjustments read as."""
    return make_discount(number, amount, **({"description": DESCRIPTION} | changes))


def make_xml_invoice(*lines: LedesLine, **changes: Any) -> LedesInvoice:
    """Build an invoice of October 2026 with everything that every version wants."""
    invoice = make_invoice(*(lines or (make_xml_fee(), make_expense(), make_xml_discount())))
    whole = replace(
        invoice,
        law_firm=FIRM,
        client=CLIENT,
        billing_contact=CONTACT,
        matter_name="Hale v. Dockside Freight",
        invoice_currency="USD",
        account_type="O",
    )
    return replace(whole, **changes)
