"""A file in blocks of whole lines, so that many rows are looked at in one step and a huge file is never held."""

import re
from collections.abc import Iterator
from typing import Final

from ledes.characters import FIT_BYTES
from ledes.pipe.layout import LINE_END, TERMINATOR, Layout
from ledes.source import Source

BLOCK: Final = 65_536
LONGEST_RECORD: Final = 65_536
_FIT: Final = FIT_BYTES.replace(b"|", b"")
_LINE: Final = re.compile(rb"[^\n]*\n|[^\n]+")
_ENDS: Final = (f"{TERMINATOR}{LINE_END}".encode(), f"{TERMINATOR}\n".encode())


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


def plain_cells(block: bytes, layout: Layout) -> tuple[list[str], int] | None:
    """Return all values of a block and the bytes of a row outside its values; None unless every row is plain.

    A row is plain when it is whole, ends as all others do, and LEDES can carry all its characters. What is left of a
    block of such rows without the characters that fit is nothing but the rows' frames, one as the other.
    """
    end = _ENDS[0] if block.endswith(_ENDS[0]) else _ENDS[1]
    frame = b"|" * (len(layout.fields) - 1) + end
    count = block.count(b"\n")
    if not count or block.translate(None, _FIT) != frame * count:
        return None
    cells = block.decode("ascii").replace(end.decode("ascii"), "|").split("|")
    cells.pop()
    return cells, len(frame)
