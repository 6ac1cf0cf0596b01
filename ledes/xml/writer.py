"""The strict writer of LEDES XML: exact bytes, or a refusal that names invoice, element and fault.

What it writes is read again, and handed out only when the reader finds no fault and the same document.
"""

from collections.abc import Iterator
from dataclasses import fields
from io import BytesIO

from ledes.document import LedesInvoice
from ledes.file_format import STANDARD, FileFormat
from ledes.findings import Finding, FindingCode
from ledes.formats import LedesFormat
from ledes.refusal import LedesRefusedError, is_tolerated
from ledes.xml.carried import as_carried
from ledes.xml.misfits import misfit, misfits
from ledes.xml.reader import stream
from ledes.xml.rendering import render


def write(invoice: LedesInvoice, dialect: LedesFormat, file_format: FileFormat = STANDARD) -> bytes:
    """Return the invoice as a LEDES XML file: UTF-8 without a byte order mark, LF line ends, two spaces of indent.

    Args:
        invoice: the document, its lines numbered 1, 2, 3 and on.
        dialect: the version.
        file_format: a carrier's limits and tolerances, to which the file is held besides the standard's.

    Raises:
        LedesRefusedError: when a value is missing, does not add up, or has no place in the version.
    """
    findings = misfits(invoice, dialect)
    if not findings:
        content, findings = render(invoice, dialect)
        findings += _reading_faults(invoice, content, file_format, has_unfit=bool(findings))
        if not findings:
            return content
    raise _refusal(invoice, dialect, findings)


def _reading_faults(
    invoice: LedesInvoice, content: bytes, file_format: FileFormat, *, has_unfit: bool
) -> list[Finding]:
    """Return what the reader says of the file: its findings, or else the values it tells otherwise."""
    read = list(stream(BytesIO(content), file_format))
    findings = [one for one in read if isinstance(one, Finding) and not is_tolerated(one)]
    if findings or has_unfit:
        return findings
    invoices = [one for one in read if isinstance(one, LedesInvoice)]
    return list(_differences(as_carried(invoice), invoices[0]))


def _differences(expected: LedesInvoice, found: LedesInvoice) -> Iterator[Finding]:
    if expected == found:
        return
    for name in (field.name for field in fields(LedesInvoice) if field.name != "lines"):
        if getattr(expected, name) != getattr(found, name):
            yield _untold(name, getattr(expected, name), getattr(found, name))
    for mine, theirs in zip(expected.lines, found.lines, strict=True):
        for name, value in mine._asdict().items():
            if value != getattr(theirs, name):
                yield _untold(f"{name} of line {mine.line_item_number}", value, getattr(theirs, name))


def _untold(name: str, expected: object, found: object) -> Finding:
    message = f"would read as {str(found)[:60]!r}, not as {str(expected)[:60]!r}."
    return misfit(FindingCode.NOT_CARRIED, name, message, "Correct the invoice, or send another format.")


def _refusal(invoice: LedesInvoice, dialect: LedesFormat, findings: list[Finding]) -> LedesRefusedError:
    findings.sort(key=lambda one: (one.row, one.column))
    first = findings[0]
    more = f" ({len(findings) - 1} more)" if len(findings) > 1 else ""
    return LedesRefusedError(
        f"Invoice {invoice.invoice_number}: {first.message} The {dialect.value} file was not written; the invoice was "
        f"kept. {first.fix}{more}",
        tuple(findings),
        invoice_number=invoice.invoice_number,
        field=first.field,
        fault=first.code.value,
    )
