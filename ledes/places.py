"""Where in a file a finding points: the bytes of its record, and of the value in it."""

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from ledes.findings import Finding
from ledes.mending.heading import plain_name
from ledes.sniff import looks_like_xml

_HEAD: Final = 2_000
_LONGEST_RECORD: Final = 65_536
_LONGEST_ELEMENT: Final = 16_384
_SHOWN: Final = 77
_BESIDE: Final = 600
_LINE_END: Final = re.compile(rb"\r\n|\n|\r")
_NEW_RECORD: Final = re.compile(rb"[0-9]{8}\||INVOICE_DATE\||LEDES")
_TAG: Final = re.compile(rb"<([A-Za-z_][^\s/>]*)[^>]*>")
_END: Final = b"[]"
_FEWEST_NAMES: Final = 12


class Span(NamedTuple):
    """Bytes of a file from `start` to before `end`."""

    start: int
    end: int


class FoundPlace(NamedTuple):
    """What a finding points at.

    Attributes:
        line: the record, or in XML what stands around the element.
        value: the value in it; all of the record when the finding is of no single value.
        column: position of the value in the record as it stands in the file, from 1; 0: none.
        columns: how many values the record has; 0 in XML and where there is no record.
    """

    line: Span
    value: Span
    column: int
    columns: int


def place_of(content: bytes, finding: Finding) -> FoundPlace:
    """Return the bytes a finding is about; the beginning of the file when it is about the whole of it."""
    if finding.row == 0 or finding.offset < 0 or finding.offset >= len(content):
        head = Span(0, min(len(content), _HEAD))
        return FoundPlace(head, Span(0, 0), 0, 0)
    if looks_like_xml(content[:_HEAD]):
        return _in_xml(content, finding)
    return _between_pipes(content, finding)


def _in_xml(content: bytes, finding: Finding) -> FoundPlace:
    start = finding.offset
    tag = _TAG.match(content, start, start + _LONGEST_ELEMENT)
    end = tag.end() if tag else min(start + 1, len(content))
    if tag and finding.value:
        closing = b"</" + tag[1] + b">"
        found = content.find(closing, end, end + _LONGEST_ELEMENT)
        end = found + len(closing) if found >= 0 else end
    first = max(_line_start(content, start), start - _BESIDE)
    return FoundPlace(Span(first, _line_stop(content, end, end + _BESIDE)), Span(start, end), finding.column, 0)


def _between_pipes(content: bytes, finding: Finding) -> FoundPlace:
    record = _record(content, finding.offset)
    at = _column_in_file(content, finding) - 1
    records = _run_on(content, record)
    if at < 0:
        return FoundPlace(record, record, 0, content.count(b"|", *records[0]) + 1)
    cells = [cells[at] for one in records if at < len(cells := _cells(content, one))]
    if not cells:
        return FoundPlace(record, record, 0, len(_cells(content, records[0])))
    wanted = finding.value[:_SHOWN]
    value = next((cell for cell in cells if _says(content, cell, wanted)), cells[0])
    return FoundPlace(record, value, at + 1, len(_cells(content, records[0])))


def _record(content: bytes, start: int) -> Span:
    """Return the record that begins at a byte: its line, and those that follow while it is torn."""
    limit = min(len(content), start + _LONGEST_RECORD)
    end = _line_stop(content, start, limit)
    while end < limit and not content[start:end].rstrip().endswith(_END):
        following = _LINE_END.match(content, end)
        begin = following.end() if following else end
        if begin >= limit or _NEW_RECORD.match(content, begin) or content.startswith(b"LEDES", start):
            break
        end = _line_stop(content, begin, limit)
    return Span(start, end)


def _run_on(content: bytes, record: Span) -> Sequence[Span]:
    """Return the records of a line that holds several."""
    spans, start = [], record.start
    while (found := content.find(_END, start, record.end)) >= 0:
        spans.append(Span(start, found))
        start = found + len(_END)
    return spans or [record]


def _cells(content: bytes, record: Span) -> Sequence[Span]:
    spans, start = [], record.start
    while (found := content.find(b"|", start, record.end)) >= 0:
        spans.append(Span(start, found))
        start = found + 1
    return [*spans, Span(start, record.end)]


def _says(content: bytes, cell: Span, wanted: str) -> bool:
    text = content[cell.start : cell.end].decode("utf-8", "replace")
    return text.startswith(wanted) if wanted else not text.strip()


def _column_in_file(content: bytes, finding: Finding) -> int:
    """Return where the field stands in this file: its header may name the columns in another order."""
    if not finding.field or not finding.column:
        return finding.column
    for line in _LINE_END.split(content[:_HEAD])[:2]:
        names = [plain_name(name.decode("latin-1")) for name in line.removesuffix(_END).split(b"|")]
        wanted = plain_name(finding.field)
        if len(names) >= _FEWEST_NAMES and names.count(wanted) == 1:
            return names.index(wanted) + 1
    return finding.column


def _line_start(content: bytes, at: int) -> int:
    return max(content.rfind(b"\n", 0, at), content.rfind(b"\r", 0, at)) + 1


def _line_stop(content: bytes, at: int, limit: int) -> int:
    found = _LINE_END.search(content, at, min(limit, len(content)))
    return found.start() if found else min(limit, len(content))
