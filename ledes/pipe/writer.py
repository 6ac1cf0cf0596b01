"""The strict writer: exact bytes, or a refusal that names invoice, line and field.

Its own text is held to the reader's checks, so what it writes cannot be less than what it reads.
"""

from collections.abc import Sequence
from datetime import date
from decimal import InvalidOperation
from typing import Any, Final

from ledes.characters import FIT_BYTES
from ledes.document import LedesInvoice, LedesLine
from ledes.pipe.assembly import check
from ledes.pipe.heads import HeadTexts
from ledes.pipe.layout import LINE_END, TERMINATOR, Layout
from ledes.pipe.lines import read_rows
from ledes.pipe.memory import Memory
from ledes.pipe.readers import Readers
from ledes.pipe.rendering import head_texts, texts_of
from ledes.pipe.rows import Rows, Start
from ledes.refusal import is_tolerated, no_lines, refusal

_END: Final = f"{TERMINATOR}{LINE_END}"
_FIRST_ROW: Final = 3
_FIT: Final = FIT_BYTES.replace(b"|", b"")


def write_rows(invoice: LedesInvoice, readers: Readers, today: date) -> bytes:
    """Return the rows of an invoice: ASCII, CR LF, every record ended by [].

    Raises:
        LedesRefusedError: when any value is missing, too long, not in ASCII, or does not add up.
    """
    if not invoice.lines:
        raise no_lines(invoice)
    layout, count = readers.layout, len(invoice.lines)
    head = head_texts(invoice, layout)
    columns = _columns(invoice, head, layout)
    body = _encoded(_joined(columns, layout), layout.frame * count)
    rows = Rows(columns, (Start(0, _FIRST_ROW, len(layout.heading), len(layout.frame)),), () if body else range(count))
    found = check(readers, rows, readers.heads[head], read_rows(readers, rows), today=today)
    if faults := [finding for finding in found if not is_tolerated(finding)]:
        raise refusal(invoice, faults, [line.line_item_number for line in invoice.lines], _FIRST_ROW)
    return body


def _columns(invoice: LedesInvoice, head: HeadTexts, layout: Layout) -> list[Sequence[str]]:
    """Return the values of an invoice's rows as texts, column by column."""
    lines: dict[str, Sequence[Any]] = dict(zip(LedesLine._fields, zip(*invoice.lines, strict=True), strict=True))
    heads, count = iter(head), len(invoice.lines)
    columns = [lines[field.attribute] if field.is_of_line else [next(heads)] * count for field in layout.fields]
    for at, texts in texts_of[layout.format]:
        columns[at] = _texts(columns[at], texts)
    return columns


def _texts(values: Sequence[Any], texts: Memory[Any, str]) -> Sequence[str]:
    """Return the values of a column as they are written."""
    try:
        return texts.all_of(values)
    except (TypeError, InvalidOperation):  # a signalling NaN cannot be looked up or compared
        return list(map(texts.read, values))


def _joined(columns: Sequence[Sequence[str]], layout: Layout) -> str:
    """Return the records of all rows; what ends one row and begins the next alike is joined beforehand."""
    before = "|".join(column[0] for column in columns[: layout.leading])
    after = "|".join(column[0] for column in columns[-layout.trailing :]) + _END
    inner = columns[layout.leading : -layout.trailing]
    width = len(inner) + 1
    cells = [after + before] * (width * len(columns[0]))
    cells[0] = before
    for at, column in enumerate(inner, start=1):
        cells[at::width] = column
    return "|".join([*cells, after])


def _encoded(records: str, frame: bytes) -> bytes:
    """Return the records as bytes; b"" unless LEDES can carry all values: nothing but the frames stands out."""
    if not records.isascii():
        return b""
    content = records.encode("ascii")
    return content if content.translate(None, _FIT) == frame else b""
