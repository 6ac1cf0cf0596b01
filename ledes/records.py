"""From bytes to records: lines, terminators, stray line breaks and encodings, tolerantly and as a stream."""

import re
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Final, NamedTuple

from ledes.fields import COLUMN_COUNT, FIELDS, TERMINATOR
from ledes.findings import FindingCode, Problem

_BOM: Final = b"\xef\xbb\xbf"
_NEW_RECORD: Final = re.compile(r"[0-9]{8}\||INVOICE_DATE\||LEDES", re.ASCII)
_RUN_ON: Final = re.compile(r"\[\](?=[0-9]{8}\||INVOICE_DATE\|)", re.ASCII)


class Record(NamedTuple):
    """One record: the row it starts in, its values, whether all characters are fit, and faults of its frame."""

    row: int
    values: list[str]
    is_clean: bool
    problems: tuple[Problem, ...]


_plain_record: Final = partial(tuple.__new__, Record)  # half the price of the constructor, paid a row


def read_records(source: Iterable[bytes]) -> Iterator[Record]:
    """Yield the records of a file given as its lines in bytes, in any of the usual line ends."""
    torn_row, torn_text = 0, ""
    for row, body, is_plain in _lines(source):
        if is_plain and not torn_text:
            yield _plain_record((row, body.split("|"), True, ()))
            continue
        line = f"{body}{TERMINATOR}" if is_plain else body
        if torn_text and not _continues(torn_text, line):
            yield _unterminated(torn_row, torn_text)
            torn_text = ""
        start = torn_row if torn_text else row
        text = f"{torn_text} {line}" if torn_text else line
        if text.endswith(TERMINATOR):
            yield from _terminated(start, text, line)
            torn_text = ""
        else:
            torn_row, torn_text = start, text
    if torn_text:
        yield _unterminated(torn_row, torn_text)


def _lines(source: Iterable[bytes]) -> Iterator[tuple[int, str, bool]]:
    """Yield row, text and whether the text is a whole, clean record whose [] has already been taken off."""
    row = 0
    for raw in source:
        if raw.endswith(b"[]\r\n") and raw.isascii():
            body = raw[:-4].decode("ascii")
            if body.isprintable() and "[" not in body and "]" not in body:
                row += 1
                yield row, body, True
                continue
        raw_line = raw.removeprefix(_BOM) if row == 0 else raw
        for part in raw_line.rstrip().split(b"\r"):
            row += 1
            if part:
                yield row, _decode(part), False


def _decode(raw: bytes) -> str:
    """Read UTF-8, or what Windows calls ANSI, or else Latin-1, which takes any byte."""
    for encoding in ("utf-8", "cp1252"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("latin-1")


def _continues(text: str, line: str) -> bool:
    """Tell whether `line` is the rest of a record that a line break has torn, not a record of its own."""
    if _NEW_RECORD.match(line) or text.startswith("LEDES"):
        return False
    return text.count("|") + line.count("|") < COLUMN_COUNT


def _terminated(row: int, text: str, last_line: str) -> Iterator[Record]:
    body = text.removesuffix(TERMINATOR)
    problems = () if text is last_line else (_line_break(text, last_line),)
    if TERMINATOR not in body:
        yield _record(row, body, problems)
        return
    for part in _RUN_ON.split(body):
        yield _record(row, part, problems)


def _record(row: int, body: str, problems: tuple[Problem, ...]) -> Record:
    is_clean = body.isascii() and body.isprintable() and "[" not in body and "]" not in body
    return Record(row, body.split("|"), is_clean, problems)


def _unterminated(row: int, text: str) -> Record:
    fix = "End every record with [] and begin the next on a new line."
    missing = Problem(FindingCode.TERMINATOR_MISSING, "", "The record does not end with [].", fix)
    return _record(row, text, (missing,))


def _line_break(text: str, last_line: str) -> Problem:
    column = text.removesuffix(last_line).count("|")
    field = FIELDS[min(column, COLUMN_COUNT - 1)].name
    return Problem(FindingCode.LINE_BREAK, field, f"{field} holds a line break.", "Write a space in its place.")


def has_byte_order_mark(first_line: bytes) -> bool:
    """Tell whether a file begins with the UTF-8 byte order mark."""
    return first_line.startswith(_BOM)
