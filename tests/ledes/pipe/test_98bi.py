"""LEDES 98BI V2: taxes inside the totals, and each fault of the fields that 1998B does not have."""

from decimal import Decimal
from pathlib import Path

import pytest

from ledes.findings import FindingCode as Code
from ledes.findings import Severity
from ledes.formats import LedesFormat
from ledes.parser import parse
from ledes.pipe.layout import LEDES_98BI_V2
from ledes.writer import LedesRefusedError, write
from tests.ledes.builders import make_discount, make_expense, make_fee
from tests.ledes.pipe.builders import make_taxed_fee, make_taxed_invoice, taxed

BI = LedesFormat.LEDES_98BI_V2
INVOICE = make_taxed_invoice()
VALID = write(INVOICE, BI)
LINES = VALID.split(b"\r\n")
GOLDEN = Path(__file__).parents[1] / "golden" / "invoice_10001_98bi.txt"


def with_cell(row: int, position: int, text: str) -> bytes:
    """Return the valid file with one cell (row and position from 1) changed; of a row 0 on every row."""
    lines = list(LINES)
    for at in range(2, 5) if row == 0 else (row - 1,):
        cells = lines[at].removesuffix(b"[]").split(b"|")
        cells[position - 1] = text.encode()
        lines[at] = b"|".join(cells) + b"[]"
    return b"\r\n".join(lines)


def test_write_gives_the_golden_bytes():
    assert GOLDEN.read_bytes() == VALID


def test_parse_reads_the_golden_file_without_findings():
    result = parse(GOLDEN.read_bytes())
    assert result.findings == ()
    assert result.format is BI
    assert result.invoices == (INVOICE,)


def test_parse_keeps_exact_taxes():
    invoice = parse(VALID).invoices[0]
    assert [line.tax_total for line in invoice.lines] == [Decimal("89.78"), Decimal("84.42"), Decimal("-5.25")]
    assert [line.total for line in invoice.lines] == [Decimal("517.28"), Decimal("486.42"), Decimal("-30.25")]
    assert (invoice.invoice_total, invoice.invoice_tax_total) == (Decimal("973.45"), Decimal("168.95"))
    assert invoice.invoice_net_total == Decimal("804.50")
    assert invoice.law_firm.name == "Brandt & Cole"


CASES = [
    ("first line of another spelling", VALID.replace(b"LEDES98BI V2", b"LEDES1998BI V2"), Code.FIRST_LINE_WRONG, 1, 0),
    ("first line of 1998B", VALID.replace(b"LEDES98BI V2", b"LEDES1998B"), Code.FIRST_LINE_WRONG, 1, 0),
    ("first line missing", b"\r\n".join(LINES[1:]), Code.FIRST_LINE_MISSING, 1, 0),
    ("header misspelt", VALID.replace(b"STATEorREGION", b"STATE"), Code.HEADER_WRONG, 2, 38),
    ("header missing", b"\r\n".join([LINES[0], *LINES[2:]]), Code.HEADER_MISSING, 2, 0),
    ("51 columns", VALID.replace(b"|USD[]", b"[]"), Code.COLUMN_COUNT, 3, 0),
    ("invoice number of 51 characters", with_cell(0, 2, "1" * 51), Code.TOO_LONG, 3, 2),
    ("no client tax id", with_cell(0, 26, ""), Code.REQUIRED_MISSING, 3, 26),
    ("no matter name", with_cell(0, 27, ""), Code.REQUIRED_MISSING, 3, 27),
    ("matter name too long", with_cell(0, 27, "x" * 256), Code.TOO_LONG, 3, 27),
    ("tax total off by a cent", with_cell(0, 28, "168.96"), Code.TAX_TOTAL_WRONG, 3, 28),
    ("no net total", with_cell(0, 29, ""), Code.REQUIRED_MISSING, 3, 29),
    ("net total off by a cent", with_cell(0, 29, "804.51"), Code.NET_TOTAL_WRONG, 3, 29),
    ("net total differs between rows", with_cell(4, 29, "804.51"), Code.TOTAL_VARIES, 4, 29),
    ("currency in small letters", with_cell(0, 30, "eur"), Code.BAD_CURRENCY, 3, 30),
    ("currency sign", with_cell(0, 30, "EU"), Code.BAD_CURRENCY, 3, 30),
    ("fee without last name", with_cell(3, 31, ""), Code.REQUIRED_MISSING, 3, 31),
    ("fee without first name", with_cell(3, 32, ""), Code.REQUIRED_MISSING, 3, 32),
    ("no account type", with_cell(0, 33, ""), Code.REQUIRED_MISSING, 3, 33),
    ("account type X", with_cell(0, 33, "X"), Code.BAD_ACCOUNT_TYPE, 3, 33),
    ("country of one letter", with_cell(0, 40, "U"), Code.BAD_COUNTRY, 3, 40),
    ("country in words", with_cell(0, 47, "Nld"), Code.BAD_COUNTRY, 3, 47),
    ("rate in per cent", with_cell(3, 48, "21"), Code.BAD_TAX_RATE, 3, 48),
    ("rate with a per cent sign", with_cell(3, 48, "21%"), Code.BAD_NUMBER, 3, 48),
    ("negative rate", with_cell(3, 48, "-0.21"), Code.BAD_TAX_RATE, 3, 48),
    ("rate of eleven decimals", with_cell(3, 48, "0.21000000001"), Code.TOO_MANY_DECIMALS, 3, 48),
    ("no tax", with_cell(3, 49, ""), Code.REQUIRED_MISSING, 3, 49),
    ("tax off by a cent", with_cell(3, 49, "89.77"), Code.TAX_MATH, 3, 49),
    ("total without its tax", with_cell(3, 13, "427.50"), Code.LINE_MATH, 3, 13),
    ("discount without its tax", with_cell(5, 13, "-25.00"), Code.LINE_MATH, 5, 13),
    ("reported tax with a comma", with_cell(0, 51, "1,180.33"), Code.BAD_NUMBER, 3, 51),
    ("accent in the client's city", with_cell(0, 44, "Gen\u00e8ve"), Code.NON_ASCII, 3, 44),
    ("NULL as a purchase order", with_cell(0, 25, "NULL"), Code.NULL_WORD, 3, 25),
]


@pytest.mark.parametrize(
    ("content", "code", "row", "column"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_parse_finds_error(content, code, row, column):
    result = parse(content)
    found = {(one.code, one.row, one.column) for one in result.findings if one.severity is Severity.ERROR}
    assert (code, row, column) in found
    assert not result.is_valid
    assert result.format is BI


def test_parse_warns_of_a_blank_currency():
    result = parse(with_cell(0, 30, ""))
    assert [(one.code, one.severity, one.column) for one in result.findings] == [
        (Code.REQUIRED_MISSING, Severity.WARNING, 30)
    ]


@pytest.mark.parametrize("title", [b"LEDES98BI", b"LEDES1998BI", b"LEDES98BI V1", b"ledes98bi"])
def test_parse_tells_the_first_version(title):
    header = "|".join(LEDES_98BI_V2.names[:51]).encode()
    result = parse(
        b"\r\n".join([title + b"[]", header + b"[]", *(line.replace(b"|USD[]", b"[]") for line in LINES[2:])])
    )
    assert [one.code for one in result.findings] == [Code.UNSUPPORTED_FORMAT]
    assert "first version" in result.findings[0].message
    assert result.format is None


def test_parse_names_the_tax_that_is_right():
    finding = next(one for one in parse(with_cell(3, 49, "89.77")).findings if one.code is Code.TAX_MATH)
    assert finding.message == ("LINE_ITEM_TAX_TOTAL is 89.77, but (unit cost x units + adjustment) x 0.21 makes 89.78.")
    assert finding.value == "89.77"


def test_parse_takes_a_tax_without_its_rate():
    content = with_cell(3, 48, "")
    assert parse(content).findings == ()
    assert parse(content).invoices[0].lines[0].tax_rate is None


def test_parse_takes_the_other_habit_of_adjustments_with_their_tax():
    other = make_discount()._replace(units=Decimal(1), unit_cost=Decimal(-25), adjustment_amount=Decimal("0.00"))
    line = other._replace(tax_rate=Decimal("0.21"), tax_total=Decimal("-5.25"), total=Decimal("-30.25"))
    invoice = make_taxed_invoice(make_taxed_fee(), line)
    assert parse(write(invoice, BI)).findings == ()


@pytest.mark.parametrize(
    ("invoice", "field", "code"),
    [
        (make_taxed_invoice(client_tax_id=""), "CLIENT_TAX_ID", Code.REQUIRED_MISSING),
        (make_taxed_invoice(invoice_net_total=None), "INVOICE_NET_TOTAL", Code.REQUIRED_MISSING),
        (make_taxed_invoice(invoice_currency=""), "INVOICE_CURRENCY", Code.REQUIRED_MISSING),
        (make_taxed_invoice(invoice_tax_total=Decimal("1.00")), "INVOICE_TAX_TOTAL", Code.TAX_TOTAL_WRONG),
        (make_taxed_invoice(invoice_net_total=Decimal("1.00")), "INVOICE_NET_TOTAL", Code.NET_TOTAL_WRONG),
        (make_taxed_invoice(taxed(make_fee())), "TIMEKEEPER_LAST_NAME", Code.REQUIRED_MISSING),
        (make_taxed_invoice(make_taxed_fee()._replace(tax_rate=Decimal("0.2"))), "LINE_ITEM_TAX_TOTAL", Code.TAX_MATH),
        (make_taxed_invoice(make_taxed_fee()._replace(tax_type="x" * 21)), "LINE_ITEM_TAX_TYPE", Code.TOO_LONG),
        (make_taxed_invoice(account_type="Q"), "ACCOUNT_TYPE", Code.BAD_ACCOUNT_TYPE),
    ],
)
def test_write_refuses_and_names_the_field(invoice, field, code):
    with pytest.raises(LedesRefusedError) as refused:
        write(invoice, BI)
    assert (refused.value.facts["field"], refused.value.facts["fault"]) == (field, code)


def test_write_refuses_a_line_whose_tax_is_not_said():
    untaxed = make_expense()
    assert untaxed.tax_total is None
    lines = (make_taxed_fee(), untaxed._replace(tax_total=Decimal("0.00")))
    invoice = make_taxed_invoice(*lines)
    assert parse(write(invoice, BI)).invoices == (invoice,)
    with pytest.raises(LedesRefusedError) as refused:
        write(make_taxed_invoice(*lines, lines=(lines[0], untaxed)), BI)
    assert refused.value.facts["field"] == "LINE_ITEM_TAX_TOTAL"


def test_write_refuses_taxes_in_1998b():
    with pytest.raises(LedesRefusedError) as refused:
        write(INVOICE)
    assert refused.value.facts["fault"] == Code.LINE_MATH
