"""The first two lines of a file: which format it says it is, and the names of its columns."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Final

from ledes.fields import COLUMN_COUNT, FIELDS, FORMAT, HEADER, NAMES, TERMINATOR
from ledes.findings import Finding, FindingCode, Problem
from ledes.loose import Record
from ledes.values import shown

_OTHER_FORMATS: Final = ("LEDES98BI", "LEDES1998BI", "<")


@dataclass(frozen=True, slots=True)
class Heading:
    """What the head of a file says.

    Attributes:
        findings: its faults.
        is_readable: whether the rest can be read as LEDES 1998B at all.
        order: for each field of the format the column (from 0) that holds it; empty when they stand in order.
        rows: the records that follow.
    """

    findings: tuple[Finding, ...]
    is_readable: bool
    order: tuple[int, ...]
    rows: Iterator[Record]


def read_heading(records: Iterator[Record]) -> Heading:
    """Take the first line and the header off `records`."""
    first = next(records, None)
    if first is None:
        return _unreadable(FindingCode.EMPTY_FILE, "The file is empty.", "Export the invoice again.")
    if _looks_like_header(first):
        fix = f"Put {FORMAT}{TERMINATOR} before the header."
        missing = Problem(FindingCode.FIRST_LINE_MISSING, "", "The first line is missing.", fix).at(first.row)
        return _with_header((missing,), first, records)
    title = "|".join(first.values).strip()
    if title.upper().startswith(_OTHER_FORMATS):
        message = f"The file says it is {shown(title)}; only {FORMAT} can be read."
        return _unreadable(FindingCode.UNSUPPORTED_FORMAT, message, f"Export the invoice as {FORMAT}.")
    return _titled(first, title, records)


def _titled(first: Record, title: str, records: Iterator[Record]) -> Heading:
    second = next(records, None)
    findings = tuple(one.at(first.row) for one in first.problems)
    has_header = second is not None and _looks_like_header(second)
    if title != FORMAT:
        if not has_header:
            fault = Problem(FindingCode.NOT_LEDES, "", "The file is not LEDES.", f"Export the invoice as {FORMAT}.")
            too_long = (one for one in findings if one.code is FindingCode.RECORD_TOO_LONG)
            return Heading((*too_long, fault.at(1)), False, (), iter(()))
        fix = f"Write {FORMAT}{TERMINATOR} there, in capitals and nothing else."
        message = f"The first line is {shown(title)}."
        findings += (Problem(FindingCode.FIRST_LINE_WRONG, "", message, fix).at(first.row),)
    if second is not None and (has_header or not second.values[0].isdigit()):
        return _with_header(findings, second, records)
    fix = "Put the 24 field names on the second line."
    row = second.row if second else first.row
    missing = Problem(FindingCode.HEADER_MISSING, "", "The line of field names is missing.", fix).at(row)
    return Heading((*findings, missing), True, (), chain([second] if second else [], records))


def _with_header(findings: tuple[Finding, ...], header: Record, rows: Iterator[Record]) -> Heading:
    found = findings + tuple(one.at(header.row) for one in header.problems)
    if header.text == HEADER:
        return Heading(found, True, (), rows)
    names = tuple(header.values)
    if sorted(names) == sorted(NAMES):
        message = "The field names are not in the order of the format."
        fault = Problem(FindingCode.HEADER_ORDER, "", message, "Put header and values in the order of the format.")
        return Heading((*found, fault.at(header.row)), True, tuple(map(names.index, NAMES)), rows)
    return Heading((*found, _wrong_name(names).at(header.row)), True, (), rows)


def _wrong_name(names: tuple[str, ...]) -> Problem:
    wrong = next((at for at, pair in enumerate(zip(names, NAMES, strict=False)) if pair[0] != pair[1]), None)
    if wrong is None:
        message = f"The header has {len(names)} field names; {COLUMN_COUNT} are needed."
        return Problem(FindingCode.HEADER_WRONG, "", message, f"Write the header as {shown(HEADER)}.")
    field = FIELDS[wrong].name
    count = "" if len(names) == COLUMN_COUNT else f" The header has {len(names)} names; {COLUMN_COUNT} are needed."
    message = f"The header says {shown(names[wrong])} where {field} belongs.{count}"
    return Problem(FindingCode.HEADER_WRONG, field, message, f"Write {field} there.", column=wrong + 1)


def _looks_like_header(record: Record) -> bool:
    if record.text == HEADER:
        return True
    known = {value.strip().upper() for value in record.values} & set(NAMES)
    return len(known) >= COLUMN_COUNT // 2


def _unreadable(code: FindingCode, message: str, fix: str) -> Heading:
    return Heading((Problem(code, "", message, fix).at(1),), False, (), iter(()))
