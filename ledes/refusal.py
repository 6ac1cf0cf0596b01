"""The writers' refusal: which faults stop a file from being written, and the sentence that says so."""

from collections.abc import Sequence
from typing import Final

from core.errors import InvalidInputError
from ledes.document import LedesInvoice
from ledes.findings import Finding, FindingCode, Severity

TOLERATED: Final = frozenset(
    {
        FindingCode.UNKNOWN_CODE,
        FindingCode.UNKNOWN_CLASSIFICATION,
        FindingCode.NAME_FORMAT,
        FindingCode.DUPLICATE_LINE,
        FindingCode.DATE_OUTSIDE_PERIOD,
        FindingCode.FUTURE_DATE,
    }
)


class LedesRefusedError(InvalidInputError):
    """The document cannot be written as LEDES without being wrong.

    Attributes:
        findings: every fault, by row of the file that was not written.
    """

    code = "ledes_refused"

    def __init__(self, user_message: str, findings: tuple[Finding, ...] = (), **facts: object) -> None:
        super().__init__(user_message, **facts)
        self.findings = findings


def is_tolerated(finding: Finding) -> bool:
    """Tell whether a file may be written in spite of a finding: a warning that carriers differ about."""
    return finding.code in TOLERATED and finding.severity is Severity.WARNING


def no_lines(invoice: LedesInvoice) -> LedesRefusedError:
    """Return the refusal of an invoice that has nothing to bill."""
    message = f"Invoice {invoice.invoice_number} has no lines. Nothing was written; add the lines or void it."
    return LedesRefusedError(message, invoice_number=invoice.invoice_number)


def refusal(
    invoice: LedesInvoice, findings: Sequence[Finding], line_numbers: Sequence[str], first_row: int
) -> LedesRefusedError:
    """Return the refusal of an invoice for its faults.

    Args:
        invoice: that was to be written.
        findings: at least one.
        line_numbers: LINE_ITEM_NUMBER of each row.
        first_row: row of the first of them in the file that was not written.
    """
    ordered = sorted(findings, key=lambda finding: (finding.row, finding.column))
    first = ordered[0]
    number = line_numbers[first.row - first_row]
    more = f" ({len(ordered) - 1} more)" if len(ordered) > 1 else ""
    place = f"Invoice {invoice.invoice_number}, line {number}"
    return LedesRefusedError(
        f"{place}: {first.message} The LEDES file was not written; the invoice was kept. {first.fix}{more}",
        tuple(ordered),
        invoice_number=invoice.invoice_number,
        line_item_number=number,
        field=first.field,
        fault=first.code.value,
    )
