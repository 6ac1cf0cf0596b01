"""The one door by which tables leave as files: CSV line by line, workbooks row by row, of whatever length.

Money stays a number and a day stays a day. A text that a spreadsheet would take for a formula is told to be a text.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from core.errors import InvalidInputError

Value = str | int | Decimal | date | datetime | None
Row = Sequence[Value]
MOST_ROWS = 1_048_575
"""Rows below the heading that a worksheet can hold."""
_LONGEST_TEXT = 32_000
_BOM = "\ufeff"
_FORMULA = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


class Kind(StrEnum):
    """What a column holds."""

    TEXT = "text"
    MONEY = "money"
    NUMBER = "number"
    PERCENT = "percent"
    COUNT = "count"
    DAY = "day"
    MOMENT = "moment"


_FORMATS = {
    Kind.TEXT: "General",
    Kind.MONEY: "#,##0.00;[Red]-#,##0.00",
    Kind.NUMBER: "#,##0.0###",
    Kind.PERCENT: "0.0",
    Kind.COUNT: "#,##0",
    Kind.DAY: "yyyy-mm-dd",
    Kind.MOMENT: "yyyy-mm-dd hh:mm",
}
_WIDTHS = {
    Kind.TEXT: 24,
    Kind.MONEY: 14,
    Kind.NUMBER: 10,
    Kind.PERCENT: 10,
    Kind.COUNT: 9,
    Kind.DAY: 12,
    Kind.MOMENT: 17,
}


@dataclass(frozen=True)
class SheetColumn:
    """One column: its heading, what it holds, and its width in characters where the usual one does not fit."""

    title: str
    kind: Kind = Kind.TEXT
    width: int = 0


@dataclass(frozen=True)
class Sheet:
    """One table under a name of at most 31 characters."""

    name: str
    columns: tuple[SheetColumn, ...]
    rows: Iterable[Row]


def csv_chunks(columns: Sequence[SheetColumn], pages: Iterable[Iterable[Row]]) -> Iterator[bytes]:
    """Yield a CSV file, a chunk a page: UTF-8 with a byte order mark, so that Excel reads names as they are.

    Lines end in CRLF, days read 2026-11-29, instants 2026-11-29 14:05 in UTC, amounts 1250.00.
    """
    yield _BOM.encode()
    yield _lines([[column.title for column in columns]])
    for page in pages:
        yield _lines([[_csv_text(value) for value in row] for row in page])


def write_workbook(path: Path, sheets: Sequence[Sheet], *, title: str, author: str) -> None:
    """Write tables as an XLSX file; headings are bold, stay in sight and can be filtered.

    Raises:
        InvalidInputError: a table has more rows than a worksheet can hold.
    """
    book = Workbook(write_only=True)
    book.properties.title, book.properties.creator = title, author
    try:
        for sheet in sheets:
            _write_sheet(book, sheet)
    except BaseException:
        _abandon(book)
        raise
    book.save(path)


def plain_text(text: str) -> str:
    """Return a text without characters that a workbook cannot hold, and not longer than a cell."""
    kept = ILLEGAL_CHARACTERS_RE.sub(_REPLACEMENT, text)
    return kept if len(kept) <= _LONGEST_TEXT else f"{kept[:_LONGEST_TEXT]} …"


def is_formula_like(text: str) -> bool:
    """Whether a spreadsheet could take a text for a formula."""
    return text.lstrip(" ").startswith(_FORMULA)


def _write_sheet(book: Workbook, sheet: Sheet) -> None:
    worksheet = book.create_sheet(sheet.name[:31])
    worksheet.freeze_panes = "A2"
    for at, column in enumerate(sheet.columns, 1):
        worksheet.column_dimensions[get_column_letter(at)].width = column.width or _WIDTHS[column.kind]
    worksheet.append([_heading(worksheet, column.title) for column in sheet.columns])
    writers = [_CellWriter(worksheet, column.kind) for column in sheet.columns]
    count = 0
    for row in sheet.rows:
        if count == MOST_ROWS:
            message = f"These are more than {MOST_ROWS:,} rows, which no worksheet holds. Take CSV, or narrow the list."
            raise InvalidInputError(message)
        worksheet.append([writer.cell(value) for writer, value in zip(writers, row, strict=True)])
        count += 1
    worksheet.auto_filter.ref = f"A1:{get_column_letter(len(sheet.columns))}{count + 1}"


def _abandon(book: Workbook) -> None:
    """Close what was begun, and remove the files that rows were put into meanwhile."""
    for worksheet in book.worksheets:
        if not worksheet.closed:
            worksheet.close()
            worksheet._writer.cleanup()  # noqa: SLF001 -- the library cleans up after saving alone


def _heading(worksheet: Any, title: str) -> Any:  # noqa: ANN401 -- the library ships no types
    cell = WriteOnlyCell(worksheet, title)
    cell.font = Font(bold=True)
    return cell


class _CellWriter:
    """Writes one column's cells: the same cell again and again, because each row leaves at once."""

    def __init__(self, worksheet: Any, kind: Kind) -> None:  # noqa: ANN401
        self._cell = WriteOnlyCell(worksheet)
        self._cell.number_format = _FORMATS[kind]
        self._told = WriteOnlyCell(worksheet)
        self._told.quotePrefix = True

    def cell(self, value: Value) -> Any:  # noqa: ANN401
        """Return the cell with a value; None leaves it empty."""
        if value is None or value == "":
            return None
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, datetime):
            value = _in_utc(value).replace(tzinfo=None, microsecond=0)
        self._cell.value = value
        return self._cell

    def _text(self, value: str) -> Any:  # noqa: ANN401
        cell = self._told if is_formula_like(value) else self._cell
        cell.value = plain_text(value)
        cell.data_type = "s"
        return cell


def _lines(rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode()


def _csv_text(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        text = plain_text(value)
        return f"'{text}" if is_formula_like(text) else text
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, datetime):
        return f"{_in_utc(value):%Y-%m-%d %H:%M}"
    return str(value)


def _in_utc(value: datetime) -> datetime:
    return value.astimezone(UTC) if value.tzinfo else value
