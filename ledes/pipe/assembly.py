"""The rows of one invoice made into a document, or only checked."""

from datetime import date

from ledes.document import LedesInvoice
from ledes.findings import Finding
from ledes.pipe.heads import Head
from ledes.pipe.lines import Readings, read_rows, to_lines
from ledes.pipe.readers import Readers
from ledes.pipe.rows import Rows
from ledes.pipe.whole import check_future, check_heads, check_period, check_repeats, check_totals


def assemble(
    readers: Readers, rows: Rows, *, today: date, is_complete: bool
) -> tuple[LedesInvoice | None, list[Finding]]:
    """Return the invoice and its faults.

    Args:
        readers: of the format, under the carrier's limits.
        rows: all rows of one invoice, at least one.
        today: the day after which dates lie in the future.
        is_complete: False when another row of it was too broken to be here, so that its sum proves nothing.

    Returns:
        The invoice with those lines that could be read, or None when an invoice-level value could not; and findings.
    """
    head = readers.heads[tuple(rows.columns[column][0] for column in readers.head_columns)]
    readings = read_rows(readers, rows)
    findings = [*check_heads(readers, rows)]
    findings += check(readers, rows, head, readings, today=today, is_complete=is_complete)
    if head.values is None:
        return None, findings
    return LedesInvoice(**head.values, lines=to_lines(readers, rows, readings)), findings


def check(
    readers: Readers, rows: Rows, head: Head, readings: Readings, *, today: date, is_complete: bool = True
) -> list[Finding]:
    """Return the faults of an invoice all of whose rows have the same head."""
    findings = [rows.at(one, 0) for one in head.problems]
    for at, problems in enumerate(readings.problems):
        findings += [rows.at(one, at) for one in problems]
    findings += check_repeats(readers, rows)
    findings += check_period(readers, rows, readings.days, head)
    findings += check_future(readers, rows, readings.days, head, today)
    if is_complete and all(readings.are_readable):
        findings += check_totals(readers.limits, rows, head, readings)
    return findings
