"""What only the rows of an invoice together can show to be wrong."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from operator import itemgetter
from typing import Final

from core.money import as_text
from ledes.findings import Finding, FindingCode
from ledes.heads import Head, differences, head_texts
from ledes.rows import Rows
from ledes.values import problem

_line_number = itemgetter(8)
_narrative = itemgetter(18)
_first_columns = itemgetter(slice(0, 8))
_last_columns = itemgetter(19, 23)
_twin_key: Final = itemgetter(9, 10, 11, 12, 13, 15, 17, 18)


def check_heads(rows: Rows) -> Iterator[Finding]:
    """Find the rows whose invoice-level values differ from those of the first."""
    first = rows.values[0]
    start, end = _first_columns(first), _last_columns(first)
    for at, values in enumerate(rows.values):
        if _first_columns(values) != start or _last_columns(values) != end:
            for one in differences(head_texts(first), head_texts(values)):
                yield one.at(rows.numbers[at])


def check_repeats(rows: Rows) -> Iterator[Finding]:
    """Find line numbers used twice, and lines that repeat another."""
    for first, at in _repeats(rows, _line_number):
        message = f"is {_line_number(rows.values[at])}, used before in row {rows.numbers[first]}."
        fix = "Number the lines of an invoice 1, 2, 3 ..."
        yield problem(FindingCode.DUPLICATE_LINE_NUMBER, "LINE_ITEM_NUMBER", message, fix).at(rows.numbers[at])
    if _are_distinct(rows, _narrative):
        return
    for first, at in _repeats(rows, _twin_key):
        mine, theirs = _line_number(rows.values[at]), _line_number(rows.values[first])
        message = f"is {mine}, which repeats line {theirs} in date, timekeeper, figures and narrative."
        fix = "Make sure that the work was done twice."
        yield problem(FindingCode.DUPLICATE_LINE, "LINE_ITEM_NUMBER", message, fix).at(rows.numbers[at])


def _repeats(rows: Rows, key: Callable[[Sequence[str]], object]) -> Iterator[tuple[int, int]]:
    if _are_distinct(rows, key):
        return
    seen: dict[object, int] = {}
    for at, values in enumerate(rows.values):
        first = seen.setdefault(key(values), at)
        if first != at:
            yield first, at


def _are_distinct(rows: Rows, key: Callable[[Sequence[str]], object]) -> bool:
    return len(set(map(key, rows.values))) == len(rows.values)


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
