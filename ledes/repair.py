"""Repairs of a file that lose nothing: no amount changes its value, no text a word; each is listed with its reason."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Final

from ledes.file_format import STANDARD, FileFormat
from ledes.findings import Finding, Severity
from ledes.mending.changes import RepairChange
from ledes.mending.frame import take_apart, without_mark
from ledes.mending.heading import MendedHeading, mend_heading
from ledes.mending.pipes import without_stray_pipes
from ledes.mending.readings import settle
from ledes.mending.records import FoundRecord, find_records, frame_changes
from ledes.mending.totals import proven_total, with_total
from ledes.mending.values import mend_value
from ledes.parser import parse
from ledes.pipe.layout import LAYOUTS, TERMINATOR, Layout

Peers = dict[str, list[str]]

_NUMBER: Final = 1
_TOTAL_REASON: Final = "The lines of the invoice add up to this, and the rows disagreed among themselves."
_PIPE_REASON: Final = "Only with the pipe in this text are the types, codes and figures of the row right."
_READING_REASON: Final = "Read any other way, the figures of the invoice do not agree."


@dataclass(frozen=True, slots=True)
class Repair:
    """A file as far as it could be mended.

    Attributes:
        content: the file after all changes; the very bytes given when there are none.
        changes: what was done, by row.
        remaining: what is still wrong.
    """

    content: bytes
    changes: tuple[RepairChange, ...]
    remaining: tuple[Finding, ...]

    @property
    def is_valid(self) -> bool:
        """Tell whether no error remains; warnings are allowed."""
        return not any(finding.severity is Severity.ERROR for finding in self.remaining)


@dataclass(slots=True)
class _Row:
    """A record being mended; its values stand in the order of the format, or are None when their number is wrong."""

    record: FoundRecord
    values: list[str] | None
    is_moved: bool = False
    changes: list[RepairChange] = field(default_factory=list)


def repair(content: bytes, file_format: FileFormat = STANDARD) -> Repair:
    """Mend what can be mended without loss; a second repair of the outcome changes nothing.

    Args:
        content: a file in any format; of XML only the byte order mark is mended.
        file_format: the carrier's wishes, for what remains to be said about the file.
    """
    plain, changes = without_mark(content)
    found = parse(plain, file_format)
    if found.format is None:
        return Repair(content, (), parse(content, file_format).findings)
    layout = LAYOUTS.get(found.format)
    if layout is None:
        return Repair(plain, changes, found.findings)
    mended, in_records = _mend(plain, layout)
    listed = tuple(sorted((*changes, *in_records), key=lambda change: change.row))
    return (
        Repair(mended, listed, parse(mended, file_format).findings) if listed else Repair(content, (), found.findings)
    )


def _mend(content: bytes, layout: Layout) -> tuple[bytes, list[RepairChange]]:
    frame = take_apart(content)
    heading = mend_heading(tuple(find_records(frame.pieces, layout)), layout)
    peers = _peers(heading, layout)
    rows = [_row(record, heading.order, peers, layout) for record in heading.rows]
    for invoice in _provable(rows):
        _mend_invoice(invoice, layout)
    lines = [*heading.lines, *(line for row in rows for line in _rendered(row))]
    mended = frame.end.join(lines) + (frame.end if frame.is_ended else b"")
    return mended, [*frame.changes, *heading.changes, *(change for row in rows for change in row.changes)]


def _peers(heading: MendedHeading, layout: Layout) -> Peers:
    """Return a whole row of each invoice by its number."""
    if heading.order:
        return {}
    whole = [row.values for row in heading.rows if len(row.values) == len(layout.fields)]
    return {values[_NUMBER]: values for values in reversed(whole)}


def _row(record: FoundRecord, order: tuple[int, ...], peers: Peers, layout: Layout) -> _Row:
    given, changes = _in_order(record, order, peers, layout)
    if given is None:
        return _Row(record, None)
    changes += frame_changes(record)
    values = []
    for text, place in zip(given, layout.fields, strict=True):
        mended, reason = mend_value(text, place)
        values.append(mended)
        if reason:
            changes.append(RepairChange(record.row, place.name, text, mended, reason))
    return _Row(record, values, bool(order), changes)


def _in_order(
    record: FoundRecord, order: tuple[int, ...], peers: Peers, layout: Layout
) -> tuple[list[str] | None, list[RepairChange]]:
    """Return the values in the order of the format, a stray pipe replaced; None when they cannot be told apart."""
    values = record.values
    if record.is_cut:
        return None, []
    if len(values) == len(layout.fields):
        return ([values[at] for at in order] if order else values), []
    found = without_stray_pipes(values, peers, layout)
    if found is None:
        return None, []
    row, name = found
    after = row[layout.names.index(name)]
    return row, [RepairChange(record.row, name, _with_pipes(values, row, name, layout), after, _PIPE_REASON)]


def _with_pipes(values: Sequence[str], row: Sequence[str], name: str, layout: Layout) -> str:
    at = layout.names.index(name)
    return "|".join(values[at : at + len(values) - len(row) + 1])


def _provable(rows: Sequence[_Row]) -> Iterator[list[_Row]]:
    """Yield the rows of each invoice that is whole, and whose figures can therefore prove something."""
    groups = [list(group) for _, group in groupby(rows, key=_number_of)]
    numbers = Counter(_number_of(group[0]) for group in groups)
    for group in groups:
        if numbers[_number_of(group[0])] == 1 and all(row.values is not None for row in group):
            yield group


def _number_of(row: _Row) -> str:
    values = row.record.values if row.values is None else row.values
    return values[_NUMBER] if len(values) > _NUMBER else ""


def _mend_invoice(rows: Sequence[_Row], layout: Layout) -> None:
    settled = settle([row.values or [] for row in rows], layout)
    if settled is not None:
        _apply(rows, settled, layout, _READING_REASON)
    values = [row.values or [] for row in rows]
    text = proven_total(values, layout)
    if text is not None:
        _apply(rows, with_total(values, text, layout), layout, _TOTAL_REASON)


def _apply(rows: Sequence[_Row], mended: Sequence[list[str]], layout: Layout, reason: str) -> None:
    for row, values in zip(rows, mended, strict=True):
        for name, before, after in zip(layout.names, row.values or [], values, strict=True):
            if before != after:
                row.changes.append(RepairChange(row.record.row, name, before, after, reason))
        row.values = values


def _rendered(row: _Row) -> Sequence[bytes]:
    """Return the lines of a record; the very bytes it came in when nothing was changed."""
    if row.values is None or not (row.changes or row.is_moved):
        return row.record.raws
    return [row.record.encode(f"{'|'.join(row.values)}{TERMINATOR}")]
