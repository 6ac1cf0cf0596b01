"""Rows gathered into one invoice, and what only the invoice as a whole can show to be wrong."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from core.money import as_text, total
from ledes.document import LedesInvoice, LedesLine
from ledes.findings import Finding, FindingCode
from ledes.heads import HeadTexts, differences, head_texts, read_head
from ledes.rows import read_line
from ledes.values import Problems, problem


class Assembly:
    """One invoice under construction, row by row."""

    def __init__(self, row: int, values: Sequence[str]) -> None:
        self.number = values[1]
        self._row = row
        self._texts: HeadTexts = head_texts(values)
        self._head = read_head(self._texts)
        self._lines: list[LedesLine] = []
        self._is_complete = True
        self._numbers: set[str] = set()
        self._seen: dict[tuple[str, ...], str] = {}
        self._start, self._end = self._head.billing_start_date, self._head.billing_end_date

    def add(self, row: int, values: Sequence[str], *, is_clean: bool) -> Iterator[Finding]:
        """Take one row of 24 values and yield its faults."""
        line, problems = read_line(values, is_clean=is_clean)
        texts = head_texts(values)
        if texts != self._texts:
            problems += differences(self._texts, texts)
        for one in problems:
            yield one.at(row)
        if line is None:
            self._is_complete = False
            return
        self._lines.append(line)
        yield from self._out_of_place(row, line, values)

    def _out_of_place(self, row: int, line: LedesLine, values: Sequence[str]) -> Iterator[Finding]:
        number = line.line_item_number
        if number in self._numbers:
            message, fix = f"is {number}, used before in this invoice.", "Number the lines of an invoice 1, 2, 3 ..."
            yield problem(FindingCode.DUPLICATE_LINE_NUMBER, "LINE_ITEM_NUMBER", message, fix).at(row)
        self._numbers.add(number)
        if self._start and self._end and not self._start <= line.date <= self._end:
            message = f"is {line.date:%Y%m%d}, outside {self._start:%Y%m%d} to {self._end:%Y%m%d}."
            fix = "Correct the billing period, or bill the line with the period that it belongs to."
            yield problem(FindingCode.DATE_OUTSIDE_PERIOD, "LINE_ITEM_DATE", message, fix).at(row)
        twin = self._seen.setdefault((*values[9:14], values[15], values[17], values[18]), number)
        if twin != number:
            message = f"is {number}, which repeats line {twin} in date, timekeeper, figures and narrative."
            fix = "Make sure that the work was done twice."
            yield problem(FindingCode.DUPLICATE_LINE, "LINE_ITEM_NUMBER", message, fix).at(row)

    def close(self, *, is_complete: bool = True) -> tuple[LedesInvoice | None, list[Finding]]:
        """Return the invoice, or None when its head cannot be read, and the faults of the whole.

        Args:
            is_complete: False when a row of the invoice was too broken to be added, so that its sum proves nothing.
        """
        findings = [one.at(self._row) for one in self._head.problems]
        _, number, client_id, matter_id, *_, description, firm_id, client_matter_id = self._texts
        head = self._head
        if head.invoice_date is None or head.billing_start_date is None or head.billing_end_date is None:
            return None, findings
        if head.invoice_total is None:
            return None, findings
        if is_complete and self._is_complete:
            findings += [one.at(self._row) for one in self._total_problems(head.invoice_total)]
        invoice = LedesInvoice(
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
            lines=tuple(self._lines),
        )
        return invoice, findings

    def _total_problems(self, invoice_total: Decimal) -> Problems:
        made = total(line.total for line in self._lines)
        if invoice_total == made:
            return ()
        message = f"is {invoice_total:f}, but the lines of the invoice make {as_text(made)}."
        return (problem(FindingCode.TOTAL_WRONG, "INVOICE_TOTAL", message, f"Write {as_text(made)}."),)
