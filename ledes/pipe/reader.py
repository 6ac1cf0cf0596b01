"""The tolerant reader: every fault of a file in one pass, as findings and never as exceptions."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Final, NamedTuple

from ledes.document import LedesInvoice
from ledes.file_format import FileFormat
from ledes.findings import Finding, FindingCode, Problem
from ledes.formats import LedesFormat
from ledes.pipe.assembly import assemble
from ledes.pipe.blocks import is_plain, lines_of, read_blocks, runs_of
from ledes.pipe.heading import Heading, read_heading
from ledes.pipe.layout import LAYOUTS, Layout
from ledes.pipe.loose import LooseReader, Record
from ledes.pipe.open_invoice import OpenInvoice
from ledes.pipe.readers import readers_of
from ledes.pipe.values import character_problems, problem
from ledes.source import BYTE_ORDER_MARK, Source

Item = LedesInvoice | Finding
Blocks = Iterator[tuple[bytes, int]]

MOST_LINES: Final = 20_000
"""Lines of one invoice held in memory at a time; an invoice of more is checked in parts and not given."""
_INVOICE_NUMBER: Final = 1
_HEADINGS: Final = {layout.heading.encode("ascii"): layout for layout in LAYOUTS.values()}


class Opened(NamedTuple):
    """A file whose heading was read: its format, None when it is not LEDES between pipes, and what it holds."""

    format: LedesFormat | None
    items: Iterator[Item]


def open_file(source: Source, file_format: FileFormat, today: date) -> Opened:
    """Read the heading of a file; its findings and invoices follow as they are met, one invoice in memory at a time."""
    blocks = read_blocks(source)
    block, skipped = next(blocks, (b"", 0))
    findings: list[Finding] = []
    start = 0
    if block.startswith(BYTE_ORDER_MARK):
        start = len(BYTE_ORDER_MARK)
        fix = "Save the file without one, as plain ASCII."
        mark = Problem(FindingCode.BYTE_ORDER_MARK, "", "The file begins with a byte order mark.", fix)
        findings.append(mark.at(1, 0))
        block = block[start:]
    loose = LooseReader(start)
    heading, records, rest = _read_heading(block, skipped, blocks, loose)
    findings += heading.findings
    if heading.layout is None:
        return Opened(None, iter(findings))
    reading = _Reading(heading.layout, heading.order, file_format, today)
    return Opened(heading.layout.format, reading.items(findings, records, rest, loose))


def _read_heading(
    block: bytes, skipped: int, blocks: Blocks, loose: LooseReader
) -> tuple[Heading, list[Record], Blocks]:
    """Return the heading, the records after it that were already read, and the blocks that were not."""
    for text, layout in _HEADINGS.items():
        if block.startswith(text):
            loose.row, loose.offset, loose.layout = 2, loose.offset + len(text), layout
            return Heading(layout, (), 2, ()), [], _chained(block[len(text) :], skipped, blocks)
    records: list[Record] = []
    lines: list[bytes] = []
    while block and len(records) < 2:  # noqa: PLR2004 -- first line and header
        lines = lines_of(block)
        while lines and len(records) < 2:  # noqa: PLR2004
            records += loose.read([lines.pop(0)])
        if not lines:
            loose.offset += skipped
            block, skipped = next(blocks, (b"", 0))
    rest = b"".join(lines) or block
    if not rest:
        records += loose.finish()
    heading = read_heading(*[*records, None, None][:2])
    if heading.layout:
        loose.layout = heading.layout
    return heading, records[heading.used :], _chained(rest, skipped, blocks)


def _chained(block: bytes, skipped: int, blocks: Blocks) -> Blocks:
    if block:
        yield block, skipped
    yield from blocks


class _Reading:
    """What is known between two rows of a file: the invoice being read, and the numbers of those before it."""

    def __init__(self, layout: Layout, order: Sequence[int], file_format: FileFormat, today: date) -> None:
        self._layout, self._width, self._today = layout, len(layout.fields), today
        self._order = order
        self._readers = readers_of(layout, file_format)
        self._allows_many = file_format.allows_many_invoices
        self._open = OpenInvoice(self._layout)
        self._closed: set[str] = set()
        self._broken: set[str] = set()
        self._endless = ""

    def items(
        self, findings: Iterable[Finding], records: Iterable[Record], blocks: Blocks, loose: LooseReader
    ) -> Iterator[Item]:
        """Yield what the heading has shown, then what the rows hold."""
        yield from findings
        yield from self._records(records)
        for block, skipped in blocks:
            if self._order or loose.is_torn or not is_plain(block, self._layout):
                yield from self._records(loose.read(lines_of(block)))
            else:
                yield from self._runs(block, loose)
            loose.offset += skipped
        yield from self._records(loose.finish())
        yield from self._close()
        if not self._closed and not self._broken:
            fault = Problem(FindingCode.NO_LINES, "", "The file holds no line item.", "Export the invoice again.")
            yield fault.at(0)

    def _runs(self, block: bytes, loose: LooseReader) -> Iterator[Item]:
        for run in runs_of(block, self._layout):
            yield from self._turn_to(run.leading[_INVOICE_NUMBER])
            self._open.add_run(run, loose.row + 1, loose.offset)
            loose.row += run.size
            loose.offset += run.length

    def _turn_to(self, number: str) -> Iterator[Item]:
        """Close the invoice being read unless the next row is of the same and there is room for it."""
        is_same = number == self._open.number and self._open.count > 0
        if is_same and self._open.count < MOST_LINES:
            return
        if is_same:
            self._endless = number
        yield from self._close()
        self._open = OpenInvoice(self._layout, number, is_rest=is_same)

    def _records(self, records: Iterable[Record]) -> Iterator[Item]:
        """Take rows one by one."""
        for record in records:
            faults = [one.at(record.row, record.offset) for one in record.problems]
            values = record.values
            if len(values) == self._width:
                values = [values[at] for at in self._order] if self._order else values
                yield from self._turn_to(values[_INVOICE_NUMBER])
                self._open.add(record, values)
            else:
                faults += [one.at(record.row, record.offset) for one in _frame_problems(record, self._width)]
                at = self._order[_INVOICE_NUMBER] if self._order else _INVOICE_NUMBER
                self._broken.update(values[at : at + 1])
            if self._open.count:
                self._open.findings += faults
            else:
                yield from faults

    def _close(self) -> Iterator[Item]:
        """Yield the invoice being read and its faults, in the order of the file."""
        if not self._open.count:
            return
        number, rows = self._open.number, self._open.rows()
        is_endless = number == self._endless
        is_complete = number not in self._broken and not is_endless
        invoice, findings = assemble(self._readers, rows, today=self._today, is_complete=is_complete)
        findings += self._open.findings
        if not self._open.is_rest:
            findings += [rows.at(one, 0) for one in self._number_problems(number, is_endless=is_endless)]
        self._closed.add(number)
        self._open = OpenInvoice(self._layout)
        findings.sort(key=lambda finding: (finding.row, finding.column))
        yield from findings
        if invoice and not is_endless:
            yield invoice

    def _number_problems(self, number: str, *, is_endless: bool) -> Iterator[Problem]:
        field = self._readers.limits.field["INVOICE_NUMBER"]
        if is_endless:
            message = f"is {number!r}, of an invoice with more than {MOST_LINES:,} lines; its sum was not checked."
            fix = "Bill so much work on several invoices."
            yield problem(FindingCode.TOO_MANY_LINES, field, message, fix, number)
        if number in self._closed:
            message = f"is {number!r}, used before in this file by an invoice that had ended."
            fix = "Keep the rows of an invoice together, and use a number once."
            yield problem(FindingCode.DUPLICATE_INVOICE, field, message, fix, number)
        elif len(self._closed) == 1 and not self._allows_many:
            message = f"is {number!r}, of a second invoice; this carrier takes one a file."
            yield problem(FindingCode.TOO_MANY_INVOICES, field, message, "Write each invoice to a file.", number)


def _frame_problems(record: Record, width: int) -> Iterator[Problem]:
    """Name the faults of a record with too few or too many values; its characters are looked at all the same."""
    if any(one.code is FindingCode.RECORD_TOO_LONG for one in record.problems):
        return
    message = f"The record has {len(record.values)} columns; {width} are needed."
    fix = f"Look for a pipe inside a text, or a value left out; write {width - 1} pipes, none of them in a text."
    yield Problem(FindingCode.COLUMN_COUNT, "", message, fix)
    if not record.is_clean:
        yield from character_problems("".join(record.values), None)
