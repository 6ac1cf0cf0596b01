"""Reports of results: CSV and XLSX of any export, mapped once, read to the cent; damaged ones are refused whole."""

import io
import zipfile
from datetime import date
from decimal import Decimal

import pytest
from openpyxl import Workbook

from carriers.exchange import SiteFinding
from carriers.result_channel import ResultReport
from carriers.result_outcomes import ResultOutcome
from carriers.result_report import guess_columns, read_report
from carriers.result_table import LARGEST_REPORT, read_table
from core.errors import InvalidInputError

RULES = ResultReport.model_validate({
    "columns": {"invoice_number": "Invoice No", "decision": "Status", "amount": "Allowed", "reason": "Reason",
                "line": "Line", "reduction": "Cut"},
    "decisions": {"Paid in full": "approved", "Reduced": "reduced"},
})  # fmt: skip
CSV = """Report of 11/28/2026

Invoice No,Status,Allowed,Line,Reason,Cut
2026-1,Paid in full,"$1,500.00",,,
2026-2,REDUCED,"1,460.00",1,Too much,-15.00
2026-2,Reduced,"1,460.00",2,"Late, again",(25.00)
2026-3,Escalated,,,,
"""


def workbook(*rows: tuple[object, ...]) -> bytes:
    book, content = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(content)
    return content.getvalue()


def test_read_one_result_an_invoice_with_its_lines():
    reading = read_report(RULES, read_table(CSV.encode()))
    first, second = reading.results
    assert (first.invoice_number, first.outcome, first.approved_amount) == (
        "2026-1", ResultOutcome.APPROVED, Decimal("1500.00")
    )  # fmt: skip
    assert second.findings == (
        SiteFinding("1", "", "Too much", Decimal("15.00")),
        SiteFinding("2", "", "Late, again", Decimal("25.00")),
    )
    assert "'Escalated' about invoice '2026-3'" in reading.unclear[0]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "utf-8"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_read_csv_of_any_export(encoding, delimiter):
    text = delimiter.join(["Invoice No", "Status"]) + "\r\n" + delimiter.join(["2026-1", "Pay\u00e9"]) + "\r\n"
    assert read_table(text.encode(encoding)) == [{"Invoice No": "2026-1", "Status": "Pay\u00e9"}]


def test_read_xlsx_to_the_cent():
    content = workbook(("Invoice No", "Status", "Allowed", "On"), ("2026-1", "Reduced", 1460.1, date(2026, 11, 2)))
    assert read_table(content) == [
        {"Invoice No": "2026-1", "Status": "Reduced", "Allowed": "1460.1", "On": "2026-11-02"}
    ]
    assert read_report(
        RULES.model_copy(
            update={"columns": RULES.columns.model_copy(update={"reason": "", "line": "", "reduction": ""})}
        ),
        read_table(content),
    ).results[0].approved_amount == Decimal("1460.1")


@pytest.mark.parametrize(
    "content",
    [b"", b"one cell", b"\x00\x01\x02", b"PK\x03\x04 broken", b"A,B\n", workbook(("only", "headings"))],
)
def test_read_refuses_what_is_no_table(content):
    with pytest.raises(InvalidInputError, match="Nothing was read"):
        read_table(content)


def test_read_refuses_what_is_too_large_packed_or_unpacked():
    with pytest.raises(InvalidInputError, match="is the most"):
        read_table(b"x" * (LARGEST_REPORT + 1))
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/worksheets/sheet1.xml", b"0" * 61 * 1024 * 1024)
    with pytest.raises(InvalidInputError, match="too large when unpacked"):
        read_table(bomb.getvalue())


def test_read_refuses_a_report_without_a_column_that_the_profile_names():
    with pytest.raises(InvalidInputError, match="no column 'Status'"):
        read_report(RULES, [{"Invoice No": "1"}])


def test_guess_columns_by_their_headings():
    guesses = guess_columns(["Invoice_Number", "STATUS", "Approved Amount", "Something"])
    assert guesses["invoice_number"] == "Invoice_Number"
    assert (guesses["decision"], guesses["amount"], guesses["paid"]) == ("STATUS", "Approved Amount", "")
