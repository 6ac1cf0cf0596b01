"""The strict writer: exact bytes, or a refusal that names invoice, line and field. It reads back what it renders."""

from typing import Final

from core.errors import InvalidInputError
from ledes.assembly import Assembly
from ledes.document import LedesInvoice
from ledes.fields import COLUMN_COUNT, FORMAT, HEADER, LINE_END, TERMINATOR
from ledes.findings import Finding, FindingCode
from ledes.rendering import head_columns, line_columns

TOLERATED: Final = frozenset({FindingCode.UNKNOWN_CODE, FindingCode.NAME_FORMAT, FindingCode.DUPLICATE_LINE})
_END: Final = f"{TERMINATOR}{LINE_END}"
_FIRST_ROW: Final = 3


class LedesRefusedError(InvalidInputError):
    """The document cannot be written as LEDES without being wrong.

    Attributes:
        findings: every fault, by row of the file that was not written.
    """

    code = "ledes_refused"

    def __init__(self, user_message: str, findings: tuple[Finding, ...] = (), **facts: object) -> None:
        super().__init__(user_message, **facts)
        self.findings = findings


def write(invoice: LedesInvoice) -> bytes:
    """Return the invoice as a LEDES 1998B file: ASCII, CR LF, every record ended by [].

    Raises:
        LedesRefusedError: when any value is missing, too long, not in ASCII, or does not add up.
    """
    if not invoice.lines:
        message = f"Invoice {invoice.invoice_number} has no lines. Nothing was written; add the lines or void it."
        raise LedesRefusedError(message, invoice_number=invoice.invoice_number)
    head = head_columns(invoice)
    rows = [line_columns(head, line) for line in invoice.lines]
    texts = ["|".join(row) for row in rows]
    findings = _findings(invoice, rows, texts)
    if findings:
        raise _refusal(invoice, findings)
    return f"{FORMAT}{_END}{HEADER}{_END}{_END.join(texts)}{_END}".encode("ascii")


def _findings(invoice: LedesInvoice, rows: list[list[str]], texts: list[str]) -> tuple[Finding, ...]:
    assembly = Assembly(_FIRST_ROW, rows[0])
    found: list[Finding] = []
    for row, (values, text) in enumerate(zip(rows, texts, strict=True), start=_FIRST_ROW):
        found += assembly.add(row, values, is_clean=_is_clean(text))
    read_back, of_the_whole = assembly.close()
    found += of_the_whole
    serious = tuple(finding for finding in found if finding.code not in TOLERATED)
    if not serious and read_back != invoice:
        message = f"Invoice {invoice.invoice_number} does not read back as it was. Nothing was written; report this."
        raise LedesRefusedError(message, invoice_number=invoice.invoice_number)
    return serious


def _is_clean(text: str) -> bool:
    is_plain = text.isascii() and text.isprintable()
    return is_plain and text.count("|") == COLUMN_COUNT - 1 and "[" not in text and "]" not in text


def _refusal(invoice: LedesInvoice, findings: tuple[Finding, ...]) -> LedesRefusedError:
    first = findings[0]
    number = invoice.lines[first.row - _FIRST_ROW].line_item_number
    more = f" ({len(findings) - 1} more)" if len(findings) > 1 else ""
    place = f"Invoice {invoice.invoice_number}, line {number}"
    return LedesRefusedError(
        f"{place}: {first.message} The LEDES file was not written; the invoice was kept. {first.fix}{more}",
        findings,
        invoice_number=invoice.invoice_number,
        line_item_number=number,
        field=first.field,
        fault=first.code.value,
    )
