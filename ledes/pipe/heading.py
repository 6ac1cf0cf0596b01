"""The first two lines of a file: which format it says it is, and the names of its columns."""

import re
from dataclasses import dataclass
from typing import Final

from ledes.findings import Finding, FindingCode, Problem
from ledes.pipe.layout import LAYOUTS, LEDES_98BI_V2, LEDES_1998B, TERMINATOR, Field, Layout
from ledes.pipe.loose import Record
from ledes.pipe.values import shown

_INTERNATIONAL: Final = re.compile(r"LEDES\s*(19)?98\s*BI")
_EXTRA_NAMES: Final = frozenset(LEDES_98BI_V2.names) - frozenset(LEDES_1998B.names)
_FORMATS: Final = " or ".join(layout.value for layout in LAYOUTS)


@dataclass(frozen=True, slots=True)
class Heading:
    """What the head of a file says.

    Attributes:
        layout: the format, or None when the file cannot be read as one at all.
        order: for each field of the format the column (from 0) that holds it; empty when they stand in order.
        used: how many of the first two records belong to the head.
        findings: its faults.
    """

    layout: Layout | None
    order: tuple[int, ...]
    used: int
    findings: tuple[Finding, ...]


def read_heading(first: Record | None, second: Record | None) -> Heading:
    """Read the first line and the header."""
    if first is None:
        return _unreadable(FindingCode.EMPTY_FILE, "The file is empty.", "Export the invoice again.")
    if layout := _layout_of_header(first):
        fix = f"Put {layout.format.value}{TERMINATOR} before the header."
        missing = _at(first, Problem(FindingCode.FIRST_LINE_MISSING, "", "The first line is missing.", fix))
        return _with_header(layout, (missing,), first, used=1)
    title = "|".join(first.values).strip()
    named = next((layout for layout in LAYOUTS.values() if layout.format.value == title), None)
    if named is None and _INTERNATIONAL.match(title.upper()) and not _has_columns(second, LEDES_98BI_V2):
        message = f"The file says it is {shown(title)}, the first version of 98BI with 51 columns or another."
        return _unreadable(FindingCode.UNSUPPORTED_FORMAT, message, f"Export the invoice as {_FORMATS}.")
    return _titled(named, first, title, second)


def _titled(named: Layout | None, first: Record, title: str, second: Record | None) -> Heading:
    found = tuple(_at(first, one) for one in first.problems)
    in_header = _layout_of_header(second)
    layout = (in_header if named is None or _is_exact(second, in_header) else None) or named
    if layout is None and _INTERNATIONAL.match(title.upper()):
        layout = LEDES_98BI_V2
    if layout is None:
        fault = Problem(FindingCode.NOT_LEDES, "", "The file is not LEDES.", f"Export the invoice as {_FORMATS}.")
        too_long = (one for one in found if one.code is FindingCode.RECORD_TOO_LONG)
        return Heading(None, (), 0, (*too_long, fault.at(1, 0)))
    if layout is not named:
        fix = f"Write {layout.format.value}{TERMINATOR} there, in capitals and nothing else."
        wrong = Problem(FindingCode.FIRST_LINE_WRONG, "", f"The first line is {shown(title)}.", fix, value=title)
        found += (_at(first, wrong),)
    if second is not None and (in_header or not second.values[0].isdigit()):
        return _with_header(layout, found, second, used=2)
    fix = f"Put the {len(layout.fields)} field names on the second line."
    missing = Problem(FindingCode.HEADER_MISSING, "", "The line of field names is missing.", fix)
    return Heading(layout, (), 1, (*found, _at(second or first, missing)))


def _with_header(layout: Layout, findings: tuple[Finding, ...], header: Record, *, used: int) -> Heading:
    found = findings + tuple(_at(header, one) for one in header.problems)
    if header.text == layout.header:
        return Heading(layout, (), used, found)
    names = tuple(header.values)
    if sorted(names) == sorted(layout.names):
        message = "The field names are not in the order of the format."
        fault = Problem(FindingCode.HEADER_ORDER, "", message, "Put header and values in the order of the format.")
        return Heading(layout, tuple(map(names.index, layout.names)), used, (*found, _at(header, fault)))
    return Heading(layout, (), used, (*found, _at(header, _wrong_name(names, layout))))


def _wrong_name(names: tuple[str, ...], layout: Layout) -> Problem:
    wrong = next((pair for pair in zip(names, layout.fields, strict=False) if pair[0] != pair[1].name), None)
    count = (
        "" if len(names) == len(layout.fields) else f" has {len(names)} field names; {len(layout.fields)} are needed."
    )
    if wrong is None:
        fix = f"Write the header as {shown(layout.header)}."
        return Problem(FindingCode.HEADER_WRONG, "", f"The header{count}", fix)
    return _misspelt(*wrong, f" It{count}" if count else "")


def _misspelt(name: str, field: Field, count: str) -> Problem:
    message = f"The header says {shown(name)} where {field.name} belongs.{count}"
    fix = f"Write {field.name} there."
    return Problem(FindingCode.HEADER_WRONG, field.name, message, fix, column=field.position, value=name)


def _layout_of_header(record: Record | None) -> Layout | None:
    """Return the format whose field names a record holds, at least half of them; None when it is no header."""
    if record is None:
        return None
    for layout in LAYOUTS.values():
        if _is_exact(record, layout):
            return layout
    known = {value.strip().upper() for value in record.values}
    if len(known.intersection(name.upper() for name in _EXTRA_NAMES)) >= len(_EXTRA_NAMES) // 2:
        return LEDES_98BI_V2
    return LEDES_1998B if len(known.intersection(LEDES_1998B.names)) >= len(LEDES_1998B.names) // 2 else None


def _is_exact(record: Record | None, layout: Layout | None) -> bool:
    return record is not None and layout is not None and record.text == layout.header


def _has_columns(record: Record | None, layout: Layout) -> bool:
    return record is not None and len(record.values) == len(layout.fields)


def _at(record: Record, problem: Problem) -> Finding:
    return problem.at(record.row, record.offset)


def _unreadable(code: FindingCode, message: str, fix: str) -> Heading:
    return Heading(None, (), 0, (Problem(code, "", message, fix).at(1, 0),))
