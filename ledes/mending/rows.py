"""The rows of a file mended one by one: their frame, their number of values, and each value for itself."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from ledes.mending.changes import RepairChange, Wants, every
from ledes.mending.pipes import without_stray_pipes
from ledes.mending.records import FoundRecord, frame_changes
from ledes.mending.values import mend_value
from ledes.pipe.layout import TERMINATOR, Layout
from ledes.pipe.memory import Memory

_NUMBER: Final = 1
_REASON: Final = "Only with the pipe in this text are the types, codes and figures of the row right."


@dataclass(slots=True)
class Row:
    """A record being mended.

    Attributes:
        record: as it stood in the file.
        values: in the order of the format; None when the record does not have the right number, and stays as it is.
        is_moved: whether the columns stood in another order.
        changes: what was mended so far.
    """

    record: FoundRecord
    values: list[str] | None
    is_moved: bool = False
    changes: list[RepairChange] = field(default_factory=list)

    @property
    def invoice_number(self) -> str:
        """Return the number of the invoice it belongs to, '' when it has none."""
        values = self.record.values if self.values is None else self.values
        return values[_NUMBER] if len(values) > _NUMBER else ""

    def lines(self) -> Sequence[bytes]:
        """Return the lines to write; the very bytes it came in when nothing was changed."""
        if self.values is None or not (self.changes or self.is_moved):
            return self.record.raws
        return [self.record.encode(f"{'|'.join(self.values)}{TERMINATOR}")]


class RowMender:
    """Mends rows of one file; what a value becomes is remembered, as files repeat themselves.

    Args:
        layout: of the file.
        order: for each field the column that holds it; empty when they stand in order.
        records: all rows, of which whole ones tell what an invoice repeats.
        wants: which repairs are wanted; a row whose frame shall stay stays as it is.
    """

    def __init__(
        self, layout: Layout, order: Sequence[int], records: Sequence[FoundRecord], wants: Wants = every
    ) -> None:
        self._layout, self._order, self._wants = layout, order, wants
        self._menders = [Memory(partial(mend_value, field=field)) for field in layout.fields]
        whole = (record.values for record in records if len(record.values) == len(layout.fields))
        self._peers = {} if order else {values[_NUMBER]: values for values in whole}

    def mend(self, record: FoundRecord) -> Row:
        """Mend one row as far as it can be told by itself."""
        given, changes = self._in_order(record)
        changes += frame_changes(record)
        if given is None or not all(map(self._wants, changes)):
            return Row(record, None)
        values = list(given)
        for at, (name, before) in enumerate(zip(self._layout.names, given, strict=True)):
            after, reason = self._menders[at][before]
            if reason and self._wants(change := RepairChange(record.row, name, before, after, reason)):
                values[at] = after
                changes.append(change)
        return Row(record, values, bool(self._order), changes)

    def _in_order(self, record: FoundRecord) -> tuple[list[str] | None, list[RepairChange]]:
        """Return the values in the order of the format, a stray pipe replaced; None when they cannot be told apart."""
        values = record.values
        if record.is_cut:
            return None, []
        if len(values) == len(self._layout.fields):
            return ([values[at] for at in self._order] if self._order else values), []
        found = without_stray_pipes(values, self._peers, self._layout)
        if found is None:
            return None, []
        row, name = found
        at = self._layout.names.index(name)
        before = "|".join(values[at : at + len(values) - len(row) + 1])
        return row, [RepairChange(record.row, name, before, row[at], _REASON)]
