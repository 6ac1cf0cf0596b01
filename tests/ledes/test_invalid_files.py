"""Each fault that real portals refuse a 1998B file for, made in a valid file and found again."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from ledes.findings import FindingCode as Code
from ledes.findings import Severity
from ledes.parser import collect, parse
from ledes.pipe.blocks import LONGEST_RECORD
from ledes.pipe.layout import LEDES_1998B
from ledes.writer import write
from tests.ledes.builders import make_discount, make_fee, make_invoice

HEADER, NAMES = LEDES_1998B.header, LEDES_1998B.names
VALID = write(make_invoice())
LINES = VALID.split(b"\r\n")
SWAPPED = "|".join((NAMES[1], NAMES[0], *NAMES[2:])).encode()


def replaced(old: str, new: str, count: int = -1) -> bytes:
    """Return the valid file with a part replaced; the part must be there."""
    assert old.encode() in VALID
    return VALID.replace(old.encode(), new.encode(), count)


def with_row(row: int, change: Callable[[bytes], bytes]) -> bytes:
    """Return the valid file with one row (from 1) changed."""
    lines = list(LINES)
    lines[row - 1] = change(lines[row - 1])
    return b"\r\n".join(lines)


def with_cell(row: int, position: int, text: str) -> bytes:
    """Return the valid file with one cell (row and position from 1) changed."""

    def change(line: bytes) -> bytes:
        cells = line.removesuffix(b"[]").split(b"|")
        cells[position - 1] = text.encode()
        return b"|".join(cells) + b"[]"

    return with_row(row, change)


CASES = [
    ("first line wrong", replaced("LEDES1998B[]", "LEDES98B[]"), Code.FIRST_LINE_WRONG, 1, 0),
    ("first line missing", replaced("LEDES1998B[]\r\n", ""), Code.FIRST_LINE_MISSING, 1, 0),
    ("header misspelt", replaced("LINE_ITEM_TOTAL|", "LINE_TOTAL|"), Code.HEADER_WRONG, 2, 13),
    ("header short", replaced("|CLIENT_MATTER_ID[]", "[]"), Code.HEADER_WRONG, 2, 0),
    ("header reordered", replaced(HEADER, SWAPPED.decode()), Code.HEADER_ORDER, 2, 0),
    ("header missing", replaced(f"{HEADER}[]\r\n", ""), Code.HEADER_MISSING, 2, 0),
    ("no lines", b"\r\n".join([*LINES[:2], b""]), Code.NO_LINES, 0, 0),
    ("byte order mark", b"\xef\xbb\xbf" + VALID, Code.BYTE_ORDER_MARK, 1, 0),
    ("23 columns", with_row(3, lambda line: line.replace(b"|PT|", b"|")), Code.COLUMN_COUNT, 3, 0),
    ("pipe in narrative", replaced("Draft inter", "Draft | inter"), Code.COLUMN_COUNT, 3, 0),
    ("no terminator", with_row(3, lambda line: line.removesuffix(b"[]")), Code.TERMINATOR_MISSING, 3, 0),
    ("no terminator at the end", VALID.removesuffix(b"[]\r\n"), Code.TERMINATOR_MISSING, 5, 0),
    ("brackets in narrative", replaced("Draft inter", "Draft[]inter"), Code.FORBIDDEN_CHARACTER, 3, 19),
    ("tab in narrative", replaced("Draft inter", "Draft\tinter"), Code.FORBIDDEN_CHARACTER, 3, 19),
    ("newline in narrative", replaced("Draft inter", "Draft\r\ninter"), Code.LINE_BREAK, 3, 19),
    ("curly quote", replaced("Draft inter", "Draft \u201cinter"), Code.NON_ASCII, 3, 19),
    ("accent in Latin-1", VALID.replace(b"Reyes", b"R\xe9yes"), Code.NON_ASCII, 3, 22),
    ("non-ASCII in the head", replaced("HM-0001", "HM\u20130001"), Code.NON_ASCII, 3, 24),
    ("NULL word", with_cell(4, 18, "NULL"), Code.NULL_WORD, 4, 18),
    ("required blank", with_cell(3, 9, ""), Code.REQUIRED_MISSING, 3, 9),
    ("units blank", with_cell(3, 11, ""), Code.REQUIRED_MISSING, 3, 11),
    ("dollar and comma", with_cell(3, 13, "$1,200.00"), Code.BAD_NUMBER, 3, 13),
    ("number in brackets", with_cell(3, 12, "(10.00)"), Code.BAD_NUMBER, 3, 12),
    ("non-ASCII digits", with_cell(3, 11, "\u0661"), Code.BAD_NUMBER, 3, 11),
    ("five decimals", with_cell(3, 11, "1.50001"), Code.TOO_MANY_DECIMALS, 3, 11),
    ("eleven digits", with_cell(3, 21, "12345678901.00"), Code.TOO_LONG, 3, 21),
    ("date with hyphens", with_cell(3, 14, "2026-01-15"), Code.BAD_DATE, 3, 14),
    ("no such day", with_cell(3, 14, "20260230"), Code.BAD_DATE, 3, 14),
    ("period reversed", replaced("|20261001|20261031|", "|20261031|20261001|"), Code.PERIOD_REVERSED, 3, 6),
    ("line outside period", with_cell(3, 14, "20260930"), Code.DATE_OUTSIDE_PERIOD, 3, 14),
    ("total differs between rows", with_cell(4, 5, "804.49"), Code.TOTAL_VARIES, 4, 5),
    ("total off by a cent", replaced("|804.50|", "|804.51|"), Code.TOTAL_WRONG, 3, 5),
    ("line math off", with_cell(3, 13, "427.51"), Code.LINE_MATH, 3, 13),
    ("adjustment math off", with_cell(5, 13, "-24.00"), Code.LINE_MATH, 5, 13),
    ("negative units", with_cell(3, 11, "-1.50"), Code.NEGATIVE_UNITS, 3, 11),
    ("unknown type", with_cell(3, 10, "X"), Code.BAD_LINE_TYPE, 3, 10),
    ("fee without task", with_cell(3, 15, ""), Code.TASK_MISSING, 3, 15),
    ("activity without task", with_cell(3, 15, ""), Code.ACTIVITY_WITHOUT_TASK, 3, 17),
    ("fee without activity", with_cell(3, 17, ""), Code.ACTIVITY_MISSING, 3, 17),
    ("fee without timekeeper", with_cell(3, 18, ""), Code.TIMEKEEPER_MISSING, 3, 18),
    ("expense without code", with_cell(4, 16, ""), Code.EXPENSE_CODE_MISSING, 4, 16),
    ("expense with task", with_cell(4, 15, "L110"), Code.CODE_NOT_ALLOWED, 4, 15),
    ("fee with expense code", with_cell(3, 16, "E112"), Code.CODE_NOT_ALLOWED, 3, 16),
    ("adjustment with task", with_cell(5, 15, "L110"), Code.CODE_NOT_ALLOWED, 5, 15),
    ("duplicate line number", with_cell(4, 9, "1"), Code.DUPLICATE_LINE_NUMBER, 4, 9),
    ("two matters", with_cell(4, 4, "2024-00018"), Code.TWO_MATTERS, 4, 4),
    ("two claims", with_cell(4, 24, "HM-0002"), Code.TWO_MATTERS, 4, 24),
    ("description varies", with_cell(4, 8, "Other"), Code.FIELD_VARIES, 4, 8),
    ("21-character matter", replaced("2024-00017", "2024-0001700000000000"), Code.TOO_LONG, 3, 4),
]
WARNING_CASES = [
    ("unknown code", with_cell(3, 15, "L999"), Code.UNKNOWN_CODE, 3, 15),
    ("activity where a task belongs", with_cell(3, 15, "A103"), Code.UNKNOWN_CODE, 3, 15),
    ("name form", with_cell(3, 22, "Ana Reyes"), Code.NAME_FORMAT, 3, 22),
    ("padded", with_cell(3, 19, " Draft it"), Code.PADDED_VALUE, 3, 19),
    ("narrative blank", with_cell(3, 19, ""), Code.REQUIRED_MISSING, 3, 19),
]


def codes(content: bytes) -> list[tuple[Code, int, int]]:
    return [(one.code, one.row, one.column) for one in parse(content).findings]


@pytest.mark.parametrize(
    ("content", "code", "row", "column"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_parse_finds_error(content, code, row, column):
    result = parse(content)
    assert (code, row, column) in codes(content)
    assert not result.is_valid
    assert result.format == "LEDES1998B"


@pytest.mark.parametrize(
    ("content", "code", "row", "column"), [case[1:] for case in WARNING_CASES], ids=[case[0] for case in WARNING_CASES]
)
def test_parse_finds_warning_and_calls_the_file_valid(content, code, row, column):
    result = parse(content)
    assert codes(content) == [(code, row, column)]
    assert result.findings[0].severity is Severity.WARNING
    assert result.is_valid


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", Code.EMPTY_FILE),
        (b"\r\n\r\n", Code.EMPTY_FILE),
        (b"%PDF-1.7\n\x00\xff", Code.NOT_LEDES),
        (VALID.decode().encode("utf-16"), Code.NOT_LEDES),
        (b"LEDES98BI[]\r\n", Code.UNSUPPORTED_FORMAT),
    ],
)
def test_parse_calls_unreadable(content, code):
    result = parse(content)
    assert [one.code for one in result.findings] == [code]
    assert result.format is None
    assert result.invoices == ()


def test_parse_names_the_foreign_characters_of_a_record_with_a_wrong_column_count():
    content = replaced("Draft inter", "Draft \u201c | \u201c inter")
    assert codes(content) == [(Code.COLUMN_COUNT, 3, 0), (Code.NON_ASCII, 3, 0)]
    assert "The record holds" in parse(content).findings[1].message


def test_parse_refuses_a_record_without_an_end_and_reads_on():
    content = VALID.replace(b"Draft inter", b"x" * LONGEST_RECORD + b"\xc3\xa9" * LONGEST_RECORD)
    result = parse(content)
    assert [(one.code, one.row) for one in result.findings] == [(Code.RECORD_TOO_LONG, 3)]
    assert [line.line_item_number for line in result.invoices[0].lines] == ["2", "3"]


def test_parse_refuses_a_record_torn_into_too_many_lines():
    content = b"\r\n".join([*LINES[:2], *[b"x" * 1000] * 200, *LINES[2:]])
    assert Code.RECORD_TOO_LONG in {one.code for one in parse(content).findings}


def test_parse_holds_no_more_of_a_file_without_line_ends_than_a_record():
    class Endless:
        left = 500

        def read(self, size: int = -1) -> bytes:
            self.left = max(self.left - 1, 0)
            return b"x" * size if self.left else b""

    source = Endless()
    result = collect(source)
    assert [one.code for one in result.findings] == [Code.RECORD_TOO_LONG, Code.NOT_LEDES]
    assert result.format is None
    assert source.left == 0


def test_parse_takes_bare_carriage_returns_in_a_long_file():
    lines = [make_fee(str(number)) for number in range(1, 500)]
    content = write(make_invoice(*lines))
    assert parse(content.replace(b"\r\n", b"\r")).invoices == parse(content).invoices


def test_parse_reports_many_faults_in_one_pass():
    content = replaced("LEDES1998B", "LEDES98B").replace(b"L310", b"").replace(b"|402.00|2", b"|$402|2")
    content = content.replace(b"Courtesy", "Courtesy \u2013".encode())
    found = {one.code for one in parse(content).findings}
    assert found == {
        Code.FIRST_LINE_WRONG,
        Code.TASK_MISSING,
        Code.ACTIVITY_WITHOUT_TASK,
        Code.BAD_NUMBER,
        Code.NON_ASCII,
    }


def test_parse_does_not_blame_the_total_when_a_row_is_unreadable():
    assert Code.TOTAL_WRONG not in {code for code, _, _ in codes(with_cell(3, 13, "$1"))}
    assert Code.TOTAL_WRONG not in {code for code, _, _ in codes(replaced("Draft inter", "Draft | inter"))}


def test_parse_accepts_a_negative_invoice_adjustment():
    assert parse(write(make_invoice(make_fee(), make_discount("2", "-100.00")))).findings == ()


def test_parse_accepts_the_other_habit_of_adjustments():
    content = with_cell(5, 12, "0").replace(b"|||HM", b"|||HM").replace(b"[]", b"[]")
    lines = content.split(b"\r\n")
    cells = lines[4].removesuffix(b"[]").split(b"|")
    cells[10], cells[20] = b"1", b"-25.00"
    lines[4] = b"|".join(cells) + b"[]"
    assert parse(b"\r\n".join(lines)).findings == ()


def test_parse_warns_of_a_repeated_line():
    fee = make_fee(description="Draft interrogatories")
    result = parse(write(make_invoice(fee, make_fee("2", description="Draft interrogatories"))))
    assert [(one.code, one.row) for one in result.findings] == [(Code.DUPLICATE_LINE, 4)]


def test_parse_finds_an_invoice_number_used_twice():
    other = LINES[2].replace(b"|10001|", b"|10002|")
    content = b"\r\n".join([*LINES[:5], other, LINES[2], b""])
    assert (Code.DUPLICATE_INVOICE, 7, 2) in codes(content)


@pytest.mark.parametrize("end", [b"\n", b"\r", b"", b"\r\n\r\n", b" \r\n"])
def test_parse_takes_any_line_end(end):
    assert parse(end.join(LINES)).invoices == (make_invoice(),)


def test_parse_keeps_leading_zeros():
    invoice = make_invoice(law_firm_matter_id="0001", invoice_number="007")
    assert parse(write(invoice)).invoices[0].law_firm_matter_id == "0001"


def test_parse_reads_numbers_without_leading_or_trailing_digits():
    content = with_cell(3, 11, "1.5").replace(b"|-25.00|-25.00|", b"|-25.|-25|")
    assert parse(content).invoices == (make_invoice(),)


def test_parse_reads_values_by_the_names_of_a_reordered_header():
    rows = [b"|".join([line.split(b"|")[1], line.split(b"|")[0], *line.split(b"|")[2:]]) for line in LINES[1:5]]
    result = parse(b"\r\n".join([LINES[0], *rows]))
    assert [one.code for one in result.findings] == [Code.HEADER_ORDER]
    assert result.invoices == (make_invoice(),)


def test_parse_reads_several_invoices():
    second = make_invoice(invoice_number="10002", invoice_date=date(2026, 11, 3))
    content = VALID + b"\r\n".join(write(second).split(b"\r\n")[2:])
    assert parse(content).invoices == (make_invoice(), second)


def test_parse_calls_a_fraction_of_a_cent_a_warning():
    fee = make_fee(units=Decimal("0.5"), unit_cost=Decimal("0.25"))
    content = write(make_invoice(fee)).replace(b"|0.13|2026", b"|0.125|2026").replace(b"|0.13|", b"|0.125|")
    result = parse(content)
    assert {one.code for one in result.findings} == {Code.FRACTION_OF_CENT}
    assert result.is_valid
