"""The strict writers' entry: a document in any format, as exact bytes, or a refusal."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from ledes.document import LedesInvoice
from ledes.file_format import STANDARD, FileFormat
from ledes.formats import LedesFormat
from ledes.pipe.layout import LAYOUTS
from ledes.pipe.readers import readers_of
from ledes.pipe.writer import write_rows
from ledes.refusal import TOLERATED, LedesRefusedError
from ledes.xml import writer as xml_writer

__all__ = ["TOLERATED", "LedesRefusedError", "write", "write_many"]


def write(
    invoice: LedesInvoice, dialect: LedesFormat = LedesFormat.LEDES_1998B, file_format: FileFormat = STANDARD
) -> bytes:
    """Return an invoice as a file.

    Args:
        invoice: the document; `ledes.for_carrier.for_carrier` brings it into a carrier's own form beforehand.
        dialect: the format; what it does not carry is left out, and never changes an amount.
        file_format: a carrier's limits and tolerances, to which the file is held besides the standard's.

    Raises:
        LedesRefusedError: when any value is missing, too long, not fit for the format, or does not add up.
    """
    if dialect.is_xml:
        return xml_writer.write(invoice, dialect, file_format)
    return b"".join(write_many([invoice], dialect, file_format))


def write_many(
    invoices: Iterable[LedesInvoice],
    dialect: LedesFormat = LedesFormat.LEDES_1998B,
    file_format: FileFormat = STANDARD,
) -> Iterator[bytes]:
    """Yield the parts of a file between pipes that holds several invoices; one is in memory at a time.

    Raises:
        LedesRefusedError: as `write`; when a number is used twice, the carrier takes one invoice a file, or the
            format is XML, which holds one invoice here.
    """
    if dialect.is_xml:
        message = (
            "Several invoices cannot be written to one LEDES XML file here. Nothing was written; write each apart."
        )
        raise LedesRefusedError(message)
    layout = LAYOUTS[dialect]
    readers = readers_of(layout, file_format)
    today = datetime.now(UTC).date()
    written: set[str] = set()
    for invoice in invoices:
        _refuse_second(invoice, written, file_format)
        rows = write_rows(invoice, readers, today)
        yield rows if written else layout.heading.encode("ascii") + rows
        written.add(invoice.invoice_number)


def _refuse_second(invoice: LedesInvoice, written: set[str], file_format: FileFormat) -> None:
    number = invoice.invoice_number
    if number in written:
        message = f"Invoice {number} is in the file already. It was not written twice; give each invoice its number."
        raise LedesRefusedError(message, invoice_number=number)
    if written and not file_format.allows_many_invoices:
        message = f"This carrier takes one invoice a file, so invoice {number} was not added; write it to its own file."
        raise LedesRefusedError(message, invoice_number=number)
