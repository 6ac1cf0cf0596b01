"""Proof that a file says what the document says: parsed anew and compared field by field, before it may be sent."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest

from core.errors import BillingError
from ledes.document import LedesInvoice, LedesLine
from ledes.fields import FIELDS
from ledes.parser import ParseResult, parse
from ledes.writer import TOLERATED

_INVOICE_FIELDS = [field for field in FIELDS if field.attribute in LedesInvoice.__slots__]
_LINE_FIELDS = [field for field in FIELDS if field.attribute in LedesLine._fields]


class ReadBackError(BillingError):
    """A file does not say what its invoice says."""

    code = "ledes_read_back"


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where file and document disagree.

    Attributes:
        line_item_number: of the line, or '' for the invoice as a whole.
        field: LEDES field name in capitals, or '' for the frame of the file.
        expected: what the document says, as text.
        found: what the file says, as text.
    """

    line_item_number: str
    field: str
    expected: str
    found: str


def compare(expected: LedesInvoice, content: bytes) -> tuple[Difference, ...]:
    """Parse `content` and return every difference from `expected`; empty only when all fields are equal."""
    return tuple(_differences(expected, parse(content)))


def read_back(invoice: LedesInvoice, content: bytes) -> LedesInvoice:
    """Return the invoice as the file tells it.

    Raises:
        ReadBackError: naming the first difference.
    """
    result = parse(content)
    differences = tuple(_differences(invoice, result))
    if not differences:
        return result.invoices[0]
    first = differences[0]
    place = f"{first.field or 'the file'}{f' of line {first.line_item_number}' if first.line_item_number else ''}"
    message = (
        f"The LEDES file of invoice {invoice.invoice_number} says {first.found!r} for {place}, not {first.expected!r}. "
        "It was not sent and the invoice was kept; make the file again."
    )
    raise ReadBackError(message, invoice_number=invoice.invoice_number, differences=len(differences))


def _differences(expected: LedesInvoice, result: ParseResult) -> Iterator[Difference]:
    for finding in result.findings:
        if finding.code not in TOLERATED:
            yield Difference("", finding.field, "no fault", finding.message)
    if len(result.invoices) != 1:
        yield Difference("", "", "1 invoice", f"{len(result.invoices)} invoices")
        return
    found = result.invoices[0]
    if found == expected:
        return
    for field in _INVOICE_FIELDS:
        yield from _difference("", field.name, getattr(expected, field.attribute), getattr(found, field.attribute))
    for mine, theirs in zip_longest(expected.lines, found.lines):
        yield from _line_differences(mine, theirs)


def _line_differences(mine: LedesLine | None, theirs: LedesLine | None) -> Iterator[Difference]:
    if mine is None or theirs is None:
        present = mine or theirs
        number = present.line_item_number if present else ""
        yield Difference(number, "", "the line" if mine else "no such line", "no such line" if mine else "the line")
        return
    for field in _LINE_FIELDS:
        mine_value, theirs_value = getattr(mine, field.attribute), getattr(theirs, field.attribute)
        yield from _difference(mine.line_item_number, field.name, mine_value, theirs_value)


def _difference(number: str, field: str, expected: object, found: object) -> Iterator[Difference]:
    if expected != found:
        yield Difference(number, field, str(expected), str(found))
