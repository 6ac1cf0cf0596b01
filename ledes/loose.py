"""The tolerant reader of lines: missing terminators, stray line breaks, run-on records and any encoding."""

import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from ledes.fields import COLUMN_COUNT, FIELDS, TERMINATOR
from ledes.findings import FindingCode, Problem
from ledes.lines import LONGEST_RECORD

_BOM: Final = b"\xef\xbb\xbf"
_NEW_RECORD: Final = re.compile(r"[0-9]{8}\||INVOICE_DATE\||LEDES", re.ASCII)
_RUN_ON: Final = re.compile(r"\[\](?=[0-9]{8}\||INVOICE_DATE\|)", re.ASCII)


class Record(NamedTuple):
    """One record: the row it starts in, its text without [], whether all characters are fit, faults of its frame."""

    row: int
    text: str
    is_clean: bool
    problems: tuple[Problem, ...]

    @property
    def values(self) -> list[str]:
        """Return what stands between the pipes."""
        return self.text.split("|")


class LooseReader:
    """Reads line by line, and remembers a record that a line break has torn.

    Attributes:
        row: the last line read, as an editor counts them.
    """

    def __init__(self) -> None:
        self.row = 0
        self._torn_row, self._torn_text = 0, ""

    @property
    def is_torn(self) -> bool:
        """Tell whether a record is open whose rest may be in the next line."""
        return bool(self._torn_text)

    def read(self, lines: Iterable[bytes]) -> Iterator[Record]:
        """Yield the records that these lines complete."""
        for raw in lines:
            line = raw.removeprefix(_BOM) if self.row == 0 else raw
            for part in line.rstrip().split(b"\r"):
                self.row += 1
                if part:
                    yield from self._part(part)

    def finish(self) -> Iterator[Record]:
        """Yield the record that the file breaks off in."""
        if self._torn_text:
            yield _unterminated(self._torn_row, self._torn_text)

    def _part(self, part: bytes) -> Iterator[Record]:
        line = _decode(part)
        if self._torn_text and not _continues(self._torn_text, line):
            yield _unterminated(self._torn_row, self._torn_text)
            self._torn_text = ""
        row = self._torn_row if self._torn_text else self.row
        text = f"{self._torn_text} {line}" if self._torn_text else line
        self._torn_text = ""
        if max(len(part), len(text)) >= LONGEST_RECORD:
            yield _too_long(row, text)
        elif text.endswith(TERMINATOR):
            yield from _terminated(row, text, line)
        else:
            self._torn_row, self._torn_text = row, text


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
    return Record(row, body, is_clean, problems)


def _unterminated(row: int, text: str) -> Record:
    fix = "End every record with [] and begin the next on a new line."
    missing = Problem(FindingCode.TERMINATOR_MISSING, "", "The record does not end with [].", fix)
    return _record(row, text, (missing,))


def _too_long(row: int, text: str) -> Record:
    """Give what names the invoice, and none of the rest."""
    message = f"The record is longer than {LONGEST_RECORD // 1024} KB and was not read."
    fix = "End every record with [] and begin the next on a new line."
    return Record(
        row, "|".join(text.split("|", 2)[:2]), True, (Problem(FindingCode.RECORD_TOO_LONG, "", message, fix),)
    )


def _line_break(text: str, last_line: str) -> Problem:
    column = text.removesuffix(last_line).count("|")
    field = FIELDS[min(column, COLUMN_COUNT - 1)].name
    return Problem(
        FindingCode.LINE_BREAK, field, f"{field} holds a line break.", "Write a space in its place.", column=column + 1
    )


def has_byte_order_mark(first_line: bytes) -> bool:
    """Tell whether a file begins with the UTF-8 byte order mark."""
    return first_line.startswith(_BOM)
