"""Proof that a file says what the document says: parsed anew and compared field by field, before it may be sent."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from operator import attrgetter
from typing import Final

from core.errors import BillingError
from ledes.attributes import INVOICE_ATTRIBUTES, LINE_ATTRIBUTES
from ledes.carried import CARRIED, Carried
from ledes.document import LedesInvoice, LedesLine
from ledes.file_format import STANDARD, FileFormat
from ledes.parser import ParseResult, parse
from ledes.refusal import is_tolerated
from ledes.xml.carried import as_carried

_NAMES: Final = {attribute.path: attribute.name for attribute in (*INVOICE_ATTRIBUTES, *LINE_ATTRIBUTES)}


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


def compare(expected: LedesInvoice, content: bytes, file_format: FileFormat = STANDARD) -> tuple[Difference, ...]:
    """Parse `content` and return every difference from `expected` in what the format carries.

    Args:
        expected: the document, in the carrier's own form.
        content: the file.
        file_format: says which format it must be in, and the limits it is read under.

    Returns:
        Nothing only when format and all fields are equal and the file has no fault.
    """
    return tuple(_differences(expected, parse(content, file_format), file_format))


def read_back(invoice: LedesInvoice, content: bytes, file_format: FileFormat = STANDARD) -> LedesInvoice:
    """Return the invoice as the file tells it; the arguments are those of `compare`.

    Raises:
        ReadBackError: naming the first difference.
    """
    result = parse(content, file_format)
    differences = tuple(_differences(invoice, result, file_format))
    if not differences:
        return result.invoices[0]
    first = differences[0]
    place = f"{first.field or 'the file'}{f' of line {first.line_item_number}' if first.line_item_number else ''}"
    message = (
        f"The LEDES file of invoice {invoice.invoice_number} says {first.found!r} for {place}, not {first.expected!r}. "
        "It was not sent and the invoice was kept; make the file again."
    )
    raise ReadBackError(message, invoice_number=invoice.invoice_number, differences=len(differences))


def _differences(expected: LedesInvoice, result: ParseResult, file_format: FileFormat) -> Iterator[Difference]:
    for finding in result.findings:
        if not is_tolerated(finding):
            yield Difference("", finding.field, "no fault", finding.message)
    if result.format is not file_format.dialect:
        yield Difference("", "", file_format.dialect.value, result.format.value if result.format else "no LEDES")
        return
    if len(result.invoices) != 1:
        yield Difference("", "", "1 invoice", f"{len(result.invoices)} invoices")
        return
    found = result.invoices[0]
    if file_format.dialect.is_xml:
        expected = as_carried(expected)
    if found != expected:
        yield from _in_documents(expected, found, CARRIED[file_format.dialect])


def _in_documents(expected: LedesInvoice, found: LedesInvoice, carried: Carried) -> Iterator[Difference]:
    for path in carried.invoice:
        value_of = attrgetter(path)
        yield from _difference("", _NAMES[path], value_of(expected), value_of(found))
    for mine, theirs in zip_longest(expected.lines, found.lines):
        if mine != theirs:
            yield from _in_lines(mine, theirs, carried)


def _in_lines(mine: LedesLine | None, theirs: LedesLine | None, carried: Carried) -> Iterator[Difference]:
    if mine is None or theirs is None:
        present = mine or theirs
        number = present.line_item_number if present else ""
        yield Difference(number, "", "the line" if mine else "no such line", "no such line" if mine else "the line")
        return
    for path in carried.line:
        yield from _difference(mine.line_item_number, _NAMES[path], getattr(mine, path), getattr(theirs, path))


def _difference(number: str, field: str, expected: object, found: object) -> Iterator[Difference]:
    if expected != found:
        yield Difference(number, field, str(expected), str(found))
