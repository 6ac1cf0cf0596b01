"""The practice sites' own reader of LEDES 98BI V2: 52 fields, taxes inside the totals."""

from dataclasses import replace
from decimal import Decimal

import pytest

from sandbox.portals.bill import Finding
from sandbox.portals.checks import check_bill
from sandbox.portals.reader import read_file
from sandbox.portals.readers.layouts import LEDES_98BI_V2
from sandbox.portals.sample_world import CLIENT_TAX_ID, SampleLine, expense_line, sample_ledes, sample_world
from sandbox.portals.world import parse_world

FORMAT = "LEDES98BI V2"
TAXED = [SampleLine(tax_rate="0.21"), expense_line()]


def sample(**changed) -> bytes:
    return sample_ledes("lakeshore-indemnity", layout=LEDES_98BI_V2, **changed)


def findings_of(data: bytes) -> list[Finding]:
    world = parse_world(sample_world())
    reading = read_file(data, FORMAT)
    if reading.bill is None:
        assert reading.findings
        return reading.findings
    carrier = replace(world.carriers["lakeshore-indemnity"], client_tax_id=CLIENT_TAX_ID)
    return check_bill(reading.bill, carrier, world)


def test_read_good_file():
    reading = read_file(sample(lines=TAXED), FORMAT)
    assert reading.findings == []
    assert (reading.bill.total, reading.bill.tax_total, reading.bill.net_total) == (
        Decimal("734.70"),
        Decimal("119.70"),
        Decimal("615.00"),
    )
    assert findings_of(sample(lines=TAXED)) == []
    assert findings_of(sample()) == []


def test_hold_52_fields_in_order():
    assert len(LEDES_98BI_V2.columns) == 52
    assert LEDES_98BI_V2.columns[24] == "PO_NUMBER"
    assert LEDES_98BI_V2.columns[37] == "LAW_FIRM_STATEorREGION"
    assert LEDES_98BI_V2.columns[51] == "INVOICE_TAX_CURRENCY"


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (sample_ledes(), "first line of the file must be LEDES98BI V2[]"),
        (sample().replace(b"STATEorREGION", b"STATE", 1), "52 LEDES 98BI V2 field names"),
        (sample().replace(b"Draft answer", b"Draft|answer"), "The record has 53 fields where 52 are expected."),
        (sample(client_tax_id=""), "Required field is blank."),
        (sample(matter_name=""), "Required field is blank."),
        (sample(invoice_currency=""), "Required field is blank."),
        (sample(timekeeper_last_name=""), "Required field is blank."),
        (sample(line_item_tax_total=""), "Required field is blank."),
        (sample(account_type="X"), "Account type X is not O or T."),
        (sample(invoice_currency="EURO"), "longer than 3 characters"),
        (sample(matter_name="x" * 256), "longer than 255 characters"),
        (sample(line_item_tax_rate="21%"), "LINE_ITEM_TAX_RATE must be digits"),
        (sample().replace(b"|Doe v. Roe|", b"|Roe v. Doe|", 1), "must be the same on every row"),
    ],
)
def test_refuse_file_by_shape(data, text):
    assert text in " ".join(one.text for one in findings_of(data))


@pytest.mark.parametrize(
    ("data", "field", "text"),
    [
        (sample(line_item_tax_total="0.01"), "LINE_ITEM_TAX_TOTAL", "does not equal (units x unit cost"),
        (sample(lines=TAXED, line_item_total="570.00"), "LINE_ITEM_TOTAL", "unit cost + adjustment + tax."),
        (sample(lines=TAXED, invoice_tax_total="119.71"), "INVOICE_TAX_TOTAL", "sum of the line items' taxes"),
        (sample(lines=TAXED, invoice_net_total="734.70"), "INVOICE_NET_TOTAL", "without taxes"),
        (sample(invoice_currency="EUR"), "INVOICE_CURRENCY", "Invoices are accepted in USD only."),
        (sample(client_tax_id="99-9999999"), "CLIENT_TAX_ID", "is not that of Lakeshore Indemnity"),
        (sample(lines=[SampleLine(task="L999")]), "LINE_ITEM_TASK_CODE", "L999 is not in the client's list"),
    ],
)
def test_refuse_bill_by_content(data, field, text):
    found = findings_of(data)
    assert any(one.field == field and text in one.text for one in found), found


def test_take_blank_tax_total_of_invoice():
    assert findings_of(sample(invoice_tax_total="")) == []
