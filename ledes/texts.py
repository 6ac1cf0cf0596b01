"""A document's free texts made fit for LEDES before it is written, each change listed for the user."""

from dataclasses import dataclass, replace

from ledes.characters import Change, transliterate
from ledes.document import LedesInvoice, LedesLine


@dataclass(frozen=True, slots=True)
class TextChange:
    """A replacement in one text: line item number ('' for the invoice), LEDES field in capitals, the change."""

    line_item_number: str
    field: str
    change: Change


def with_ascii_texts(invoice: LedesInvoice) -> tuple[LedesInvoice, tuple[TextChange, ...]]:
    """Return the invoice with descriptions and names in ASCII, and every change made.

    Numbers, ids and codes are left alone: a portal matches them character by character, so the writer refuses them.

    Raises:
        NoAsciiTwinError: when a text holds a character that has no twin.
    """
    description, changes = transliterate(invoice.invoice_description)
    listed = [TextChange("", "INVOICE_DESCRIPTION", change) for change in changes]
    lines = []
    for line in invoice.lines:
        clean, changed = _line(line)
        lines.append(clean)
        listed += changed
    return replace(invoice, invoice_description=description, lines=tuple(lines)), tuple(listed)


def _line(line: LedesLine) -> tuple[LedesLine, list[TextChange]]:
    number = line.line_item_number
    description, in_description = transliterate(line.description)
    name, in_name = transliterate(line.timekeeper_name)
    changes = [TextChange(number, "LINE_ITEM_DESCRIPTION", change) for change in in_description]
    changes += [TextChange(number, "TIMEKEEPER_NAME", change) for change in in_name]
    return (line._replace(description=description, timekeeper_name=name) if changes else line), changes
