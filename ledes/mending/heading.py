"""The first two lines made exact, where it is beyond doubt which format and which order of columns they mean."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

from ledes.mending.changes import RepairChange
from ledes.mending.days import plain_day
from ledes.mending.records import FoundRecord
from ledes.pipe.layout import TERMINATOR, Layout

_ALIKE: Final = 0.6
_DAY: Final = re.compile(r"\s*[0-9]{8}\s*", re.ASCII)
_WORD: Final = re.compile("[A-Za-z]{2}")
_TITLE_REASON: Final = "The field names show which format the file is in."


@dataclass(frozen=True, slots=True)
class MendedHeading:
    """What comes of the head of a file.

    Attributes:
        lines: what to write in its place, without line ends.
        order: for each field the column (from 0) that holds it; empty when they stand in order.
        rows: the records that follow.
        changes: what was mended.
    """

    lines: tuple[bytes, ...]
    order: tuple[int, ...]
    rows: tuple[FoundRecord, ...]
    changes: tuple[RepairChange, ...]


def mend_heading(records: Sequence[FoundRecord], layout: Layout) -> MendedHeading:
    """Make title and header exact; what cannot be told for sure stays as it was written."""
    title = None if not records or is_header(records[0], layout) else records[0]
    rest = tuple(records[1:] if title else records)
    header = rest[0] if rest and is_header(rest[0], layout) else None
    rows = rest[1:] if header else rest
    lines, changes = _title(title, layout, is_certain=header is not None)
    if header is None:
        lines, changes = _without_header(lines, changes, rows, layout)
        return MendedHeading(tuple(lines), (), rows, tuple(changes))
    order = _order(header, rows, layout)
    second, in_header = _header(header, layout, order)
    return MendedHeading((*lines, *second), order, rows, (*changes, *in_header))


def _without_header(
    lines: Sequence[bytes], changes: list[RepairChange], rows: Sequence[FoundRecord], layout: Layout
) -> tuple[Sequence[bytes], list[RepairChange]]:
    """Put the field names in where the title is right and every row has a value for each, with its days in place."""
    in_place = range(len(layout.fields))
    if (
        list(lines) != [_exact(layout.format.value)]
        or not rows
        or not all(_fits(row, in_place, layout) for row in rows)
    ):
        return lines, changes
    reason = "The columns of every row stand in the order of the format."
    return [*lines, _exact(layout.header)], [*changes, RepairChange(rows[0].row, "", "", "the field names", reason)]


def is_header(record: FoundRecord, layout: Layout) -> bool:
    """Tell whether half of the field names stand in a record."""
    known = {plain_name(value) for value in record.values} & set(map(plain_name, layout.names))
    return len(known) >= len(layout.fields) // 2


def plain_name(name: str) -> str:
    """Return a field name without what people write in many ways: capitals, spaces, underscores and dashes."""
    return "".join(character for character in name.upper() if character.isalnum())


def _title(
    record: FoundRecord | None, layout: Layout, *, is_certain: bool
) -> tuple[Sequence[bytes], list[RepairChange]]:
    name = layout.format.value
    if record is None:
        return [_exact(name)], [RepairChange(1, "", "no first line", f"{name}{TERMINATOR}", _TITLE_REASON)]
    if record.text == name and not record.problems:
        return record.raws, []
    if not is_certain and record.text.strip() != name:
        return record.raws, []
    return [_exact(name)], [RepairChange(record.row, "", record.shown, f"{name}{TERMINATOR}", _TITLE_REASON)]


def _order(header: FoundRecord, rows: Sequence[FoundRecord], layout: Layout) -> tuple[int, ...]:
    """Return where each field stands when all names are there in another order, and every row follows it."""
    given, wanted = list(map(plain_name, header.values)), list(map(plain_name, layout.names))
    if given == wanted or sorted(given) != sorted(wanted):
        return ()
    order = tuple(map(given.index, wanted))
    return order if all(_fits(row, order, layout) for row in rows) else ()


def _header(record: FoundRecord, layout: Layout, order: tuple[int, ...]) -> tuple[Sequence[bytes], list[RepairChange]]:
    if record.text == layout.header and not record.problems:
        return record.raws, []
    if order:
        reason = "The field names say which column is which; values moved along with them."
        change = RepairChange(record.row, "", "columns in another order", "the format's order", reason)
        return [_exact(layout.header)], [change]
    pairs = list(zip(record.values, layout.names, strict=False))
    is_whole = len(record.values) == len(layout.names)
    if not is_whole or not all(_is_meant(given, name, layout.names) for given, name in pairs):
        return record.raws, []
    changes = [
        RepairChange(record.row, name, given, name, "Another spelling of the name that belongs there.")
        for given, name in pairs
        if given != name
    ]
    return [_exact(layout.header)], changes or [_terminator(record)]


def _exact(text: str) -> bytes:
    return f"{text}{TERMINATOR}".encode("ascii")


def _terminator(record: FoundRecord) -> RepairChange:
    return RepairChange(record.row, "", "no []", TERMINATOR, "Every record ends with [].")


def _is_meant(given: str, name: str, names: Sequence[str]) -> bool:
    """Tell whether a word is a spelling of the name that belongs in its place, and of no other."""
    likeness = {other: SequenceMatcher(None, plain_name(given), plain_name(other)).ratio() for other in names}
    return likeness[name] >= _ALIKE and likeness[name] == max(likeness.values())


def _fits(row: FoundRecord, order: Sequence[int], layout: Layout) -> bool:
    """Tell whether a row has the right number of values, days where days belong, and no words in place of figures."""
    values = row.values
    if len(values) != len(order):
        return False
    placed = [(values[at], field) for at, field in zip(order, layout.fields, strict=True)]
    days = [text for text, field in placed if field.type == "date"]
    figures = [text for text, field in placed if field.is_figure]
    return all(_DAY.fullmatch(day) or plain_day(day) for day in days) and not any(map(_WORD.search, figures))
