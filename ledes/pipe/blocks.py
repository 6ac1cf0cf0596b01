"""A file in blocks of whole lines, so that many rows are looked at in one step and a huge file is never held."""

import re
from collections.abc import Iterable, Iterator
from itertools import repeat, takewhile
from typing import Final, NamedTuple

from ledes.characters import FIT_BYTES
from ledes.pipe.layout import LINE_END, TERMINATOR, Layout
from ledes.source import Source

BLOCK: Final = 65_536
_WINDOW: Final = 16_384
LONGEST_RECORD: Final = 65_536
_FIT: Final = FIT_BYTES.replace(b"|", b"")
_LINE: Final = re.compile(rb"[^\n]*\n|[^\n]+")
_END: Final = f"{TERMINATOR}{LINE_END}".encode()
_SHORT_END: Final = f"{TERMINATOR}\n".encode()


def read_blocks(source: Source) -> Iterator[tuple[bytes, int]]:
    """Yield blocks that end with their last whole line, and how many bytes to skip after each.

    Of a line of `LONGEST_RECORD` bytes or more without an end only as much is given; the rest is skipped. Only
    there a bare CR counts as a line's end.
    """
    rest = b""
    while found := source.read(BLOCK):
        block = rest + found
        end = block.rfind(b"\n") + 1
        if not end and len(block) >= LONGEST_RECORD:
            end = block.rfind(b"\r") + 1
            if not end:
                skipped, rest = _skip_line(source)
                yield block[:LONGEST_RECORD], len(block) - LONGEST_RECORD + skipped
                continue
        if end:
            yield block[:end], 0
        rest = block[end:]
    if rest:
        yield rest, 0


def _skip_line(source: Source) -> tuple[int, bytes]:
    """Skip to the end of a line; return how many bytes that were, and what was read after it."""
    skipped = 0
    while found := source.read(BLOCK):
        end = found.find(b"\n") + 1
        if end:
            return skipped + end, found[end:]
        skipped += len(found)
    return skipped, b""


def lines_of(block: bytes) -> list[bytes]:
    """Return the lines of a block with their ends."""
    return _LINE.findall(block)


def is_plain(block: bytes, layout: Layout) -> bool:
    """Tell whether every row of a block is whole, ends as all others do, and holds nothing that LEDES cannot carry.

    What is left of a block of such rows without the characters that fit is nothing but the rows' frames, and their ends
    are whole (a text between [ and ] would be taken out, too).
    """
    end = _END if block.endswith(_END) else _SHORT_END
    count = block.count(end)
    return count > 0 and block.translate(None, _FIT) == layout.frame.replace(_END, end) * count


class Run(NamedTuple):
    """Rows that stand line after line and repeat the same first and last values.

    Attributes:
        leading: those first values.
        cells: the values between them, of all rows one after the other.
        trailing: those last values.
        size: how many rows.
        length: bytes of all rows.
        frame: bytes of each row that belong to no value.
    """

    leading: list[str]
    cells: list[str]
    trailing: list[str]
    size: int
    length: int
    frame: int


def runs_of(block: bytes, layout: Layout) -> Iterator[Run]:
    """Yield the rows of a plain block run by run.

    The values that a run repeats are taken out in one step, so that they are neither split nor compared row by row.
    """
    end = "[]\r\n" if block.endswith(_END) else "[]\n"
    text, start = block.decode("ascii"), 0
    while start < len(text):
        stop = text.rfind(end, start, start + _WINDOW) + len(end)
        if stop < start + len(end):
            stop = text.index(end, start) + len(end)
        run = _first_run(text[start:stop], end, layout)
        yield run
        start += run.length


def _first_run(text: str, end: str, layout: Layout) -> Run:
    """Return the run that whole rows begin with."""
    first = text[: text.index(end)].split("|")
    leading, trailing = first[: layout.leading], first[-layout.trailing :]
    before, after = f"{'|'.join(leading)}|", f"|{'|'.join(trailing)}"
    rows = text.split(f"{after}{end}")[:-1]
    middles = _middles(rows, before)
    if TERMINATOR in middles or not all(map(str.startswith, rows, repeat(before))):  # a row repeats other values
        rows = list(takewhile(lambda row: row.startswith(before) and end not in row, rows))
        middles = _middles(rows, before)
    size = len(rows)
    length = len(middles) + 1 + size * (len(before) + len(after) + len(end) - 1)
    return Run(leading, middles.split("|"), trailing, size, length, len(layout.fields) - 1 + len(end))


def _middles(rows: Iterable[str], before: str) -> str:
    return "|".join(map(str.removeprefix, rows, repeat(before)))
