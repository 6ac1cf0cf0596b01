"""The practice sites' own reader of LEDES XML 2.1: segments, order, item numbers, and every stated sum."""

from decimal import Decimal

import pytest

from sandbox.portals.bill import Finding
from sandbox.portals.checks import check_bill
from sandbox.portals.reader import extension, read_file
from sandbox.portals.sample_world import SampleLine, expense_line, sample_world
from sandbox.portals.sample_xml import sample_xml
from sandbox.portals.world import parse_world

FORMAT = "LEDES XML 2.1"
GOOD = sample_xml()
DISCOUNT = (
    b"<matter_disc_cred><disc_cred>MIA</disc_cred><disc_cred_category>Fee</disc_cred_category>"
    b"<increase_decrease>Decrease</increase_decrease><disc_cred_amount>20.00</disc_cred_amount>"
    b"<file_item_nbr>40</file_item_nbr></matter_disc_cred>"
)


def findings_of(data: bytes) -> list[Finding]:
    world = parse_world(sample_world())
    reading = read_file(data, FORMAT)
    if reading.bill is None:
        assert reading.findings
        return reading.findings
    return [*reading.findings, *check_bill(reading.bill, world.carriers["northfork-re"], world)]


def replaced(old: str, new: str, count: int = 1) -> bytes:
    assert old.encode() in GOOD
    return GOOD.replace(old.encode(), new.encode(), count)


def test_read_good_file():
    reading = read_file(GOOD, FORMAT)
    assert findings_of(GOOD) == []
    assert reading.invoice_number == "INV-1001"
    assert reading.bill.total == Decimal("615.00")
    assert [(line.kind, line.number, line.task, line.expense) for line in reading.bill.lines] == [
        ("F", "6", "L210", ""),
        ("E", "7", "", "E112"),
    ]


def test_read_file_without_namespace():
    assert findings_of(replaced(' xmlns="http://www.ledes.org/LEDES21.xsd"', "")) == []


def test_read_characters_outside_ascii():
    line = SampleLine(narrative="Analyze § 343 and the “open and obvious” rule")
    assert findings_of(sample_xml([line])) == []


def test_read_discount_of_matter():
    discounted = GOOD.replace(b"     <fee>", DISCOUNT + b"     <fee>", 1)
    discounted = discounted.replace(b"615.00</inv_total_net_due>", b"595.00</inv_total_net_due>")
    discounted = discounted.replace(b"570.00</matter_net_fees>", b"550.00</matter_net_fees>")
    discounted = discounted.replace(b"615.00</matter_total_due>", b"595.00</matter_total_due>")
    assert findings_of(discounted) == []


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"", "The file is empty."),
        (b"LEDES1998B[]", "not well-formed XML"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>', "document type declaration"),
        (replaced("Draft", "Dr\u0000aft"), "not well-formed XML"),
        (GOOD.replace(b"Draft", b"Dr\xe9ft"), "not UTF-8"),
        (GOOD.replace(b"ledesxmlebilling2.1", b"ledesxmlebilling2.2"), "root of the file must be"),
        (replaced("www.ledes.org", "www.example.org"), "root of the file must be"),
        (GOOD.replace(b"firm>", b"company>"), "must hold a firm segment"),
        (replaced("<lf_name>Hale Whitfield Reyes LLP</lf_name>", ""), "Required element is missing"),
        (replaced("<account_type>O</account_type>", "<account_type></account_type>"), "Required element is missing"),
        (replaced("<account_type>O", "<account_type>Own"), "longer than 1 characters"),
        (replaced("<task_code>L210", "<task_code>L2101234567"), "longer than 10 characters"),
        (replaced("<charge_type>U", "<charge_kind>U</charge_kind><charge_type>U"), "charge_kind is not expected"),
        (replaced("<inv_id>INV-1001</inv_id><inv_date>2026-10-31</inv_date>",
                  "<inv_date>2026-10-31</inv_date><inv_id>INV-1001</inv_id>"), "inv_id is out of order in invoice"),
        (replaced("<file_item_nbr>7", "<file_item_nbr>6"), "File item number 6 is used more than once."),
        (replaced("<file_item_nbr>7</file_item_nbr>", ""), "must end with a whole file_item_nbr"),
        (replaced("<inv_date>2026-10-31", "<inv_date>20261031"), "inv_date must be a real date in the form YYYY-MM-DD"),
        (replaced("<units>2.0", "<units>2,0"), "units must be digits"),
    ],
)  # fmt: skip
def test_refuse_file_by_shape(data, text):
    assert text in " ".join(one.text for one in findings_of(data))


def test_refuse_several_matters():
    matter = GOOD[GOOD.index(b"    <matter>") : GOOD.index(b"   </invoice>")]
    other = matter.replace(b"<file_item_nbr>", b"<file_item_nbr>9")
    text = " ".join(one.text for one in findings_of(GOOD.replace(matter, matter + other)))
    assert "Multi-matter invoices are not accepted." in text


def test_refuse_file_without_lines():
    assert findings_of(sample_xml([]))[0].text == "The file contains no line items."


@pytest.mark.parametrize(
    ("data", "field", "text"),
    [
        (replaced("615.00</inv_total_net_due>", "615.01</inv_total_net_due>"), "inv_total_net_due", "615.00"),
        (replaced("570.00</matter_total_detail_fees>", "570.01</matter_total_detail_fees>"),
         "matter_total_detail_fees", "does not equal"),
        (replaced("45.00</matter_net_exp>", "0.00</matter_net_exp>"), "matter_net_exp", "does not equal"),
        (replaced("<inv_total_tax>0.00", "<inv_total_tax>1.00"), "inv_total_tax", "taxes of its matter"),
        (replaced("<base_amount>570.00", "<base_amount>570.01"), "base_amount", "units x rate"),
        (replaced("<total_amount>570.00", "<total_amount>560.00"), "LINE_ITEM_TOTAL", "units x unit cost"),
        (replaced("<tk_id>TK012</tk_id><tk_lname>", "<tk_id>TK013</tk_id><tk_lname>"), "tk_id", "has no tk_sum"),
        (replaced("<inv_currency>USD", "<inv_currency>EUR"), "INVOICE_CURRENCY", "USD only"),
        (replaced("<cl_lf_id>NFORK", "<cl_lf_id>HARBOR"), "CLIENT_ID", "does not belong to Northfork Re"),
        (replaced("<task_code>L210", "<task_code>L999"), "LINE_ITEM_TASK_CODE", "not in the client's list"),
        (sample_xml([expense_line("E999")]), "LINE_ITEM_EXPENSE_CODE", "not in the client's list"),
    ],
)  # fmt: skip
def test_refuse_bill_by_content(data, field, text):
    found = findings_of(data)
    assert any(one.field == field and text in one.text for one in found), found


@pytest.mark.parametrize(
    ("file_format", "ending"), [("LEDES1998B", ".txt"), ("LEDES98BI V2", ".txt"), (FORMAT, ".xml")]
)
def test_expect_ending_of_file_name(file_format, ending):
    assert extension(file_format) == ending
