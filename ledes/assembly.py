"""The rows of one invoice made into a document, or only checked."""

from collections.abc import Sequence

from core.money import total
from ledes.document import LedesInvoice, LedesLine
from ledes.findings import Finding
from ledes.heads import Head, HeadTexts, head_texts, read_head
from ledes.rows import Reading, Row, read_rows, to_line
from ledes.whole import check_heads, check_period, check_repeats, check_total


def assemble(rows: Sequence[Row], *, is_complete: bool) -> tuple[LedesInvoice | None, list[Finding]]:
    """Return the invoice and its faults.

    Args:
        rows: all rows of one invoice, 24 values each, at least one.
        is_complete: False when another row of it was too broken to be here, so that its sum proves nothing.

    Returns:
        The invoice with those lines that could be read, or None when an invoice-level value could not; and findings.
    """
    texts = head_texts(rows[0].values)
    head = read_head(texts)
    readings = list(read_rows(rows))
    findings = _check(rows, head, readings, is_complete=is_complete)
    lines = tuple(line for line in map(to_line, readings) if line is not None)
    return _invoice(texts, head, lines), findings


def check(rows: Sequence[Row]) -> list[Finding]:
    """Return the faults of an invoice, all of whose rows are given."""
    head = read_head(head_texts(rows[0].values))
    return _check(rows, head, list(read_rows(rows)), is_complete=True)


def _check(rows: Sequence[Row], head: Head, readings: list[Reading], *, is_complete: bool) -> list[Finding]:
    findings = [one.at(rows[0].row) for one in head.problems]
    for reading in readings:
        if reading.problems:
            findings += [one.at(reading.row.row) for one in reading.problems]
    findings += [*check_heads(rows), *check_repeats(rows), *check_period(rows, head)]
    if is_complete and all(reading.amounts.is_readable for reading in readings):
        findings += check_total(rows, head, total(reading.amounts.total for reading in readings))
    return findings


def _invoice(texts: HeadTexts, head: Head, lines: tuple[LedesLine, ...]) -> LedesInvoice | None:
    _, number, client_id, matter_id, *_, description, firm_id, client_matter_id = texts
    if head.invoice_date is None or head.billing_start_date is None or head.billing_end_date is None:
        return None
    if head.invoice_total is None:
        return None
    return LedesInvoice(
        invoice_date=head.invoice_date,
        invoice_number=number,
        client_id=client_id,
        law_firm_matter_id=matter_id,
        invoice_total=head.invoice_total,
        billing_start_date=head.billing_start_date,
        billing_end_date=head.billing_end_date,
        invoice_description=description,
        law_firm_id=firm_id,
        client_matter_id=client_matter_id,
        lines=lines,
    )
