"""A result report as a table: CSV or XLSX, as people export it from a site, to rows of text under their headings."""

import csv
import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from itertools import islice
from typing import Any

from openpyxl.reader.excel import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from core.errors import InvalidInputError

LARGEST_REPORT = 5 * 1024 * 1024
_LARGEST_UNPACKED = 60 * 1024 * 1024
_MOST_ROWS = 20_000
_ZIP = b"PK\x03\x04"
_DAMAGED = (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, TypeError, IndexError, AttributeError)

Rows = list[dict[str, str]]


def read_table(content: bytes) -> Rows:
    """Return the rows of a report; the first row with two texts or more holds the headings.

    Raises:
        InvalidInputError: it is neither CSV nor XLSX, too large, or has no rows.
    """
    if len(content) > LARGEST_REPORT:
        raise InvalidInputError(
            f"The file has {len(content):,} bytes; {LARGEST_REPORT:,} is the most. Nothing was read."
        )
    lines = _from_xlsx(content) if content.startswith(_ZIP) else _from_csv(content)
    headings: list[str] = []
    rows: Rows = []
    for cells in islice(lines, _MOST_ROWS):
        if headings:
            row = dict(zip(headings, cells, strict=False))
            if any(row.values()):
                rows.append(row)
        elif sum(1 for cell in cells if cell) > 1:
            headings = [cell or f"Column {at}" for at, cell in enumerate(cells, 1)]
    if not rows:
        raise InvalidInputError(
            "There is no table in this file: a row of headings and rows below it. Nothing was read."
        )
    return rows


def _from_csv(content: bytes) -> Iterator[list[str]]:
    text = _decoded(content)
    if "\x00" in text:
        raise InvalidInputError("This file is neither CSV nor XLSX. Nothing was read; export the report again.")
    try:
        dialect: type[csv.Dialect] = csv.Sniffer().sniff(text[:5000], delimiters=",;\t|")
    except csv.Error:
        dialect = csv.excel
    try:
        for cells in csv.reader(io.StringIO(text), dialect):
            yield [" ".join(cell.split()) for cell in cells]
    except csv.Error as wrong:
        raise InvalidInputError(
            "This file cannot be read as CSV. Nothing was read; export the report again."
        ) from wrong


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode("latin-1")


def _from_xlsx(content: bytes) -> Iterator[list[str]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            if sum(part.file_size for part in parts.infolist()) > _LARGEST_UNPACKED:
                raise InvalidInputError("The workbook is too large when unpacked. Nothing was read; export less of it.")
        book: Any = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        for cells in book.worksheets[0].iter_rows(values_only=True):
            yield [_text(cell) for cell in cells]
    except _DAMAGED as wrong:
        raise InvalidInputError("The workbook is damaged. Nothing was read; export the report again.") from wrong


def _text(cell: object) -> str:
    """Return a cell as people see it; a number keeps what Excel stores of it, to fifteen digits."""
    if cell is None:
        return ""
    if isinstance(cell, datetime | date):
        return f"{cell:%Y-%m-%d}"
    return " ".join((f"{cell:.15g}" if isinstance(cell, float) else str(cell)).split())
