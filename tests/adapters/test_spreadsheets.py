"""Tables as files: numbers stay numbers, days stay days, no text becomes a formula, and memory stays bounded."""

import csv
import io
import tracemalloc
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from adapters import spreadsheets
from adapters.spreadsheets import Kind, Sheet, SheetColumn, csv_chunks, is_formula_like, plain_text, write_workbook
from core.errors import InvalidInputError

COLUMNS = (
    SheetColumn("Invoice"),
    SheetColumn("Amount", Kind.MONEY),
    SheetColumn("Lines", Kind.COUNT),
    SheetColumn("Day", Kind.DAY),
    SheetColumn("At (UTC)", Kind.MOMENT),
)
AT = datetime(2026, 11, 29, 14, 5, 9, tzinfo=timezone(timedelta(hours=-5)))
ROW = ("2026-000001", Decimal("-1250.50"), 40, date(2026, 11, 2), AT)
HOSTILE = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1", '=HYPERLINK("http://evil.example")', "\uff1d1"]


def book_of(path: Path, rows: list, columns: tuple = COLUMNS):
    write_workbook(path, [Sheet("Invoices", columns, rows)], title="Invoices", author="The firm")
    return load_workbook(path)


def csv_of(rows: list, columns: tuple = COLUMNS) -> list[list[str]]:
    content = b"".join(csv_chunks(columns, [rows]))
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_workbook_keeps_money_counts_days_and_instants_as_what_they_are(tmp_path: Path) -> None:
    sheet = book_of(tmp_path / "x.xlsx", [ROW, ("", None, None, None, None)])["Invoices"]
    values = [cell.value for cell in sheet[2]]
    assert values[:3] == ["2026-000001", -1250.5, 40]
    assert [value.isoformat() for value in values[3:]] == ["2026-11-02T00:00:00", "2026-11-29T19:05:09"]
    assert [cell.number_format for cell in sheet[2]][1:] == [
        "#,##0.00;[Red]-#,##0.00", "#,##0", "yyyy-mm-dd", "yyyy-mm-dd hh:mm"
    ]  # fmt: skip
    assert [cell.data_type for cell in sheet[2]] == ["s", "n", "n", "d", "d"]


def test_workbook_has_headings_that_stay_in_sight_and_filter(tmp_path: Path) -> None:
    book = book_of(tmp_path / "x.xlsx", [ROW, ROW])
    sheet = book["Invoices"]
    assert all(cell.font.bold for cell in sheet[1])
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:E3")
    assert (book.properties.title, book.properties.creator) == ("Invoices", "The firm")


def test_workbook_holds_cents_exactly(tmp_path: Path) -> None:
    amounts = [Decimal(cents) / 100 for cents in (1, 10, 30, 99_999_999_999, -5)]
    book_of(tmp_path / "x.xlsx", [("", amount, None, None, None) for amount in amounts])
    with ZipFile(tmp_path / "x.xlsx") as parts:
        written = parts.read("xl/worksheets/sheet1.xml").decode()
    assert all(f"<v>{amount}</v>" in written for amount in amounts)


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_becomes_a_formula(tmp_path: Path, text: str) -> None:
    cell = book_of(tmp_path / "x.xlsx", [(text, None, None, None, None)])["Invoices"]["A2"]
    assert (cell.data_type, cell.quotePrefix) == ("s", True)
    assert csv_of([(text, None, None, None, None)])[1][0].startswith("'")


@pytest.mark.parametrize("text", ["2026-000001", "Doe v. Roe", "(312) 555-0142", "a=b", "0"])
def test_plain_texts_stay_as_they_are(tmp_path: Path, text: str) -> None:
    assert not is_formula_like(text)
    assert csv_of([(text, None, None, None, None)])[1][0] == text
    assert book_of(tmp_path / "x.xlsx", [(text, None, None, None, None)])["Invoices"]["A2"].value == text


@given(text=st.text(max_size=60))
def test_every_text_survives_or_is_marked_as_replaced(text: str) -> None:
    [row] = csv_of([(text, None, None, None, None)])[1:]
    assert row[0].removeprefix("'") in {plain_text(text), plain_text(text).removeprefix("'")}


def test_characters_that_no_workbook_holds_are_replaced_and_long_texts_cut(tmp_path: Path) -> None:
    sheet = book_of(
        tmp_path / "x.xlsx", [("a\x00b\x1bc", None, None, None, None), ("x" * 40_000, None, None, None, None)]
    )
    assert sheet["Invoices"]["A2"].value == "a\ufffdb\ufffdc"
    assert len(sheet["Invoices"]["A3"].value) == 32_002


def test_csv_is_read_by_excel_and_by_programs() -> None:
    content = b"".join(csv_chunks(COLUMNS, [[ROW], [('Zo\u00eb, "Z"', Decimal("0.00"), 0, None, None)]]))
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.count(b"\r\n") == 3
    assert csv_of([ROW])[1] == ["2026-000001", "-1250.50", "40", "2026-11-02", "2026-11-29 19:05"]
    assert csv_of([('Zo\u00eb, "Z"', Decimal("0.00"), 0, None, None)])[1][:2] == ['Zo\u00eb, "Z"', "0.00"]


def test_csv_comes_page_by_page() -> None:
    def pages():
        yield [ROW]
        pytest.fail("the second page was read too early")

    chunks = csv_chunks(COLUMNS, pages())
    assert [next(chunks) for _ in range(3)][2].startswith(b"2026-000001")


def test_a_table_that_no_worksheet_holds_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheets, "MOST_ROWS", 2)
    with pytest.raises(InvalidInputError, match="Take CSV"):
        book_of(tmp_path / "x.xlsx", [ROW] * 3)
    assert not (tmp_path / "x.xlsx").exists()


def test_thousands_of_rows_need_no_more_memory_than_a_few(tmp_path: Path) -> None:
    def peak(count: int) -> int:
        tracemalloc.start()
        rows = ((f"{number:09}", Decimal(number)) for number in range(count))
        write_workbook(tmp_path / "x.xlsx", [Sheet("Rows", COLUMNS[:2], rows)], title="Rows", author="The firm")
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    peak(10)
    assert peak(6_000) < peak(500) + 2_000_000
