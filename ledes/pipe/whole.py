"""What only the rows of an invoice together can show to be wrong."""

from collections.abc import Hashable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from operator import itemgetter
from typing import Final

from core.money import ZERO, as_text
from ledes.file_format import Verdict
from ledes.findings import Finding, FindingCode, Problem
from ledes.pipe.heads import Head, differences
from ledes.pipe.layout import Field
from ledes.pipe.limits import Limits
from ledes.pipe.lines import AT, Readings
from ledes.pipe.readers import Readers
from ledes.pipe.rows import Rows
from ledes.pipe.values import problem

_TWIN_ATTRIBUTES: Final = (
    "exp_fee_inv_adj_type", "units", "adjustment_amount", "total", "date", "expense_code", "timekeeper_id",
    "description",
)  # fmt: skip
_twin_columns: Final = itemgetter(*(AT[attribute] for attribute in _TWIN_ATTRIBUTES))


def check_heads(readers: Readers, rows: Rows) -> Iterator[Finding]:
    """Find the rows whose invoice-level values differ from those of the first."""
    columns = [rows.columns[column] for column in readers.head_columns]
    inner = [rows.columns[column] for column in readers.inner_head_columns] if rows.repeats_ends else columns
    if all(column.count(column[0]) == len(column) for column in inner):
        return
    first, *others = zip(*columns, strict=True)
    for at, head in enumerate(others, start=1):
        for one in differences(first, head, readers.limits):
            yield rows.at(one, at)


def check_repeats(readers: Readers, rows: Rows) -> Iterator[Finding]:
    """Find line numbers used twice, and lines that repeat another."""
    numbers, field = rows.columns[AT["line_item_number"]], readers.limits.field["LINE_ITEM_NUMBER"]
    for first, at in _repeats(numbers):
        message = f"is {numbers[at]}, used before in row {rows.number(first)}."
        fix = "Number the lines of an invoice 1, 2, 3 ..."
        yield rows.at(problem(FindingCode.DUPLICATE_LINE_NUMBER, field, message, fix, numbers[at]), at)
    if _are_distinct(rows.columns[AT["description"]]):
        return
    for first, at in _repeats(list(zip(*_twin_columns(rows.columns), strict=True))):
        message = f"is {numbers[at]}, which repeats line {numbers[first]} in date, timekeeper, figures and narrative."
        fix = "Make sure that the work was done twice."
        yield rows.at(problem(FindingCode.DUPLICATE_LINE, field, message, fix, numbers[at]), at)


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


def check_period(readers: Readers, rows: Rows, days: Sequence[date | None], head: Head) -> Iterator[Finding]:
    """Find lines dated outside the billing period."""
    start, end, verdict = head.billing_start_date, head.billing_end_date, readers.limits.file_format.outside_period
    if start is None or end is None or start > end or verdict is Verdict.IGNORE:
        return
    known = set(filter(None, days))
    if not known or (start <= min(known) and max(known) <= end):
        return
    for at, day in enumerate(days):
        if day is not None and not start <= day <= end:
            text = f"{day:%Y%m%d}"
            message = f"is {text}, outside {start:%Y%m%d} to {end:%Y%m%d}."
            fix = "Correct the billing period, or bill the line with the period that it belongs to."
            field = readers.limits.field["LINE_ITEM_DATE"]
            yield rows.at(_judged(FindingCode.DATE_OUTSIDE_PERIOD, field, message, fix, text, verdict), at)


def check_future(
    readers: Readers, rows: Rows, days: Sequence[date | None], head: Head, today: date
) -> Iterator[Finding]:
    """Find an invoice and lines dated after `today`."""
    field, verdict = readers.limits.field, readers.limits.file_format.future_dates
    if verdict is Verdict.IGNORE:
        return
    dated = [(field["INVOICE_DATE"], 0, head.invoice_date)]
    dated += [(field["LINE_ITEM_DATE"], at, day) for at, day in enumerate(days)]
    for one, at, day in dated:
        if day is not None and day > today:
            message, fix = f"is {day:%Y%m%d}, a day still to come.", "Give the day of the work, or send it later."
            yield rows.at(_judged(FindingCode.FUTURE_DATE, one, message, fix, f"{day:%Y%m%d}", verdict), at)


def _judged(code: FindingCode, field: Field, message: str, fix: str, text: str, verdict: Verdict) -> Problem:
    is_warning = verdict is Verdict.WARNING
    return Problem(code, field.name, f"{field.name} {message}", fix, is_warning, field.position, text)


def check_totals(limits: Limits, rows: Rows, head: Head, readings: Readings) -> Iterator[Finding]:
    """Find invoice-level totals that are not the sums of the lines."""
    made = sum(readings.totals, start=ZERO)
    if head.invoice_total is not None and head.invoice_total != made:
        message = f"is {head.invoice_total:f}, but the lines of the invoice make {as_text(made)}."
        yield rows.at(
            _total(FindingCode.TOTAL_WRONG, limits.field["INVOICE_TOTAL"], message, made, head.invoice_total), 0
        )
    if not limits.layout.has_taxes:
        return
    tax = sum(filter(None, readings.taxes), start=ZERO)
    if head.tax_total is not None and head.tax_total != tax:
        message = f"is {head.tax_total:f}, but the lines of the invoice make {as_text(tax)}."
        yield rows.at(
            _total(FindingCode.TAX_TOTAL_WRONG, limits.field["INVOICE_TAX_TOTAL"], message, tax, head.tax_total), 0
        )
    if head.net_total is not None and head.net_total != made - tax:
        message = f"is {head.net_total:f}, but the lines of the invoice less their taxes make {as_text(made - tax)}."
        field = limits.field["INVOICE_NET_TOTAL"]
        yield rows.at(_total(FindingCode.NET_TOTAL_WRONG, field, message, made - tax, head.net_total), 0)


def _total(code: FindingCode, field: Field, message: str, made: Decimal, found: Decimal) -> Problem:
    return problem(code, field, message, f"Write {as_text(made)}.", f"{found:f}")
