"""The tolerant readers' entry: every fault of a file in one pass, as findings and never as exceptions."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Final

from ledes.document import LedesInvoice
from ledes.file_format import STANDARD, FileFormat
from ledes.findings import UNREADABLE, Finding, FindingCode, Problem, Severity
from ledes.formats import LedesFormat
from ledes.pipe.reader import Opened, open_file
from ledes.sniff import looks_like_xml
from ledes.source import Peeked, Source
from ledes.xml import reader as xml_reader
from ledes.xml.sniff import version_of

_HEAD: Final = 16_384

Item = LedesInvoice | Finding


@dataclass(frozen=True, slots=True)
class ParseResult:
    """A file as read.

    Attributes:
        format: the file's format, or None when it cannot be read as LEDES at all.
        invoices: the invoices whose invoice-level values could be read, with those of their lines that could.
        findings: all faults, by row and column.
    """

    format: LedesFormat | None
    invoices: tuple[LedesInvoice, ...]
    findings: tuple[Finding, ...]

    @property
    def is_valid(self) -> bool:
        """Tell whether there is no error; warnings are allowed."""
        return not any(finding.severity is Severity.ERROR for finding in self.findings)


class Stream:
    """Findings and invoices as they are met, one invoice in memory at a time.

    Findings come in the order of the file as far as an invoice goes; those of a whole file have row 0 and may be last.

    Attributes:
        format: the file's format; None when it cannot be read as LEDES, which may only show at the first item.
    """

    def __init__(self, opened: Opened, source: Peeked, most_bytes: int | None) -> None:
        self.format = opened.format
        self._items = opened.items
        self._source, self._most = source, most_bytes

    def __iter__(self) -> Iterator[Item]:
        for item in self._items:
            if isinstance(item, Finding) and item.code in UNREADABLE:
                self.format = None
            yield item
        if self._most is not None and self._source.count > self._most:
            message = f"The file has {self._source.count} bytes; this carrier takes {self._most} at most."
            fix = "Write fewer invoices to a file, or shorten its texts."
            yield Problem(FindingCode.FILE_TOO_BIG, "", message, fix).at(0)


def parse(content: bytes, file_format: FileFormat = STANDARD, *, today: date | None = None) -> ParseResult:
    """Read a whole file from memory; the arguments are those of `stream`."""
    return collect(BytesIO(content), file_format, today=today)


def collect(source: Source, file_format: FileFormat = STANDARD, *, today: date | None = None) -> ParseResult:
    """Read a file opened in binary mode; the arguments are those of `stream`."""
    invoices: list[LedesInvoice] = []
    findings: list[Finding] = []
    items = stream(source, file_format, today=today)
    for item in items:
        if isinstance(item, LedesInvoice):
            invoices.append(item)
        else:
            findings.append(item)
    findings.sort(key=lambda finding: (finding.row, finding.column))
    return ParseResult(items.format, tuple(invoices), tuple(findings))


def stream(source: Source, file_format: FileFormat = STANDARD, *, today: date | None = None) -> Stream:
    """Read a file opened in binary mode a part at a time, however large it is.

    Args:
        source: the file.
        file_format: a carrier's limits and tolerances, to which the file is held besides the standard's.
        today: the day after which dates lie in the future; by the clock (UTC) when not given.
    """
    peeked = Peeked(source, _HEAD)
    day = today or datetime.now(UTC).date()
    if looks_like_xml(peeked.head):
        opened = Opened(version_of(peeked.head), xml_reader.stream(peeked, file_format, today=day))
    else:
        opened = open_file(peeked, file_format, day)
    return Stream(opened, peeked, file_format.max_bytes)
