"""The rows of an invoice mended together, where their figures prove what a row alone cannot."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

from ledes.mending.changes import RepairChange, Wants, every
from ledes.mending.readings import settle
from ledes.mending.rows import Row
from ledes.mending.totals import proven_total, with_total
from ledes.pipe.layout import Layout

_TOTAL_REASON: Final = "The lines of the invoice add up to this, and the rows disagreed among themselves."
_READING_REASON: Final = "Read any other way, the figures of the invoice do not agree."


def mend_invoices(rows: Sequence[Row], layout: Layout, wants: Wants = every) -> None:
    """Settle doubtful amounts, then totals, of every invoice that is whole."""
    for invoice in _whole(rows):
        settled = settle([row.values or [] for row in invoice], layout)
        if settled is not None:
            _apply(invoice, settled, layout, _READING_REASON, wants)
        values = [row.values or [] for row in invoice]
        text = proven_total(values, layout)
        if text is not None:
            _apply(invoice, with_total(values, text, layout), layout, _TOTAL_REASON, wants)


def _whole(rows: Sequence[Row]) -> Iterator[list[Row]]:
    """Yield the rows of each invoice that stands in one place with all its values."""
    groups = [list(group) for _, group in groupby(rows, key=lambda row: row.invoice_number)]
    numbers = Counter(group[0].invoice_number for group in groups)
    for group in groups:
        if numbers[group[0].invoice_number] == 1 and all(row.values is not None for row in group):
            yield group


def _apply(rows: Sequence[Row], mended: Sequence[list[str]], layout: Layout, reason: str, wants: Wants) -> None:
    for row, values in zip(rows, mended, strict=True):
        kept = list(row.values or [])
        for at, (name, before, after) in enumerate(zip(layout.names, kept, values, strict=True)):
            if before != after and wants(change := RepairChange(row.record.row, name, before, after, reason)):
                kept[at] = after
                row.changes.append(change)
        row.values = kept
