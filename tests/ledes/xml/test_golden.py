"""The exact bytes of one file a version, each read line by line by a person before it was committed."""

from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest

from ledes.document import LineType
from ledes.formats import LedesFormat
from ledes.xml.reader import stream
from ledes.xml.writer import write
from tests.ledes.builders import make_expense
from tests.ledes.xml.builders import make_xml_discount, make_xml_fee, make_xml_invoice

GOLDEN = Path(__file__).with_name("golden")
PLAIN = make_xml_invoice()
FULL = make_xml_invoice(
    make_xml_fee(
        "1", adjustment_amount=Decimal("-7.50"), description="Draft \u201creply\u201d \u2014 \u00a7 4 & <exhibits>"
    ),
    make_xml_fee(
        "2",
        units=Decimal("0.3"),
        unit_cost=Decimal("190.00"),
        timekeeper_id="TK044",
        timekeeper_name="S\u00f8rensen, Bo",
        timekeeper_last_name="S\u00f8rensen",
        timekeeper_first_name="Bo",
        timekeeper_classification="AS",
    ),
    make_expense("3", task_code="L310"),
    make_xml_discount("4", "-25.00"),
    make_xml_discount("5", "10.00", exp_fee_inv_adj_type=LineType.EXPENSE_ADJUSTMENT),
    vendor_id="OH-4410",
    client_tax_id="04-1234567",
    po_number="PO-77",
    due_date=date(2026, 12, 2),
    payment_terms="Net 30",
    invoice_tax_total=Decimal("0.00"),
    is_final_bill=False,
)
FILES = [
    ("plain_2_0.xml", PLAIN, LedesFormat.XML_2_0),
    ("full_2_1.xml", FULL, LedesFormat.XML_2_1),
    ("replacing_2_2.xml", make_xml_invoice(replaces_invoice="9987", is_final_bill=True), LedesFormat.XML_2_2),
]


@pytest.mark.parametrize(("name", "invoice", "dialect"), FILES, ids=[name for name, *_ in FILES])
def test_write_gives_the_reviewed_bytes(name, invoice, dialect):
    golden = GOLDEN / name
    content = write(invoice, dialect)
    if not golden.exists():
        golden.write_bytes(content)
        pytest.fail(f"{golden} was missing and has been written: read it line by line, then commit it.")
    assert content == golden.read_bytes()


@pytest.mark.parametrize(("name", "invoice", "dialect"), FILES, ids=[name for name, *_ in FILES])
def test_read_gives_the_document_without_a_finding(name, invoice, dialect):
    assert list(stream(BytesIO((GOLDEN / name).read_bytes()))) == [invoice]
