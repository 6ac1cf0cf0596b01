"""What of a document has no place in a version of LEDES XML, found before anything is written."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from ledes.document import LedesInvoice
from ledes.findings import Finding, FindingCode
from ledes.formats import LedesFormat
from ledes.xml.nodes import NOWHERE
from ledes.xml.numbering import is_numbered
from ledes.xml.reading import placed
from ledes.xml.values import fault

_NO_PLACE: Final = ("invoice_reported_tax_total", "invoice_tax_currency")
_FIGURES: Final = {
    "invoice_total": "inv_total_net_due",
    "invoice_tax_total": "inv_total_tax",
    "invoice_net_total": "invoice_net_total",
    "invoice_reported_tax_total": "invoice_reported_tax_total",
}
_LINE_FIGURES: Final = {
    "units": "units",
    "unit_cost": "rate",
    "adjustment_amount": "item_disc_cred_amount",
    "total": "total_amount",
    "tax_rate": "tax_rate_percent",
    "tax_total": "tax",
}
_MOST_DIGITS: Final = 20


def misfits(invoice: LedesInvoice, dialect: LedesFormat) -> list[Finding]:
    """Return what cannot be written, by element as far as there is one; figures that are none come alone."""
    return list(_figures(invoice)) or [*_lines(invoice), *_taxes(invoice), *_values(invoice, dialect)]


def misfit(code: FindingCode, name: str, message: str, fix: str) -> Finding:
    """Return a fault of a file that was not written, so that it has no row."""
    return placed(fault(code, name, message, fix), NOWHERE)


def _figures(invoice: LedesInvoice) -> Iterator[Finding]:
    """Find what arithmetic would choke on: not a number, infinite, or with more digits than any amount of money."""
    for attribute, name in _FIGURES.items():
        yield from _figure(name, getattr(invoice, attribute))
    for line in invoice.lines:
        for attribute, name in _LINE_FIGURES.items():
            yield from _figure(name, getattr(line, attribute))


def _figure(name: str, number: Decimal | None) -> Iterator[Finding]:
    if number is None or (number.is_finite() and (number.is_zero() or abs(number.adjusted()) <= _MOST_DIGITS)):
        return
    yield misfit(FindingCode.BAD_NUMBER, name, f"is {str(number)[:40]}, which is no amount.", "Correct it.")


def _lines(invoice: LedesInvoice) -> Iterator[Finding]:
    if not invoice.lines:
        yield misfit(FindingCode.NO_LINES, "matter", "has no lines.", "Add the lines or void it.")
    elif not is_numbered(invoice):
        message = "must be whole numbers, each greater than the one before; the line numbers of this invoice are not."
        yield misfit(FindingCode.BAD_NUMBER, "file_item_nbr", message, "Number the lines 1, 2, 3 and on.")


def _taxes(invoice: LedesInvoice) -> Iterator[Finding]:
    if invoice.invoice_tax_total or any(line.tax_total or line.tax_rate for line in invoice.lines):
        message = "needs more of each tax than a document holds (jurisdiction, registration), so taxes are not written."
        yield misfit(FindingCode.NOT_CARRIED, "tax", message, "Send LEDES98BI V2, which carries taxes by line.")
    elif invoice.invoice_net_total not in {None, invoice.invoice_total}:
        message = "differs from the total without tax."
        yield misfit(FindingCode.NET_TOTAL_WRONG, "invoice_net_total", message, "Correct it.")


def _values(invoice: LedesInvoice, dialect: LedesFormat) -> Iterator[Finding]:
    for attribute in _NO_PLACE:
        if getattr(invoice, attribute):
            yield misfit(FindingCode.NOT_CARRIED, attribute, "has no place in LEDES XML.", "Clear it.")
    if invoice.replaces_invoice and dialect is not LedesFormat.XML_2_2:
        message = f"is not known to be in {dialect.value}."
        yield misfit(FindingCode.NOT_CARRIED, "inv_reference", message, "Write LEDES XML 2.2, or clear it.")
