"""The tolerant reader: every fault of a file in one pass, as findings and never as exceptions."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from itertools import chain

from ledes.assembly import assemble
from ledes.document import LedesInvoice
from ledes.fields import COLUMN_COUNT, FORMAT
from ledes.findings import UNREADABLE, Finding, FindingCode, Problem, Severity
from ledes.heading import read_heading
from ledes.records import Record, has_byte_order_mark, read_records
from ledes.rows import Rows


@dataclass(frozen=True, slots=True)
class ParseResult:
    """A file as read.

    Attributes:
        format: name of the format, or None when the file is not LEDES at all.
        invoices: the invoices whose invoice-level values could be read, with those of their lines that could.
        findings: all faults, by row and column.
    """

    format: str | None
    invoices: tuple[LedesInvoice, ...]
    findings: tuple[Finding, ...]

    @property
    def is_valid(self) -> bool:
        """Tell whether there is no error; warnings are allowed."""
        return not any(finding.severity is Severity.ERROR for finding in self.findings)


def parse(content: bytes) -> ParseResult:
    """Read a whole file from memory."""
    return collect(BytesIO(content))


def collect(source: Iterable[bytes]) -> ParseResult:
    """Read a file given as its lines in bytes, such as one opened in binary mode."""
    invoices: list[LedesInvoice] = []
    findings: list[Finding] = []
    for item in stream(source):
        if isinstance(item, LedesInvoice):
            invoices.append(item)
        else:
            findings.append(item)
    is_readable = UNREADABLE.isdisjoint(finding.code for finding in findings)
    findings.sort(key=lambda finding: (finding.row, finding.column))
    return ParseResult(FORMAT if is_readable else None, tuple(invoices), tuple(findings))


def stream(source: Iterable[bytes]) -> Iterator[LedesInvoice | Finding]:
    """Yield findings and invoices as they are met, keeping one invoice in memory at a time."""
    lines = iter(source)
    first = next(lines, b"")
    if has_byte_order_mark(first):
        fix = "Save the file without one, as plain ASCII."
        yield Problem(FindingCode.BYTE_ORDER_MARK, "", "The file begins with a byte order mark.", fix).at(1)
    heading = read_heading(read_records(chain([first], lines)))
    yield from heading.findings
    if heading.is_readable:
        yield from _invoices(heading.rows, heading.order)


def _invoices(records: Iterator[Record], order: tuple[int, ...]) -> Iterator[LedesInvoice | Finding]:
    rows = Rows()
    closed: set[str] = set()
    broken: set[str] = set()
    for row, values, is_clean, problems in records:
        for one in problems:
            yield one.at(row)
        if len(values) != COLUMN_COUNT:
            yield _column_count(len(values)).at(row)
            broken.update(values[1:2])
            continue
        cells = [values[column] for column in order] if order else values
        if rows.values and cells[1] != rows.values[0][1]:
            yield from _close(rows, closed, broken)
            rows = Rows()
        if not is_clean:
            rows.unclean.append(len(rows.values))
        rows.numbers.append(row)
        rows.values.append(cells)
    yield from _close(rows, closed, broken)
    if not closed and not broken:
        yield Problem(FindingCode.NO_LINES, "", "The file holds no line item.", "Export the invoice again.").at(0)


def _close(rows: Rows, closed: set[str], broken: set[str]) -> Iterator[LedesInvoice | Finding]:
    if not rows.values:
        return
    number = rows.values[0][1]
    if number in closed:
        yield _repeated(number).at(rows.numbers[0])
    closed.add(number)
    invoice, findings = assemble(rows, is_complete=number not in broken)
    yield from findings
    if invoice:
        yield invoice


def _column_count(count: int) -> Problem:
    message = f"The record has {count} columns; {COLUMN_COUNT} are needed."
    fix = "Look for a pipe inside a text, or a value left out; write 23 pipes, none of them in a text."
    return Problem(FindingCode.COLUMN_COUNT, "", message, fix)


def _repeated(number: str) -> Problem:
    message = f"INVOICE_NUMBER is {number!r}, used before in this file by an invoice that had ended."
    fix = "Keep the rows of an invoice together, and use a number once."
    return Problem(FindingCode.DUPLICATE_INVOICE, "INVOICE_NUMBER", message, fix)
