"""A report as files: a workbook with a sheet a table, or one table as CSV."""

import re
from collections.abc import Iterator
from pathlib import Path

from adapters.spreadsheets import Sheet, SheetColumn, csv_chunks, write_workbook
from core.errors import NotFoundError
from services.reporting.table import Report, ReportTable, text

_LONGEST_NAME = 31
_NO_SHEET_NAME = re.compile(r"[\[\]:*?/\\]")


def write_report(path: Path, report: Report, words: str, tables: tuple[ReportTable, ...], *, author: str) -> None:
    """Write a report as an XLSX file; its first sheet says what was asked for, in `words`."""
    about = ((report.title, report.hint), ("Of", words), *((table.title, table.note) for table in tables))
    columns = (text("Report", 34), SheetColumn("What it is", width=90))
    sheets = [Sheet(_name(table.title), table.columns, table.all_rows) for table in tables]
    write_workbook(path, [Sheet("About", columns, about), *sheets], title=report.title, author=author)


def report_csv(tables: tuple[ReportTable, ...], name: str) -> Iterator[bytes]:
    """Return one table as CSV, its total in the last line; the first table where none is named.

    Raises:
        NotFoundError: the report has no such table.
    """
    found = next((table for table in tables if name in ("", table.name)), None)
    if found is None:
        raise NotFoundError("There is no such table in this report. Open the report and export it there.")
    return csv_chunks(found.columns, [found.all_rows])


def _name(title: str) -> str:
    """Return a sheet's name: what a workbook does not take is left out."""
    return _NO_SHEET_NAME.sub("", title)[:_LONGEST_NAME]
