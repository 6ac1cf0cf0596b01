"""The tolerant reader: every fault of a file in one pass, as findings and never as exceptions."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from itertools import chain
from typing import Final

from ledes.assembly import assemble
from ledes.document import LedesInvoice
from ledes.fields import COLUMN_COUNT, FORMAT
from ledes.findings import UNREADABLE, Finding, FindingCode, Problem, Severity
from ledes.heading import read_heading
from ledes.lines import Source, read_lines
from ledes.loose import Record, has_byte_order_mark
from ledes.records import read_records
from ledes.rows import Rows
from ledes.values import character_problems

_INVOICE_NUMBER: Final = 1


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


@dataclass(slots=True)
class _OpenRows:
    """The rows of the invoice being read, whose end is not yet known."""

    invoice_number: str = ""
    numbers: list[int] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    unclean: list[int] = field(default_factory=list)


def parse(content: bytes) -> ParseResult:
    """Read a whole file from memory."""
    return collect(BytesIO(content))


def collect(source: Source) -> ParseResult:
    """Read a file opened in binary mode."""
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


def stream(source: Source) -> Iterator[LedesInvoice | Finding]:
    """Yield findings and invoices as they are met, keeping one invoice in memory at a time."""
    lines = read_lines(source)
    first = next(lines, b"")
    if has_byte_order_mark(first):
        fix = "Save the file without one, as plain ASCII."
        yield Problem(FindingCode.BYTE_ORDER_MARK, "", "The file begins with a byte order mark.", fix).at(1)
    heading = read_heading(read_records(chain([first], lines)))
    yield from heading.findings
    if heading.is_readable:
        yield from _invoices(heading.rows, heading.order or range(COLUMN_COUNT))


def _invoices(records: Iterator[Record], order: Sequence[int]) -> Iterator[LedesInvoice | Finding]:
    rows = _OpenRows()
    closed: set[str] = set()
    broken: set[str] = set()
    at = order[_INVOICE_NUMBER]
    for record in records:
        row, text, is_clean, problems = record
        if problems:
            yield from (one.at(row) for one in problems)
        if text.count("|") != COLUMN_COUNT - 1:
            yield from (one.at(row) for one in _frame_problems(record))
            broken.update(record.values[at : at + 1])
            continue
        number = text.split("|", at + 1)[at]
        if number != rows.invoice_number:
            yield from _close(rows, order, closed, broken)
            rows = _OpenRows(number)
        if not is_clean:
            rows.unclean.append(len(rows.texts))
        rows.numbers.append(row)
        rows.texts.append(text)
    yield from _close(rows, order, closed, broken)
    if not closed and not broken:
        yield Problem(FindingCode.NO_LINES, "", "The file holds no line item.", "Export the invoice again.").at(0)


def _close(
    rows: _OpenRows, order: Sequence[int], closed: set[str], broken: set[str]
) -> Iterator[LedesInvoice | Finding]:
    if not rows.texts:
        return
    number = rows.invoice_number
    if number in closed:
        yield _repeated(number).at(rows.numbers[0])
    closed.add(number)
    cells = "|".join(rows.texts).split("|")
    columns = [cells[column::COLUMN_COUNT] for column in order]
    invoice, findings = assemble(Rows(rows.numbers, columns, rows.unclean), is_complete=number not in broken)
    yield from findings
    if invoice:
        yield invoice


def _frame_problems(record: Record) -> Iterator[Problem]:
    """Name the faults of a record that does not have 24 values; its characters are looked at all the same."""
    if any(one.code is FindingCode.RECORD_TOO_LONG for one in record.problems):
        return
    message = f"The record has {len(record.values)} columns; {COLUMN_COUNT} are needed."
    fix = "Look for a pipe inside a text, or a value left out; write 23 pipes, none of them in a text."
    yield Problem(FindingCode.COLUMN_COUNT, "", message, fix)
    if not record.is_clean:
        yield from character_problems("".join(record.values), "")


def _repeated(number: str) -> Problem:
    message = f"INVOICE_NUMBER is {number!r}, used before in this file by an invoice that had ended."
    fix = "Keep the rows of an invoice together, and use a number once."
    return Problem(FindingCode.DUPLICATE_INVOICE, "INVOICE_NUMBER", message, fix, column=2)
