"""A report's tables as rows of text, and the files that they leave as."""

from collections.abc import Callable
from dataclasses import dataclass

from services.reporting.cells import cell_text, is_number
from services.reporting.table import ReportRow, ReportTable
from state.words import counted

SHOWN = 100
HrefOf = Callable[[str, ReportRow], str]


@dataclass(frozen=True)
class HeadView:
    """One column's heading; `align` is 'start' or 'end'."""

    title: str
    align: str


@dataclass(frozen=True)
class CellView:
    """One figure as text."""

    text: str
    align: str


@dataclass(frozen=True)
class RowView:
    """One row: its name, where the rows behind it are ('' = in no list), and its figures."""

    name: str
    href: str
    cells: list[CellView]


@dataclass(frozen=True)
class TableView:
    """One table; `total` is empty where its figures do not add up to anything."""

    name: str
    title: str
    note: str
    first: str
    head: list[HeadView]
    rows: list[RowView]
    total: list[CellView]


@dataclass(frozen=True)
class FileView:
    """One way in which the report leaves as a file."""

    label: str
    href: str


def table_view(table: ReportTable, href_of: HrefOf) -> TableView:
    """Return a table as text; of a long one the first hundred rows."""
    rows = table.rows[:SHOWN]
    left = len(table.rows) - len(rows)
    more = f"{counted(left, 'more row')} {'is' if left == 1 else 'are'} in the export." if left else ""
    return TableView(
        name=table.name,
        title=table.title,
        note=" ".join(part for part in (table.note, more) if part),
        first=table.columns[0].title,
        head=[HeadView(column.title, _align(table, at)) for at, column in enumerate(table.columns) if at],
        rows=[
            RowView(cell_text(table.columns[0], row[0]), href_of(table.name, row), _cells(table, row)) for row in rows
        ],
        total=_cells(table, table.total) if table.total is not None and table.rows else [],
    )


def file_views(report: str, tables: tuple[ReportTable, ...], query: str) -> list[FileView]:
    """Return the files: one workbook, and each table as CSV; `query` is the report's own, as in '?carrier=3'."""
    join = "&" if query else "?"
    csv = [
        FileView(f"CSV: {table.title}", f"/files/report/{report}.csv{query}{join}table={table.name}")
        for table in tables
    ]
    return [FileView("Excel workbook", f"/files/report/{report}.xlsx{query}"), *csv]


def _cells(table: ReportTable, row: ReportRow) -> list[CellView]:
    return [CellView(cell_text(column, row[at]), _align(table, at)) for at, column in enumerate(table.columns) if at]


def _align(table: ReportTable, at: int) -> str:
    return "end" if is_number(table.columns[at]) else "start"
