"""The strict writer: exact bytes, or a refusal that names invoice, line and field.

Its own text is held to the reader's checks, so what it writes cannot be less than what it reads.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby
from typing import Any, Final

from ledes.characters import FIT_BYTES
from ledes.document import LedesInvoice, LedesLine
from ledes.pipe.amounts import Amounts
from ledes.pipe.assembly import check
from ledes.pipe.heads import HeadTexts
from ledes.pipe.layout import LINE_END, TERMINATOR, Layout
from ledes.pipe.lines import figure_attributes_of, read_rest
from ledes.pipe.readers import Readers
from ledes.pipe.rendering import day_texts, head_texts
from ledes.pipe.rows import Rows, Start
from ledes.refusal import is_tolerated, no_lines, refusal

_END: Final = f"{TERMINATOR}{LINE_END}"
_FIRST_ROW: Final = 3
_FIT: Final = FIT_BYTES.replace(b"|", b"")

Columns = list[Sequence[str]]


def write_rows(invoice: LedesInvoice, readers: Readers, today: date) -> bytes:
    """Return the rows of an invoice: ASCII, CR LF, every record ended by [].

    Raises:
        LedesRefusedError: when any value is missing, too long, not in ASCII, or does not add up.
    """
    if not invoice.lines:
        raise no_lines(invoice)
    layout, count = readers.layout, len(invoice.lines)
    head = head_texts(invoice, layout)
    columns, days, amounts = _rendered(invoice, readers, head)
    texts = list(map("|".join, zip(*_joined(columns, head, layout), strict=True)))
    body = _encoded(f"{_END.join(texts)}{_END}", count, layout)
    unclean = () if body else [at for at, text in enumerate(texts) if not _encoded(text + _END, 1, layout)]
    rows = Rows(columns, (Start(0, _FIRST_ROW, len(layout.heading), len(layout.frame)),), unclean)
    readings = read_rest(readers, rows, amounts, days, ())
    found = check(readers, rows, readers.heads[head], readings, today=today)
    if faults := [finding for finding in found if not is_tolerated(finding)]:
        raise refusal(invoice, faults, [line.line_item_number for line in invoice.lines], _FIRST_ROW)
    return body


def _rendered(
    invoice: LedesInvoice, readers: Readers, head: HeadTexts
) -> tuple[Columns, Sequence[date], list[Amounts]]:
    """Return the columns of an invoice's lines, the days of the lines, and what a reader makes of their figures."""
    count = len(invoice.lines)
    values: dict[str, Sequence[Any]] = dict(zip(LedesLine._fields, zip(*invoice.lines, strict=True), strict=True))
    keys = list(zip(*map(values.__getitem__, figure_attributes_of[readers.layout.format]), strict=True))
    try:
        found = list(readers.figures.all_of(keys))
    except TypeError:  # a signalling NaN cannot be looked up
        found = list(map(readers.figures.read, keys))
    *texts, amounts = zip(*found, strict=True)
    days = values["date"]
    values |= zip(figure_attributes_of[readers.layout.format], texts, strict=True)
    values["date"] = list(day_texts.all_of(days))
    heads = iter(head)
    columns = [
        values[field.attribute] if field.is_of_line else [next(heads)] * count for field in readers.layout.fields
    ]
    return columns, days, list(amounts)


def _joined(columns: Columns, head: HeadTexts, layout: Layout) -> list[Iterable[str]]:
    """Return the columns with those that are the same on every row joined beforehand where they stand together."""
    heads = iter(head)
    parts: list[Iterable[str]] = []
    for is_of_line, fields in groupby(layout.fields, key=lambda field: field.is_of_line):
        if is_of_line:
            parts += [columns[field.position - 1] for field in fields]
        else:
            parts.append([("|".join(next(heads) for _ in fields))] * len(columns[0]))
    return parts


def _encoded(records: str, count: int, layout: Layout) -> bytes:
    """Return the records as bytes; b"" unless LEDES can carry all values: nothing but the frames stands out."""
    if not records.isascii():
        return b""
    content = records.encode("ascii")
    return content if content.translate(None, _FIT) == layout.frame * count else b""
