"""What there is to say about a LEDES file: verdict, invoices, every finding; worked out once and kept for a while."""

import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Final

from ledes.document import LedesInvoice, LedesLine
from ledes.file_format import FileFormat
from ledes.findings import Finding, Severity
from ledes.mending.frame import without_mark
from ledes.parser import stream

MOST_OF_A_CODE: Final = 1_000
MOST_INVOICES: Final = 2_000
_KINDS: Final = {
    b"%PDF": "The file is a PDF, a picture of a bill. Ask for the LEDES file behind it.",
    b"\xd0\xcf\x11\xe0": "The file is an old Office document. Ask for the LEDES file.",
    b"{\\rtf": "The file is a word processor's document. Ask for the LEDES file.",
}
_ZIP: Final = b"PK\x03\x04"
_OFFICE: Final = ("word/", "xl/", "ppt/")
_UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True)
class InvoiceFacts:
    """One invoice of a file, without its lines.

    Attributes:
        place: from 0, among the invoices that could be read.
        lines: how many lines could be read.
    """

    place: int
    number: str
    client_id: str
    matter: str
    client_matter: str
    invoice_date: date
    period: tuple[date, date]
    total: Decimal
    currency: str
    lines: int


@dataclass(frozen=True)
class Examination:
    """What was found in a file.

    Attributes:
        format: its format; '' when it cannot be read as LEDES.
        findings: by row and column; of each code no more than `MOST_OF_A_CODE`.
        counts: how many there are of each severity and code, all counted.
        invoices: no more than `MOST_INVOICES`.
        invoice_count: all of them.
        hint: what the file seems to be when it is not plain LEDES, or ''.
    """

    format: str
    findings: tuple[Finding, ...]
    counts: Mapping[tuple[str, str], int]
    invoices: tuple[InvoiceFacts, ...]
    invoice_count: int
    line_count: int
    hint: str

    def count(self, severity: Severity) -> int:
        """Return how many findings are of a severity."""
        return sum(count for (one, _), count in self.counts.items() if one == severity)

    @property
    def is_valid(self) -> bool:
        """Whether it is LEDES without an error; warnings are allowed."""
        return bool(self.format) and self.count(Severity.ERROR) == 0


@dataclass
class _Taken:
    findings: list[Finding] = field(default_factory=list)
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    invoices: list[InvoiceFacts] = field(default_factory=list)
    invoice_count: int = 0
    line_count: int = 0

    def take(self, item: Finding | LedesInvoice) -> None:
        if isinstance(item, Finding):
            key = (item.severity.value, item.code.value)
            self.counts[key] += 1
            if self.counts[key] <= MOST_OF_A_CODE:
                self.findings.append(item)
            return
        if self.invoice_count < MOST_INVOICES:
            self.invoices.append(_facts(self.invoice_count, item))
        self.invoice_count += 1
        self.line_count += len(item.lines)


def examine(content: bytes, file_format: FileFormat) -> Examination:
    """Read a file once, whatever it is."""
    items, taken = stream(BytesIO(content), file_format), _Taken()
    for item in items:
        taken.take(item)
    taken.findings.sort(key=lambda finding: (finding.row, finding.column))
    return Examination(
        format=items.format.value if items.format else "",
        findings=tuple(taken.findings),
        counts=dict(taken.counts),
        invoices=tuple(taken.invoices),
        invoice_count=taken.invoice_count,
        line_count=taken.line_count,
        hint=_hint(content, is_ledes=items.format is not None),
    )


def lines_of(content: bytes, file_format: FileFormat, place: int) -> tuple[LedesLine, ...]:
    """Return the lines of one invoice that could be read; none when there is no such invoice."""
    return next((invoice.lines for at, invoice in enumerate(invoices_of(content, file_format)) if at == place), ())


def invoices_of(content: bytes, file_format: FileFormat) -> Iterator[LedesInvoice]:
    """Yield the invoices of a file, one in memory at a time."""
    return (item for item in stream(BytesIO(content), file_format) if not isinstance(item, Finding))


def _facts(place: int, invoice: LedesInvoice) -> InvoiceFacts:
    return InvoiceFacts(
        place=place,
        number=invoice.invoice_number,
        client_id=invoice.client_id,
        matter=invoice.law_firm_matter_id,
        client_matter=invoice.client_matter_id,
        invoice_date=invoice.invoice_date,
        period=(invoice.billing_start_date, invoice.billing_end_date),
        total=invoice.invoice_total,
        currency=invoice.invoice_currency,
        lines=len(invoice.lines),
    )


def _hint(content: bytes, *, is_ledes: bool) -> str:
    """Return what a file that is not plain LEDES seems to be, and what to do with it."""
    if not is_ledes and content.startswith(_UTF_16) and without_mark(content)[1]:
        return "The file is in UTF-16. See the repairs: it is read, and can be written as plain text."
    if content.startswith(_ZIP):
        return _zip_hint(content)
    known = next((hint for mark, hint in _KINDS.items() if content.startswith(mark)), "")
    if known or is_ledes:
        return known
    if b"\x00" in content[:1_000]:
        return "The file is not text. It was kept as it is; check that it is the right one."
    return ""


def _zip_hint(content: bytes) -> str:
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, EOFError):
        names = []
    if any(name.startswith(_OFFICE) for name in names):
        return "The file is an Office document. Ask for the LEDES file, or export it as text."
    held = f" It holds {', '.join(names[:3])}{' and more' if len(names) > 3 else ''}." if names else ""  # noqa: PLR2004
    return f"The file is a zip archive.{held} Unpack it, and drop the files in it one by one."
