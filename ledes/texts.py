"""A document's free texts made fit for LEDES before it is written, each change listed for the user."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from ledes.attributes import INVOICE_ATTRIBUTES, LINE_ATTRIBUTES, Attribute, with_value
from ledes.characters import Change, is_clean, transliterate
from ledes.document import LedesInvoice, LedesLine

_ENDS: Final = ("_NAME", "_DESCRIPTION", "_ADDRESS_1", "_ADDRESS_2", "_CITY", "_STATEorREGION")


@dataclass(frozen=True, slots=True)
class TextChange:
    """A replacement in one text: line item number ('' for the invoice), LEDES field in capitals, the change."""

    line_item_number: str
    field: str
    change: Change


def is_free_text(name: str) -> bool:
    """Tell whether a LEDES field holds words for people, not an id or a code that a portal matches."""
    return name.endswith(_ENDS)


def with_ascii_texts(invoice: LedesInvoice) -> tuple[LedesInvoice, tuple[TextChange, ...]]:
    """Return the invoice with descriptions, names and addresses in ASCII, and every change made.

    Numbers, ids and codes are left alone: a portal matches them character by character, so the writer refuses them.

    Raises:
        NoAsciiTwinError: when a text holds a character that has no twin.
    """
    listed: list[TextChange] = []
    for attribute, text in _unclean(_INVOICE_TEXTS, invoice):
        clean, changes = transliterate(text)
        listed += [TextChange("", attribute.name, change) for change in changes]
        invoice = with_value(invoice, attribute.path, clean)
    lines = []
    for line in invoice.lines:
        fit, changed = _line(line)
        lines.append(fit)
        listed += changed
    return (replace(invoice, lines=tuple(lines)) if listed else invoice), tuple(listed)


def _line(line: LedesLine) -> tuple[LedesLine, list[TextChange]]:
    listed: list[TextChange] = []
    texts: dict[str, Any] = {}
    for attribute, text in _unclean(_LINE_TEXTS, line):
        texts[attribute.path], changes = transliterate(text)
        listed += [TextChange(line.line_item_number, attribute.name, change) for change in changes]
    return (line._replace(**texts) if texts else line), listed


def _unclean(texts: tuple[Attribute, ...], holder: LedesInvoice | LedesLine) -> Iterator[tuple[Attribute, str]]:
    for attribute in texts:
        text = str(attribute.of(holder))
        if not is_clean(text):
            yield attribute, text


_INVOICE_TEXTS: Final = tuple(one for one in INVOICE_ATTRIBUTES if is_free_text(one.name))
_LINE_TEXTS: Final = tuple(one for one in LINE_ATTRIBUTES if is_free_text(one.name))
