"""The frame of a file taken apart: encoding, line ends, blank lines, records torn or run together."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from ledes.mending.changes import RepairChange

CRLF: Final = b"\r\n"
_LINE_END: Final = re.compile(rb"\r*\n|\r")
_RUN_ON: Final = re.compile(rb"(?<=\[\])[ \t]*(?=[0-9]{8}\||INVOICE_DATE\|)")
_MARKS: Final = {b"\xef\xbb\xbf": "utf-8", b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}


class Piece(NamedTuple):
    """Bytes of one line without its end, or of one record of a line that holds several."""

    row: int
    raw: bytes


@dataclass(frozen=True, slots=True)
class Frame:
    """A file taken apart.

    Attributes:
        pieces: what stands in its lines, in order, none blank.
        end: the line end to write: the file's own where it has one habit, else CR LF.
        is_ended: whether the last line has an end.
        changes: what was wrong with the frame.
    """

    pieces: tuple[Piece, ...]
    end: bytes
    is_ended: bool
    changes: tuple[RepairChange, ...]


def without_mark(content: bytes) -> tuple[bytes, tuple[RepairChange, ...]]:
    """Return the file without a byte order mark, in UTF-8 where the mark says that it is UTF-16."""
    mark = next((mark for mark in _MARKS if content.startswith(mark)), None)
    if mark is None:
        return content, ()
    encoding = _MARKS[mark]
    body = content.removeprefix(mark)
    try:
        plain = body if encoding == "utf-8" else body.decode(encoding).encode()
    except UnicodeError:
        return content, ()
    reason = "Invisible bytes before the first line only name the encoding."
    change = RepairChange(1, "", f"byte order mark ({encoding.upper()})", "", reason)
    return without_mark(plain)[0], (change,)


def take_apart(content: bytes) -> Frame:
    """Split a file without a byte order mark into its pieces."""
    ends = set(_LINE_END.findall(content))
    lines = _LINE_END.split(content)
    is_ended = lines[-1] == b""
    lines = lines[:-1] if is_ended else lines
    pieces = tuple(_pieces(lines))
    end = b"\n" if ends == {b"\n"} else CRLF
    runs_on = len(pieces) > sum(1 for line in lines if line.strip())
    changes = [*_end_changes(ends, runs_on=runs_on), *_blank_changes(lines)]
    return Frame(pieces, end, is_ended or runs_on, tuple(changes))


def _pieces(lines: list[bytes]) -> Iterator[Piece]:
    for row, line in enumerate(lines, start=1):
        yield from (Piece(row, part.rstrip()) for part in _RUN_ON.split(line) if part.strip())


def _end_changes(ends: set[bytes], *, runs_on: bool) -> Iterator[RepairChange]:
    if len(ends) > 1 or ends - {b"\n", CRLF}:
        names = ", ".join(sorted(_end_name(end) for end in ends))
        yield RepairChange(0, "", names, "CR LF", "A line end only separates records; one kind is used throughout.")
    elif runs_on:
        yield RepairChange(0, "", "records on one line", "a line each", "Records end with []; a line end may follow.")


def _end_name(end: bytes) -> str:
    return " ".join({13: "CR", 10: "LF"}[byte] for byte in end)


def _blank_changes(lines: list[bytes]) -> Iterator[RepairChange]:
    for row, line in enumerate(lines, start=1):
        if not line.strip():
            yield RepairChange(row, "", "an empty line", "", "An empty line holds nothing.")
        elif line != line.rstrip():
            yield RepairChange(row, "", "spaces after the record", "", "Spaces after a record mean nothing.")
