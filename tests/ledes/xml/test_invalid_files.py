"""Each fault made in a reviewed file and found again; rows are those of golden/full_2_1.xml, counted by hand."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest

from ledes.document import LedesInvoice
from ledes.file_format import STANDARD, FileFormat, Verdict
from ledes.findings import Finding, Severity
from ledes.findings import FindingCode as Code
from ledes.xml.reader import stream
from ledes.xml.tree import LONGEST_TEXT

VALID = (Path(__file__).with_name("golden") / "full_2_1.xml").read_bytes()
LINES = VALID.split(b"\n")
TODAY = date(2026, 11, 3)


def find(content: bytes, file_format: FileFormat = STANDARD) -> list[Finding]:
    """Return the findings of a file by row and column."""
    items = stream(BytesIO(content), file_format, today=TODAY)
    found = [one for one in items if isinstance(one, Finding)]
    return sorted(found, key=lambda one: (one.row, one.column))


def places(content: bytes, file_format: FileFormat = STANDARD) -> list[tuple[Code, int, str]]:
    """Return code, row and field of each finding."""
    return [(one.code, one.row, one.field) for one in find(content, file_format)]


def read(content: bytes) -> list[LedesInvoice]:
    """Return the invoices of a file."""
    return [one for one in stream(BytesIO(content), today=TODAY) if isinstance(one, LedesInvoice)]


def with_row(row: int, change: Callable[[bytes], bytes]) -> bytes:
    """Return the valid file with one row (from 1) changed."""
    lines = list(LINES)
    lines[row - 1] = change(lines[row - 1])
    return b"\n".join(lines)


def with_text(row: int, text: str) -> bytes:
    """Return the valid file with another text in the element of a row."""

    def change(line: bytes) -> bytes:
        start, rest = line.split(b">", 1)
        return start + b">" + text.encode() + rest[rest.rindex(b"</") :]

    return with_row(row, change)


def without(*rows: int) -> bytes:
    """Return the valid file without some rows (from 1)."""
    return b"\n".join(line for row, line in enumerate(LINES, start=1) if row not in rows)


def after(row: int, text: str) -> bytes:
    """Return the valid file with a row added behind another."""
    return b"\n".join([*LINES[:row], text.encode(), *LINES[row:]])


CASES = [
    ("number of the invoice blank", with_text(41, ""), Code.REQUIRED_MISSING, 41, "inv_id"),
    ("number of the invoice missing", without(41), Code.REQUIRED_MISSING, 40, "inv_id"),
    ("total missing", without(50), Code.REQUIRED_MISSING, 40, "inv_total_net_due"),
    ("no item number", without(113), Code.REQUIRED_MISSING, 100, "file_item_nbr"),
    ("item number twice", with_text(128, "1"), Code.DUPLICATE_LINE_NUMBER, 128, "file_item_nbr"),
    ("item number of a segment twice", with_text(90, "7"), Code.DUPLICATE_LINE_NUMBER, 90, "file_item_nbr"),
    ("item number is no number", with_text(113, "1a"), Code.BAD_NUMBER, 113, "file_item_nbr"),
    ("date as between pipes", with_text(101, "20261005"), Code.BAD_DATE, 101, "charge_date"),
    ("date in words", with_text(101, "5 Oct 2026"), Code.BAD_DATE, 101, "charge_date"),
    ("no such day", with_text(45, "2026-02-30"), Code.BAD_DATE, 45, "inv_start_date"),
    ("date missing", without(101), Code.REQUIRED_MISSING, 100, "charge_date"),
    ("period reversed", with_text(45, "2026-11-30"), Code.PERIOD_REVERSED, 45, "inv_start_date"),
    ("line outside period", with_text(116, "2026-09-30"), Code.DATE_OUTSIDE_PERIOD, 116, "charge_date"),
    ("dollar and comma", with_text(50, "$1,200.00"), Code.BAD_NUMBER, 50, "inv_total_net_due"),
    ("number in brackets", with_text(111, "(7.50)"), Code.BAD_NUMBER, 111, "item_disc_cred_amount"),
    ("non-ASCII digits", with_text(108, "\u0661"), Code.BAD_NUMBER, 108, "units"),
    ("five decimals", with_text(108, "1.50001"), Code.TOO_MANY_DECIMALS, 108, "units"),
    ("thirteen digits", with_text(68, "1234567890123.00"), Code.TOO_LONG, 68, "matter_total_due"),
    ("fraction of a cent", with_text(112, "420.001"), Code.FRACTION_OF_CENT, 112, "total_amount"),
    ("negative units", with_text(108, "-1.50"), Code.NEGATIVE_UNITS, 108, "units"),
    ("units missing", without(108), Code.REQUIRED_MISSING, 100, "units"),
    ("base amount off by a cent", with_text(110, "427.51"), Code.LINE_MATH, 110, "base_amount"),
    ("line total off by a cent", with_text(112, "420.01"), Code.LINE_MATH, 112, "total_amount"),
    ("fees total off", with_text(59, "477.01"), Code.TOTAL_WRONG, 59, "matter_total_detail_fees"),
    ("expenses total off", with_text(60, "402.01"), Code.TOTAL_WRONG, 60, "matter_total_detail_exp"),
    ("fee credits off", with_text(61, "25.00"), Code.TOTAL_WRONG, 61, "matter_disc_credit_fees"),
    ("expense credits off", with_text(62, "0.00"), Code.TOTAL_WRONG, 62, "matter_disc_credit_exp"),
    ("credits total off", with_text(63, "-35.00"), Code.TOTAL_WRONG, 63, "matter_disc_cred_total"),
    ("tax that no line has", with_text(64, "10.00"), Code.TAX_TOTAL_WRONG, 64, "matter_tax_on_fees"),
    ("net fees off", with_text(66, "477.00"), Code.TOTAL_WRONG, 66, "matter_net_fees"),
    ("net expenses off", with_text(67, "402.00"), Code.TOTAL_WRONG, 67, "matter_net_exp"),
    ("matter total off", with_text(68, "864.01"), Code.TOTAL_WRONG, 68, "matter_total_due"),
    ("invoice total off by a cent", with_text(50, "864.01"), Code.TOTAL_WRONG, 50, "inv_total_net_due"),
    ("invoice tax off", with_text(49, "1.00"), Code.TAX_TOTAL_WRONG, 49, "inv_total_tax"),
    ("fee without task", without(105), Code.TASK_MISSING, 100, "task_code"),
    ("activity without task", with_text(105, ""), Code.ACTIVITY_WITHOUT_TASK, 106, "task_activity"),
    ("fee without activity", without(106), Code.ACTIVITY_MISSING, 100, "task_activity"),
    ("fee without timekeeper", with_text(102, ""), Code.TIMEKEEPER_MISSING, 102, "tk_id"),
    ("expense without code", without(134), Code.EXPENSE_CODE_MISSING, 130, "expense_code"),
    ("unknown code", with_text(105, "L999"), Code.UNKNOWN_CODE, 105, "task_code"),
    ("eleven-character code", with_text(105, "L1234567890"), Code.TOO_LONG, 105, "task_code"),
    ("26-character vendor id", with_text(4, "X" * 26), Code.TOO_LONG, 4, "lf_vendor_id"),
    ("NULL word", with_text(102, "null"), Code.NULL_WORD, 102, "tk_id"),
    ("padded value", with_text(102, " TK012 "), Code.PADDED_VALUE, 102, "tk_id"),
    ("no narrative", without(104), Code.REQUIRED_MISSING, 100, "charge_desc"),
    ("unknown charge type", with_text(107, "H"), Code.UNKNOWN_VALUE, 107, "charge_type"),
    ("unknown category", with_text(72, "Tax"), Code.UNKNOWN_VALUE, 72, "disc_cred_category"),
    ("unknown direction", with_text(73, "Down"), Code.UNKNOWN_VALUE, 73, "increase_decrease"),
    ("discount written positive", with_text(74, "25.00"), Code.ADJUSTMENT_SIGN, 74, "disc_cred_amount"),
    ("discount without amount", without(74), Code.REQUIRED_MISSING, 70, "disc_cred_amount"),
    ("unknown account type", with_text(57, "X"), Code.BAD_ACCOUNT_TYPE, 57, "account_type"),
    ("currency in words", with_text(44, "usd"), Code.BAD_CURRENCY, 44, "inv_currency"),
    ("final bill in words", with_text(58, "?"), Code.UNKNOWN_VALUE, 58, "matter_final_bill"),
    ("unknown element", after(103, "<mood>good</mood>"), Code.UNKNOWN_ELEMENT, 104, "mood"),
    ("element inside a text", with_text(104, "Draft <b>reply</b>"), Code.UNKNOWN_ELEMENT, 104, "b"),
    ("element out of order", after(104, "<tk_level>PT</tk_level>"), Code.ELEMENT_ORDER, 105, "tk_level"),
    ("element twice", after(103, "<tk_level>AS</tk_level>"), Code.REPEATED_ELEMENT, 104, "tk_level"),
    ("firm without a name", without(6), Code.REQUIRED_MISSING, 3, "lf_name"),
    ("firm without a number", without(4, 5), Code.REQUIRED_MISSING, 3, "lf_vendor_id"),
    ("client without a number", without(28), Code.REQUIRED_MISSING, 27, "cl_lf_id"),
    ("contact without address", without(21), Code.REQUIRED_MISSING, 17, "contact_email"),
    ("timekeeper without a name", without(86), Code.REQUIRED_MISSING, 84, "tk_lname"),
    ("matter without the carrier's number", without(53), Code.REQUIRED_MISSING, 52, "cl_matter_id"),
    ("no lines", without(*range(70, 143)), Code.NO_LINES, 52, "matter"),
    ("no firm", without(*range(3, 147)), Code.NO_LINES, 0, ""),
    ("wrong encoding declared", VALID.replace(b"UTF-8", b"ISO-8859-1", 1), Code.WRONG_ENCODING, 1, ""),
    ("UTF-16", VALID.decode().encode("utf-16"), Code.WRONG_ENCODING, 1, ""),
    ("encoding of nobody", VALID.replace(b"UTF-8", b"UT.-8", 1), Code.WRONG_ENCODING, 1, ""),
    ("encoding of several bytes", VALID.replace(b"UTF-8", b"shift_jis", 1), Code.NOT_LEDES, 0, ""),
    ("nothing", b"", Code.NOT_LEDES, 0, ""),
    ("Latin-1 bytes", VALID.replace("\u00f8".encode(), b"\xf8"), Code.WRONG_ENCODING, 94, ""),
    ("tag not closed", without(114), Code.MALFORMED_XML, 142, ""),
    ("breaks off", b"\n".join(LINES[:120]), Code.MALFORMED_XML, 120, ""),
    ("ampersand bare", with_text(104, "Smith & Sons"), Code.MALFORMED_XML, 104, ""),
    ("entity of HTML", with_text(104, "Smith&nbsp;Sons"), Code.MALFORMED_XML, 104, ""),
    ("control character", with_text(104, "Smith\u0007Sons"), Code.MALFORMED_XML, 104, ""),
    ("text behind the end", VALID + b"<firm/>", Code.MALFORMED_XML, 148, ""),
    ("DOCTYPE", after(1, '<!DOCTYPE x [<!ENTITY a "b">]>'), Code.ENTITY_DECLARED, 2, ""),
    ("DOCTYPE elsewhere", after(1, '<!DOCTYPE x SYSTEM "http://127.0.0.1/x.dtd">'), Code.ENTITY_DECLARED, 2, ""),
    ("nested deeply", after(103, "<a>" * 70 + "</a>" * 70), Code.TOO_DEEP, 104, "a"),
    ("another XML", b"<html><body/></html>", Code.NOT_LEDES, 1, ""),
    ("XML 2000", b"<?xml version='1.0'?>\n<ledesxml><firm/></ledesxml>", Code.UNSUPPORTED_FORMAT, 2, ""),
    ("XML 2000 with DTD", b"<!DOCTYPE ledesxml SYSTEM 'x'><ledesxml/>", Code.UNSUPPORTED_FORMAT, 1, ""),
]


@pytest.mark.parametrize(("content", "code", "row", "field"), [case[1:] for case in CASES], ids=[c[0] for c in CASES])
def test_reader_finds_each_fault(content, code, row, field):
    assert (code, row, field) in places(content)


@pytest.mark.parametrize("name", ["unknown code", "padded value", "unknown element", "fee without activity"])
def test_reader_finds_nothing_else(name):
    content = next(case[1] for case in CASES if case[0] == name)
    assert len(find(content)) == 1


def test_reader_names_place_value_and_byte():
    (finding,) = find(with_text(105, "L999"))
    assert (finding.row, finding.column, finding.value) == (105, 13, "L999")
    assert with_text(105, "L999")[finding.offset :].startswith(b"<task_code>L999")


def test_reader_reports_every_fault_in_one_pass():
    lines = list(LINES)
    lines[100] = b"<charge_date>soon</charge_date>"
    lines[107] = b"<units>many</units>"
    lines[116] = b"<tk_id/>"
    assert [(code, row) for code, row, _ in places(b"\n".join(lines))] == [
        (Code.BAD_DATE, 101),
        (Code.BAD_NUMBER, 108),
        (Code.TIMEKEEPER_MISSING, 117),
    ]


def test_unreadable_line_is_left_out_and_sums_are_not_held_against_it():
    content = with_text(108, "many")
    assert places(content) == [(Code.BAD_NUMBER, 108, "units")]
    assert [line.line_item_number for line in read(content)[0].lines] == ["2", "3", "4", "5"]


def test_unknown_element_is_named_once_and_skipped_with_all_inside():
    content = after(103, "<x><tk_id>NO</tk_id></x>").replace(b"</expense>", b"<x/></expense>")
    assert places(content) == [(Code.UNKNOWN_ELEMENT, 104, "x")]
    assert read(content) == read(VALID)


def test_warnings_leave_the_file_valid():
    for name in ("date as between pipes", "unknown element", "element out of order", "discount written positive"):
        content = next(case[1] for case in CASES if case[0] == name)
        found = [one for one in find(content) if one.code is not Code.REPEATED_ELEMENT]
        assert {one.severity for one in found} == {Severity.WARNING}, name


def test_invoices_before_a_break_are_kept():
    whole = VALID.replace(b"</firm>\n</ledesxmlebilling2.1>\n", b"</firm>\n<firm><client></firm>")
    items = list(stream(BytesIO(whole), today=TODAY))
    assert len([one for one in items if isinstance(one, LedesInvoice)]) == 1
    assert [one.code for one in items if isinstance(one, Finding)] == [Code.MALFORMED_XML]


def test_text_without_end_is_cut_and_reported():
    content = with_text(104, "x" * (LONGEST_TEXT * 2))
    assert places(content) == [(Code.TOO_LONG, 104, "charge_desc"), (Code.REQUIRED_MISSING, 104, "charge_desc")]


def test_comment_without_end_stops_the_reading():
    content = VALID[:500] + b"<!--" + b"x\n" * 1_200_000
    assert places(content)[0][0] is Code.MALFORMED_XML


def two_matters() -> bytes:
    """Return the file with its matter twice in one invoice; the second has numbers of its own."""
    matter = b"\n".join(LINES[51:143])
    for number in (*range(12, 15), *range(1, 6)):
        matter = matter.replace(f"nbr>{number}<".encode(), f"nbr>{number + 50}<".encode())
    lines = [*LINES[:143], *matter.replace(b"2024-00017", b"2024-00018").split(b"\n"), *LINES[143:]]
    return b"\n".join(lines).replace(b"due>864.00</inv", b"due>1728.00</inv")


def test_several_matters_become_an_invoice_each():
    content = two_matters()
    assert places(content) == [(Code.TWO_MATTERS, 144, "invoice")]
    invoices = read(content)
    assert [one.law_firm_matter_id for one in invoices] == ["2024-00017", "2024-00018"]
    assert [one.invoice_total for one in invoices] == [Decimal("864.00")] * 2
    assert {one.invoice_number for one in invoices} == {"10001"}


def test_carrier_that_takes_one_invoice_refuses_the_second():
    second = b"\n".join(LINES[2:146])
    for number in range(1, 15):
        second = second.replace(f"nbr>{number}<".encode(), f"nbr>{number + 50}<".encode())
    content = b"\n".join([*LINES[:146], *second.replace(b">10001<", b">10002<").split(b"\n"), *LINES[146:]])
    assert places(content) == []
    assert places(content, FileFormat(allows_many_invoices=False)) == [(Code.TOO_MANY_INVOICES, 185, "inv_id")]
    assert places(content.replace(b">10002<", b">10001<")) == [(Code.DUPLICATE_INVOICE, 185, "inv_id")]


CARRIERS = [
    (FileFormat(max_length={"LINE_ITEM_DESCRIPTION": 20}), Code.TOO_LONG, "charge_desc", 3),
    (FileFormat(max_decimals={"LINE_ITEM_UNIT_COST": 0}), None, "", 0),
    (FileFormat(required=frozenset({"CLIENT_NAME", "PO_NUMBER"})), None, "", 0),
    (FileFormat(required=frozenset({"TIMEKEEPER_CLASSIFICATION"})), None, "", 0),
    (FileFormat(classifications="2014"), Code.UNKNOWN_CLASSIFICATION, "tk_level", 2),
    (FileFormat(classifications="old"), None, "", 0),
]


@pytest.mark.parametrize(("file_format", "code", "field", "count"), CARRIERS)
def test_reader_holds_the_file_to_the_carriers_limits(file_format, code, field, count):
    assert [(found, name) for found, _, name in places(VALID, file_format)] == [(code, field)] * count


def test_carrier_may_require_what_the_standard_does_not():
    content = without(56)
    wanted = FileFormat(required=frozenset({"PO_NUMBER"}))
    assert places(content) == []
    assert places(content, wanted) == [(Code.REQUIRED_MISSING, 52, "po_number")]


def test_carrier_may_tolerate_a_cent_in_a_line():
    content = with_text(110, "427.51")
    assert places(content, FileFormat(math_tolerance=Decimal("0.01"))) == []


def test_carrier_decides_about_days_outside_the_period():
    content = with_text(116, "2026-09-30")
    assert places(content, FileFormat(outside_period=Verdict.IGNORE)) == []
    (finding,) = find(content, FileFormat(outside_period=Verdict.WARNING))
    assert finding.severity is Severity.WARNING


def test_carrier_decides_about_days_to_come():
    content = with_text(42, "2026-11-04")
    assert places(content) == []
    assert places(content, FileFormat(future_dates=Verdict.ERROR)) == [(Code.FUTURE_DATE, 42, "inv_date")]
