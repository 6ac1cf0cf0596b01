"""A report's tables: figures with their kinds, so that page, file and mail show the same numbers."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from sqlmodel import Session

from adapters.spreadsheets import Kind, Row, SheetColumn, Value
from services.reporting.question import ReportQuestion

_TENTH = Decimal("0.1")
ReportRow = Row
"""One row of a report: its name, then its figures."""


@dataclass(frozen=True)
class ReportTable:
    """One table of a report: `total` is its last row, None where its numbers do not add up to anything.

    `until` is the day to which days go on by plan, None where there is no plan.
    """

    name: str
    title: str
    columns: tuple[SheetColumn, ...]
    rows: tuple[Row, ...]
    total: Row | None = None
    note: str = ""
    until: date | None = None

    @property
    def all_rows(self) -> tuple[Row, ...]:
        """The rows with the total below them."""
        return self.rows if self.total is None else (*self.rows, self.total)


class Span(StrEnum):
    """What time a report is of: as it stands now, one billing month, or several."""

    NOW = "now"
    MONTH = "month"
    MONTHS = "months"


@dataclass(frozen=True)
class Report:
    """One report: what it is called, what it answers, how its tables are made, and of what time they are."""

    name: str
    title: str
    hint: str
    tables: Callable[[Session, ReportQuestion], tuple[ReportTable, ...]]
    span: Span = Span.MONTHS


def text(title: str, width: int = 28) -> SheetColumn:
    """Return a column of names."""
    return SheetColumn(title, Kind.TEXT, width)


def money(title: str) -> SheetColumn:
    """Return a column of dollars."""
    return SheetColumn(title, Kind.MONEY, 16)


def count(title: str) -> SheetColumn:
    """Return a column of counts."""
    return SheetColumn(title, Kind.COUNT, 11)


def percent(title: str) -> SheetColumn:
    """Return a column of percents."""
    return SheetColumn(title, Kind.PERCENT, 12)


def days(title: str) -> SheetColumn:
    """Return a column of days with one decimal."""
    return SheetColumn(title, Kind.NUMBER, 12)


def share(part: Decimal | int, whole: Decimal | int) -> Decimal | None:
    """Return part of whole in percent to a tenth, half up; None of nothing."""
    return (Decimal(part) * 100 / Decimal(whole)).quantize(_TENTH, ROUND_HALF_UP) if whole else None


def added_up(rows: Iterable[Row], columns: Sequence[SheetColumn], first: str = "All") -> list[Value]:
    """Return the sums of the columns that add up, counts and dollars; other cells are None."""
    found = list(rows)
    sums: list[Value] = [first]
    for at, column in enumerate(columns[1:], 1):
        cells = [row[at] for row in found]
        if column.kind is Kind.MONEY:
            sums.append(sum((cell for cell in cells if isinstance(cell, Decimal)), start=Decimal("0.00")))
        elif column.kind is Kind.COUNT:
            sums.append(sum(cell for cell in cells if isinstance(cell, int)))
        else:
            sums.append(None)
    return sums
