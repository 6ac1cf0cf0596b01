"""The tolerant reader of lines: missing terminators, stray line breaks, run-on records and any encoding."""

import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from ledes.findings import FindingCode, Problem
from ledes.pipe.blocks import LONGEST_RECORD
from ledes.pipe.layout import LEDES_1998B, TERMINATOR, Layout

_NEW_RECORD: Final = re.compile(r"[0-9]{8}\||INVOICE_DATE\||LEDES", re.ASCII)
_RUN_ON: Final = re.compile(r"\[\](?=[0-9]{8}\||INVOICE_DATE\|)", re.ASCII)


class Record(NamedTuple):
    """One record as it stands in the file.

    Attributes:
        row: line of the file it begins in.
        offset: of the first byte of that line.
        text: without [].
        is_clean: whether LEDES can carry all its characters.
        problems: faults of its frame.
    """

    row: int
    offset: int
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
        layout: of the file, as far as it is known.
        row: the last line read, as an editor counts them.
        offset: of the first byte that was not read.
    """

    def __init__(self, offset: int = 0, row: int = 0) -> None:
        self.layout: Layout = LEDES_1998B
        self.row, self.offset = row, offset
        self._torn_row, self._torn_offset, self._torn_text = 0, 0, ""

    @property
    def is_torn(self) -> bool:
        """Tell whether a record is open whose rest may be in the next line."""
        return bool(self._torn_text)

    def read(self, lines: Iterable[bytes]) -> Iterator[Record]:
        """Yield the records that these lines complete."""
        for raw in lines:
            start = self.offset
            self.offset += len(raw)
            for part in raw.rstrip().split(b"\r"):
                self.row += 1
                if part:
                    yield from self._part(part, start)
                start += len(part) + 1

    def finish(self) -> Iterator[Record]:
        """Yield the record that the file breaks off in."""
        if self._torn_text:
            yield self._unterminated()

    def _part(self, part: bytes, start: int) -> Iterator[Record]:
        line = _decode(part)
        if self._torn_text and not self._continues(line):
            yield self._unterminated()
            self._torn_text = ""
        row, offset = (self._torn_row, self._torn_offset) if self._torn_text else (self.row, start)
        text = f"{self._torn_text} {line}" if self._torn_text else line
        self._torn_text = ""
        if max(len(part), len(text)) >= LONGEST_RECORD:
            yield _too_long(row, offset, text)
        elif text.endswith(TERMINATOR):
            problems = () if text is line else (self._line_break(text, line),)
            yield from _terminated(row, offset, text.removesuffix(TERMINATOR), problems)
        else:
            self._torn_row, self._torn_offset, self._torn_text = row, offset, text

    def _continues(self, line: str) -> bool:
        """Tell whether `line` is the rest of a record that a line break has torn, not a record of its own."""
        if _NEW_RECORD.match(line) or self._torn_text.startswith("LEDES"):
            return False
        return self._torn_text.count("|") + line.count("|") < len(self.layout.fields)

    def _unterminated(self) -> Record:
        fix = "End every record with [] and begin the next on a new line."
        missing = Problem(FindingCode.TERMINATOR_MISSING, "", "The record does not end with [].", fix)
        return _record(self._torn_row, self._torn_offset, self._torn_text, (missing,))

    def _line_break(self, text: str, last_line: str) -> Problem:
        fields = self.layout.fields
        field = fields[min(text.removesuffix(last_line).count("|"), len(fields) - 1)]
        message = f"{field.name} holds a line break."
        return Problem(
            FindingCode.LINE_BREAK, field.name, message, "Write a space in its place.", column=field.position
        )


def _decode(raw: bytes) -> str:
    """Read UTF-8, or what Windows calls ANSI, or else Latin-1, which takes any byte."""
    for encoding in ("utf-8", "cp1252"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("latin-1")


def _terminated(row: int, offset: int, body: str, problems: tuple[Problem, ...]) -> Iterator[Record]:
    for part in _RUN_ON.split(body) if TERMINATOR in body else (body,):
        yield _record(row, offset, part, problems)


def _record(row: int, offset: int, body: str, problems: tuple[Problem, ...]) -> Record:
    is_clean = body.isascii() and body.isprintable() and "[" not in body and "]" not in body
    return Record(row, offset, body, is_clean, problems)


def _too_long(row: int, offset: int, text: str) -> Record:
    """Give what names the invoice, and none of the rest."""
    message = f"The record is longer than {LONGEST_RECORD // 1024} KB and was not read."
    fix = "End every record with [] and begin the next on a new line."
    problem = Problem(FindingCode.RECORD_TOO_LONG, "", message, fix)
    return Record(row, offset, "|".join(text.split("|", 2)[:2]), is_clean=True, problems=(problem,))
