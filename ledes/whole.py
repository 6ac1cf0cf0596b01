"""What only the rows of an invoice together can show to be wrong."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from operator import attrgetter, itemgetter
from typing import Final

from core.money import as_text
from ledes.findings import Finding, FindingCode
from ledes.heads import Head, differences, head_texts
from ledes.rows import Row
from ledes.values import problem, read_date

_values = attrgetter("values")
_line_number = itemgetter(8)
_date_text = itemgetter(13)
_first_columns = itemgetter(slice(0, 8))
_last_columns = itemgetter(19, 23)
_twin_key: Final = itemgetter(9, 10, 11, 12, 13, 15, 17, 18)


def check_heads(rows: Sequence[Row]) -> Iterator[Finding]:
    """Find the rows whose invoice-level values differ from those of the first."""
    first = rows[0].values
    alike = (_first_columns(first), _last_columns(first))
    for row in rows:
        if (_first_columns(row.values), _last_columns(row.values)) != alike:
            for one in differences(head_texts(first), head_texts(row.values)):
                yield one.at(row.row)


def check_repeats(rows: Sequence[Row]) -> Iterator[Finding]:
    """Find line numbers used twice, and lines that repeat another."""
    for first, row in _repeats(rows, _line_number):
        number = _line_number(row.values)
        message = f"is {number}, used before in row {first.row}."
        fix = "Number the lines of an invoice 1, 2, 3 ..."
        yield problem(FindingCode.DUPLICATE_LINE_NUMBER, "LINE_ITEM_NUMBER", message, fix).at(row.row)
    for first, row in _repeats(rows, _twin_key):
        mine, theirs = _line_number(row.values), _line_number(first.values)
        message = f"is {mine}, which repeats line {theirs} in date, timekeeper, figures and narrative."
        fix = "Make sure that the work was done twice."
        yield problem(FindingCode.DUPLICATE_LINE, "LINE_ITEM_NUMBER", message, fix).at(row.row)


def _repeats(rows: Sequence[Row], key: Callable[[Sequence[str]], object]) -> Iterator[tuple[Row, Row]]:
    if len(set(map(key, map(_values, rows)))) == len(rows):
        return
    seen: dict[object, Row] = {}
    for row in rows:
        first = seen.setdefault(key(row.values), row)
        if first is not row:
            yield first, row


def check_period(rows: Sequence[Row], head: Head) -> Iterator[Finding]:
    """Find lines dated outside the billing period."""
    start, end = head.billing_start_date, head.billing_end_date
    if start is None or end is None or start > end:
        return
    for text in sorted(set(map(_date_text, map(_values, rows)))):
        day, _ = read_date(text, "LINE_ITEM_DATE")
        if day is not None and not start <= day <= end:
            yield from _outside([row for row in rows if _date_text(row.values) == text], day, start, end)


def _outside(rows: Sequence[Row], day: date, start: date, end: date) -> Iterator[Finding]:
    message = f"is {day:%Y%m%d}, outside {start:%Y%m%d} to {end:%Y%m%d}."
    fix = "Correct the billing period, or bill the line with the period that it belongs to."
    for row in rows:
        yield problem(FindingCode.DATE_OUTSIDE_PERIOD, "LINE_ITEM_DATE", message, fix).at(row.row)


def check_total(rows: Sequence[Row], head: Head, made: Decimal) -> Iterator[Finding]:
    """Find an invoice total that is not the sum of the lines."""
    if head.invoice_total is None or head.invoice_total == made:
        return
    message = f"is {head.invoice_total:f}, but the lines of the invoice make {as_text(made)}."
    yield problem(FindingCode.TOTAL_WRONG, "INVOICE_TOTAL", message, f"Write {as_text(made)}.").at(rows[0].row)
