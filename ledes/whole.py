"""What only the rows of an invoice together can show to be wrong."""

from collections.abc import Hashable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from operator import itemgetter
from typing import Final

from core.money import as_text
from ledes.findings import Finding, FindingCode
from ledes.heads import HEAD_COLUMNS, Head, differences
from ledes.rows import Rows
from ledes.values import problem

_LINE_NUMBER: Final = 8
_NARRATIVE: Final = 18
_twin_columns: Final = itemgetter(9, 10, 11, 12, 13, 15, 17, 18)


def check_heads(rows: Rows) -> Iterator[Finding]:
    """Find the rows whose invoice-level values differ from those of the first."""
    columns = [rows.columns[column] for column in HEAD_COLUMNS]
    if all(column.count(column[0]) == len(column) for column in columns):
        return
    first, *others = zip(*columns, strict=True)
    for row, head in zip(rows.numbers[1:], others, strict=True):
        for one in differences(first, head):
            yield one.at(row)


def check_repeats(rows: Rows) -> Iterator[Finding]:
    """Find line numbers used twice, and lines that repeat another."""
    numbers = rows.columns[_LINE_NUMBER]
    for first, at in _repeats(numbers):
        message = f"is {numbers[at]}, used before in row {rows.numbers[first]}."
        fix = "Number the lines of an invoice 1, 2, 3 ..."
        yield problem(FindingCode.DUPLICATE_LINE_NUMBER, "LINE_ITEM_NUMBER", message, fix).at(rows.numbers[at])
    if _are_distinct(rows.columns[_NARRATIVE]):
        return
    for first, at in _repeats(list(zip(*_twin_columns(rows.columns), strict=True))):
        message = f"is {numbers[at]}, which repeats line {numbers[first]} in date, timekeeper, figures and narrative."
        fix = "Make sure that the work was done twice."
        yield problem(FindingCode.DUPLICATE_LINE, "LINE_ITEM_NUMBER", message, fix).at(rows.numbers[at])


def _repeats(values: Sequence[Hashable]) -> Iterator[tuple[int, int]]:
    if _are_distinct(values):
        return
    seen: dict[Hashable, int] = {}
    for at, value in enumerate(values):
        first = seen.setdefault(value, at)
        if first != at:
            yield first, at


def _are_distinct(values: Sequence[Hashable]) -> bool:
    return len(set(values)) == len(values)


def check_period(rows: Rows, days: Sequence[date | None], head: Head) -> Iterator[Finding]:
    """Find lines dated outside the billing period."""
    start, end = head.billing_start_date, head.billing_end_date
    if start is None or end is None or start > end:
        return
    outside = {day for day in set(days) if day is not None and not start <= day <= end}
    for row, day in zip(rows.numbers, days, strict=True) if outside else ():
        if day in outside:
            message = f"is {day:%Y%m%d}, outside {start:%Y%m%d} to {end:%Y%m%d}."
            fix = "Correct the billing period, or bill the line with the period that it belongs to."
            yield problem(FindingCode.DATE_OUTSIDE_PERIOD, "LINE_ITEM_DATE", message, fix).at(row)


def check_total(rows: Rows, head: Head, made: Decimal) -> Iterator[Finding]:
    """Find an invoice total that is not the sum of the lines."""
    if head.invoice_total is None or head.invoice_total == made:
        return
    message = f"is {head.invoice_total:f}, but the lines of the invoice make {as_text(made)}."
    yield problem(FindingCode.TOTAL_WRONG, "INVOICE_TOTAL", message, f"Write {as_text(made)}.").at(rows.numbers[0])
