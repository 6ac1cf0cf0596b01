"""The practice sites' own reader and file checks: what is taken, and every fault that refuses a file."""

from decimal import Decimal

import pytest

from sandbox.portals.bill import Finding, dollars, to_cents
from sandbox.portals.checks import check_bill
from sandbox.portals.reader import read_file
from sandbox.portals.readers.layouts import LEDES_1998B
from sandbox.portals.sample_world import SampleLine, expense_line, sample_ledes, sample_world
from sandbox.portals.world import parse_world

GOOD = sample_ledes()
MAGIC, HEADER = LEDES_1998B.magic, "|".join(LEDES_1998B.columns)


def findings_of(data: bytes, carrier: str = "harbor-mutual") -> list[Finding]:
    world = parse_world(sample_world())
    reading = read_file(data)
    if reading.bill is None:
        assert reading.findings
        return reading.findings
    return check_bill(reading.bill, world.carriers[carrier], world)


def test_read_good_file():
    reading = read_file(GOOD)
    assert reading.findings == []
    assert reading.bill is not None
    assert reading.bill.total == Decimal("615.00")
    assert [line.kind for line in reading.bill.lines] == ["F", "E"]
    assert findings_of(GOOD) == []


def test_read_file_with_bare_line_feeds():
    assert findings_of(GOOD.replace(b"\r\n", b"\n")) == []


def replaced(old: str, new: str) -> bytes:
    assert old.encode() in GOOD
    return GOOD.replace(old.encode(), new.encode())


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"", "The file is empty."),
        (b"\xef\xbb\xbf" + GOOD, "byte order mark"),
        (replaced(MAGIC, "LEDES98BI V2[]"), "first line of the file must be LEDES1998B[]"),
        (replaced("LAW_FIRM_ID|", "LAWFIRM_ID|"), "24 LEDES 1998B field names"),
        ((MAGIC + "\r\n" + HEADER + "[]\r\n").encode(), "no line items"),
        ((MAGIC + "\r\n").encode(), "24 LEDES 1998B field names"),
        (replaced("CLM-HARBOR-1[]", "CLM-HARBOR-1"), "does not end with []"),
        (replaced("Draft answer", "Draft|answer"), "The record has 25 fields where 24 are expected."),
        (replaced("Draft answer", "Draft [answer]"), "not allowed"),
        (replaced("Draft answer", "Draft\tanswer"), "not allowed"),
        (GOOD.replace(b"Draft answer", b"Draft \xe2\x80\x9canswer"), "not ASCII"),
        (replaced("Draft answer to complaint and affirmative defenses", "NULL"), "word NULL"),
        (sample_ledes(invoice_number="X" * 21), "longer than 20 characters"),
        (sample_ledes(invoice_total="$615.00"), "INVOICE_TOTAL must be digits"),
        (sample_ledes(invoice_total="1,615.00"), "INVOICE_TOTAL must be digits"),
        (sample_ledes(invoice_date="2026-10-31"), "INVOICE_DATE must be a real date"),
        (sample_ledes(invoice_date="20260230"), "INVOICE_DATE must be a real date"),
        (sample_ledes(line_item_description=""), "Required field is blank."),
        (GOOD.replace(b"|615.00|", b"|614.00|", 1), "not the same on every row"),
        (GOOD.replace(b"INV-1001", b"INV-1002", 1), "Multi-invoice files are not accepted."),
        (GOOD.replace(b"HARBOR-1|", b"HARBOR-3|", 1), "Multi-matter invoices are not accepted."),
    ],
)
def test_refuse_file_by_shape(data, text):
    assert text in " ".join(one.text for one in findings_of(data))


@pytest.mark.parametrize(
    ("data", "field", "text"),
    [
        (sample_ledes(client_id="SUMMIT"), "CLIENT_ID", "Client id SUMMIT does not belong to Harbor Mutual Insurance."),
        (sample_ledes(law_firm_id="11-1111111"), "LAW_FIRM_ID", "not registered"),
        (sample_ledes(law_firm_matter_id="HARBOR-9"), "LAW_FIRM_MATTER_ID", "unknown or not assigned"),
        (sample_ledes(client_matter_id="clm-harbor-1"), "CLIENT_MATTER_ID", "does not match"),
        (
            sample_ledes(law_firm_matter_id="HARBOR-2", client_matter_id="CLM-HARBOR-2"),
            "LAW_FIRM_MATTER_ID",
            "is closed",
        ),
        (sample_ledes(billing_start_date="20261101"), "BILLING_START_DATE", "after the billing end date"),
        (sample_ledes(line_item_date="20261101"), "LINE_ITEM_DATE", "outside the billing period"),
        (sample_ledes(invoice_total="615.01"), "INVOICE_TOTAL", "does not equal the sum of the line items 615.00."),
        (sample_ledes(line_item_number="1"), "LINE_ITEM_NUMBER", "used more than once"),
        (sample_ledes(line_item_total="570.01"), "LINE_ITEM_TOTAL", "does not equal units x unit cost"),
        (sample_ledes(line_item_total="570.001"), "LINE_ITEM_TOTAL", "not in whole cents"),
        (sample_ledes(lines=[SampleLine(units="-1.0")]), "LINE_ITEM_NUMBER_OF_UNITS", "negative"),
        (sample_ledes(lines=[SampleLine(kind="X")]), "EXP/FEE/INV_ADJ_TYPE", "is not F, E, IF or IE"),
        (sample_ledes(lines=[SampleLine(task="")]), "LINE_ITEM_TASK_CODE", "Task code is missing."),
        (sample_ledes(lines=[SampleLine(task="L999")]), "LINE_ITEM_TASK_CODE", "L999 is not in the client's list"),
        (sample_ledes(lines=[SampleLine(activity="")]), "LINE_ITEM_ACTIVITY_CODE", "Activity code is missing."),
        (sample_ledes(lines=[SampleLine(expense="E101")]), "LINE_ITEM_EXPENSE_CODE", "not allowed on a fee"),
        (sample_ledes(lines=[SampleLine(timekeeper="")]), "TIMEKEEPER_ID", "Timekeeper is required"),
        (sample_ledes(lines=[SampleLine(timekeeper="TK999")]), "TIMEKEEPER_ID", "TK999 is not approved"),
        (sample_ledes(lines=[expense_line("E999")]), "LINE_ITEM_EXPENSE_CODE", "E999 is not in the client's list"),
        (sample_ledes(lines=[expense_line("")]), "LINE_ITEM_EXPENSE_CODE", "Expense code is missing."),
    ],
)
def test_refuse_bill_by_content(data, field, text):
    found = findings_of(data)
    assert any(one.field == field and text in one.text for one in found), found


def test_refuse_timekeeper_before_first_rate():
    line = SampleLine(timekeeper="TK034", worked_on="20251231")
    assert findings_of(sample_ledes(lines=[line]))[0].text == "Timekeeper TK034 is not approved for work on 12/31/2025."


def test_accept_invoice_level_discount():
    discount = SampleLine(kind="IF", units="", unit_cost="0", task="", activity="", timekeeper="")
    assert findings_of(with_discount(discount)) == []


def with_discount(discount: SampleLine) -> bytes:
    rows = sample_ledes(lines=[SampleLine()]).decode().split("\r\n")
    cells = rows[2].split("|")
    cells[8], cells[9], cells[10], cells[11], cells[12] = "2", discount.kind, "", "-50.00", "-50.00"
    cells[14] = cells[16] = cells[17] = cells[20] = ""
    text = "\r\n".join([*rows[:3], "|".join(cells), ""])
    return text.replace("|570.00|20261001|", "|520.00|20261001|").encode()


@pytest.mark.parametrize(
    ("amount", "cents"), [("0.005", 1), ("-0.005", -1), ("1.994999", 199), ("85.505", 8551), ("1000", 100_000)]
)
def test_to_cents_rounds_half_up(amount, cents):
    assert to_cents(Decimal(amount)) == cents


@pytest.mark.parametrize(("cents", "text"), [(123_450, "$1,234.50"), (-5, "-$0.05"), (0, "$0.00")])
def test_dollars_as_sites_write_them(cents, text):
    assert dollars(cents) == text
