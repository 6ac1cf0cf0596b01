"""The rows of one invoice made into a document, or only checked."""

from core.money import total
from ledes.document import LedesInvoice, LedesLine
from ledes.findings import Finding
from ledes.heads import Head, HeadTexts, first_head, read_head
from ledes.rows import Readings, Rows, read_rows, to_lines
from ledes.whole import check_heads, check_period, check_repeats, check_total


def assemble(rows: Rows, *, is_complete: bool) -> tuple[LedesInvoice | None, list[Finding]]:
    """Return the invoice and its faults.

    Args:
        rows: all rows of one invoice, at least one.
        is_complete: False when another row of it was too broken to be here, so that its sum proves nothing.

    Returns:
        The invoice with those lines that could be read, or None when an invoice-level value could not; and findings.
    """
    texts = first_head(rows.columns)
    head, readings = read_head(texts), read_rows(rows)
    findings = _check(rows, head, readings, is_complete=is_complete)
    return _invoice(texts, head, to_lines(rows, readings)), findings


def check(rows: Rows) -> list[Finding]:
    """Return the faults of an invoice, all of whose rows are given."""
    return _check(rows, read_head(first_head(rows.columns)), read_rows(rows), is_complete=True)


def _check(rows: Rows, head: Head, readings: Readings, *, is_complete: bool) -> list[Finding]:
    findings = [one.at(rows.numbers[0]) for one in head.problems]
    for row, problems in zip(rows.numbers, readings.problems, strict=True) if readings.problems else ():
        findings += [one.at(row) for one in problems]
    findings += [*check_heads(rows), *check_repeats(rows), *check_period(rows, readings.days, head)]
    if is_complete and all(readings.are_readable):
        findings += check_total(rows, head, total(readings.totals))
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
