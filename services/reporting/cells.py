"""A report's figures in the words that people read, the same on the page, on paper and in a mail."""

from datetime import date, datetime
from decimal import Decimal

from adapters.spreadsheets import Kind, SheetColumn, Value
from core.money import as_dollars

NOTHING = "\N{EN DASH}"
"""What stands where there is no figure."""


def cell_text(column: SheetColumn, value: Value) -> str:
    """Return a figure as its column shows it: '$1,250.00', '1,204', '12.5', '9 Nov 2026'; a dash for none."""
    if value is None:
        return NOTHING
    if isinstance(value, datetime):
        return f"{value.day} {value:%b %Y, %H:%M}"
    if isinstance(value, date):
        return f"{value.day} {value:%b %Y}"
    if isinstance(value, Decimal):
        return as_dollars(value) if column.kind is Kind.MONEY else f"{value:,}"
    return f"{value:,}" if isinstance(value, int) else value


def is_number(column: SheetColumn) -> bool:
    """Whether a column's figures stand at the right, digit below digit."""
    return column.kind not in {Kind.TEXT, Kind.DAY, Kind.MOMENT}
