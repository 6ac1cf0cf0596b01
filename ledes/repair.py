"""Repairs of a file that lose nothing: no amount changes its value, no text a word; each is listed with its reason."""

from dataclasses import dataclass

from ledes.file_format import STANDARD, FileFormat
from ledes.findings import Finding, Severity
from ledes.formats import LedesFormat
from ledes.mending.changes import RepairChange, Wants, every
from ledes.mending.frame import take_apart, without_mark
from ledes.mending.heading import mend_heading
from ledes.mending.invoices import mend_invoices
from ledes.mending.records import find_records
from ledes.mending.rows import RowMender
from ledes.parser import parse
from ledes.pipe.layout import LAYOUTS, Layout
from ledes.source import BYTE_ORDER_MARK


@dataclass(frozen=True, slots=True)
class Repair:
    """A file as far as it could be mended.

    Attributes:
        content: the file after all changes; the very bytes given when there are none.
        format: of the file; None when it cannot be read as LEDES, and is left alone.
        changes: what was done, by row.
        remaining: what is still wrong.
        frame: those of the changes that are of the file as a whole; they go along with any other.
    """

    content: bytes
    format: LedesFormat | None
    changes: tuple[RepairChange, ...]
    remaining: tuple[Finding, ...]
    frame: tuple[RepairChange, ...] = ()

    @property
    def is_valid(self) -> bool:
        """Tell whether no error remains; warnings are allowed."""
        return not any(finding.severity is Severity.ERROR for finding in self.remaining)


def repair(content: bytes, file_format: FileFormat = STANDARD, *, wants: Wants = every) -> Repair:
    """Mend what can be mended without loss; a second repair of the outcome changes nothing.

    Args:
        content: a file in any format; of XML only the byte order mark is mended.
        file_format: the carrier's wishes, for what remains to be said about the file.
        wants: which repairs of rows and values are wanted; those of the file as a whole are always made.
    """
    plain, changes = without_mark(content)
    found = parse(plain, file_format)
    if found.format is None:
        return Repair(content, None, (), parse(content, file_format).findings)
    if found.format.is_xml:
        return _xml(content, found.format, file_format)
    mended, in_frame, in_rows = _mend(plain, LAYOUTS[found.format], wants)
    frame = (*changes, *in_frame)
    listed = tuple(sorted((*frame, *in_rows), key=lambda change: change.row))
    if not listed:
        return Repair(content, found.format, (), found.findings)
    return Repair(mended, found.format, listed, parse(mended, file_format).findings, frame)


def _xml(content: bytes, found: LedesFormat, file_format: FileFormat) -> Repair:
    """Take the byte order mark off; another encoding is named inside the file too, so that stays as it is."""
    plain, changes = without_mark(content) if content.startswith(BYTE_ORDER_MARK) else (content, ())
    return Repair(plain, found, changes, parse(plain, file_format).findings, changes)


def _mend(content: bytes, layout: Layout, wants: Wants) -> tuple[bytes, list[RepairChange], list[RepairChange]]:
    frame = take_apart(content)
    heading = mend_heading(tuple(find_records(frame.pieces, layout)), layout)
    mender = RowMender(layout, heading.order, heading.rows, wants)
    rows = [mender.mend(record) for record in heading.rows]
    mend_invoices(rows, layout, wants)
    lines = [*heading.lines, *(line for row in rows for line in row.lines())]
    mended = frame.end.join(lines) + (frame.end if frame.is_ended else b"")
    in_rows = [change for row in rows for change in row.changes]
    return mended, [*frame.changes, *heading.changes], in_rows
