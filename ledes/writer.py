"""The strict writer: exact bytes, or a refusal that names invoice, line and field.

Its own text is held to the reader's checks, so what it writes cannot be less than what it reads.
"""

from typing import Final

from ledes.assembly import check
from ledes.characters import FIT_BYTES
from ledes.document import LedesInvoice
from ledes.fields import COLUMN_COUNT, FORMAT, HEADER, LINE_END, TERMINATOR
from ledes.findings import Finding, FindingCode
from ledes.refusal import LedesRefusedError
from ledes.rendering import columns_of, head_columns
from ledes.rows import Rows

TOLERATED: Final = frozenset({FindingCode.UNKNOWN_CODE, FindingCode.NAME_FORMAT, FindingCode.DUPLICATE_LINE})
_END: Final = f"{TERMINATOR}{LINE_END}"
_HEADING: Final = f"{FORMAT}{_END}{HEADER}{_END}"
_FIRST_ROW: Final = 3
_FRAME: Final = f"{'|' * (COLUMN_COUNT - 1)}{_END}".encode("ascii")
_FIT: Final = FIT_BYTES.replace(b"|", b"")


def write(invoice: LedesInvoice) -> bytes:
    """Return the invoice as a LEDES 1998B file: ASCII, CR LF, every record ended by [].

    Raises:
        LedesRefusedError: when any value is missing, too long, not in ASCII, or does not add up.
    """
    if not invoice.lines:
        message = f"Invoice {invoice.invoice_number} has no lines. Nothing was written; add the lines or void it."
        raise LedesRefusedError(message, invoice_number=invoice.invoice_number)
    columns = columns_of(head_columns(invoice), invoice)
    texts = list(map("|".join, zip(*columns, strict=True)))
    body = f"{_END.join(texts)}{_END}"
    unclean = [] if _is_clean(body, len(texts)) else [at for at, text in enumerate(texts) if not _is_clean(text + _END)]
    rows = Rows(range(_FIRST_ROW, _FIRST_ROW + len(texts)), columns, unclean)
    findings = [finding for finding in check(rows) if finding.code not in TOLERATED]
    if findings:
        raise _refusal(invoice, sorted(findings, key=lambda finding: (finding.row, finding.column)))
    return f"{_HEADING}{body}".encode("ascii")


def _is_clean(records: str, count: int = 1) -> bool:
    """Tell whether LEDES can carry the characters of all values: nothing but the frame of the records stands out."""
    return records.isascii() and records.encode("ascii").translate(None, _FIT) == _FRAME * count


def _refusal(invoice: LedesInvoice, findings: list[Finding]) -> LedesRefusedError:
    first = findings[0]
    number = invoice.lines[first.row - _FIRST_ROW].line_item_number
    more = f" ({len(findings) - 1} more)" if len(findings) > 1 else ""
    place = f"Invoice {invoice.invoice_number}, line {number}"
    return LedesRefusedError(
        f"{place}: {first.message} The LEDES file was not written; the invoice was kept. {first.fix}{more}",
        tuple(findings),
        invoice_number=invoice.invoice_number,
        line_item_number=number,
        field=first.field,
        fault=first.code.value,
    )
