"""A document made ready for another format: what that cannot carry is listed, what it asks for is never invented."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Final

from core.money import ZERO
from ledes.attributes import (
    INVOICE_ATTRIBUTES,
    LINE_ATTRIBUTES,
    Attribute,
    Value,
    blank_of,
    shown_value,
    with_value,
)
from ledes.carried import CARRIED
from ledes.document import LedesInvoice, LedesLine
from ledes.formats import LedesFormat
from ledes.given import with_given
from ledes.names import split_name, with_names
from ledes.texts import TextChange, with_ascii_texts

_DOLLARS: Final = "USD"
_MONEY: Final = frozenset({"tax_total", "invoice_tax_total", "invoice_currency"})


@dataclass(frozen=True, slots=True)
class Loss:
    """A value that the other format has no place for.

    Attributes:
        invoice_number: of the invoice.
        line_item_number: of the line, or '' for the invoice as a whole.
        field: LEDES field in capitals.
        value: what would be lost.
        changes_money: whether the amount due would be another without it; such a document is not converted.
    """

    invoice_number: str
    line_item_number: str
    field: str
    value: str
    changes_money: bool

    def as_json(self) -> dict[str, str | bool]:
        """Return plain values for a JSON report."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Conversion:
    """A document in the shape that another format carries.

    Attributes:
        invoice: the document, holding nothing that the format does not carry; it may still lack what it requires.
        losses: what was left out.
        text_changes: characters replaced because the format carries ASCII only.
    """

    invoice: LedesInvoice
    losses: tuple[Loss, ...]
    text_changes: tuple[TextChange, ...]

    @property
    def changes_money(self) -> bool:
        """Tell whether a loss would change what is due; then the document must not be sent in that format."""
        return any(loss.changes_money for loss in self.losses)


def convert(invoice: LedesInvoice, to: LedesFormat, given: Mapping[str, str] | None = None) -> Conversion:
    """Return the document as `to` can carry it. The writer says what it still lacks.

    What follows exactly from what is there is filled in: taxes of 0.00 where there are none, the net total, and the
    parts of a timekeeper's name from "Last, First" and back. Everything else must be given.

    Args:
        invoice: the document.
        to: the format it is meant for.
        given: by LEDES field in capitals, invoice-level values that the document lacks.

    Raises:
        GivenValueError: for a field that is unknown, not carried, already filled otherwise, or an amount.
        NoAsciiTwinError: when a text holds a character that no ASCII text can stand for.
    """
    completed = with_given(invoice, to, given or {})
    named = replace(completed, lines=tuple(with_names(line) for line in completed.lines))
    derived = _with_derived(named, to)
    losses = (
        *_invoice_losses(derived, to),
        *(loss for line in derived.lines for loss in _line_losses(derived, line, to)),
    )
    fitting = _without_uncarried(derived, to)
    if to.is_xml:
        return Conversion(fitting, losses, ())
    clean, changes = with_ascii_texts(fitting)
    return Conversion(clean, losses, changes)


def _with_derived(invoice: LedesInvoice, to: LedesFormat) -> LedesInvoice:
    """Fill in the taxes and the net total that LEDES98BI demands and that follow from what is there."""
    if to is not LedesFormat.LEDES_98BI_V2:
        return invoice
    lines = tuple(line if line.tax_total is not None else line._replace(tax_total=ZERO) for line in invoice.lines)
    tax = invoice.invoice_tax_total
    tax = sum((line.tax_total or ZERO for line in lines), start=ZERO) if tax is None else tax
    net = invoice.invoice_net_total
    net = invoice.invoice_total - tax if net is None else net
    return replace(invoice, lines=lines, invoice_tax_total=tax, invoice_net_total=net)


def _invoice_losses(invoice: LedesInvoice, to: LedesFormat) -> Iterator[Loss]:
    for attribute in INVOICE_ATTRIBUTES:
        if attribute.path not in CARRIED[to].invoice and not _is_implied(attribute, invoice):
            yield _loss(invoice, "", attribute, attribute.of(invoice))


def _is_implied(attribute: Attribute, invoice: LedesInvoice) -> bool:
    """Tell whether a document says the same without the value: no currency means dollars, no tax means none."""
    value = attribute.of(invoice)
    if attribute.path == "invoice_currency":
        return value in {"", _DOLLARS}
    if attribute.path == "invoice_net_total":
        return value in {None, invoice.invoice_total - (invoice.invoice_tax_total or ZERO)}
    return not attribute.is_given_in(invoice) or (attribute.kind == "number" and value == 0)


def _line_losses(invoice: LedesInvoice, line: LedesLine, to: LedesFormat) -> Iterator[Loss]:
    for attribute in _uncarried_of_lines(to):
        value = attribute.of(line)
        if attribute.is_given_in(line) and value != 0 and not _says_name(attribute, line):
            yield _loss(invoice, line.line_item_number, attribute, value)


def _says_name(attribute: Attribute, line: LedesLine) -> bool:
    """Tell whether a value is a form of the timekeeper's name that follows from the other form."""
    if attribute.path not in {"timekeeper_name", "timekeeper_last_name", "timekeeper_first_name"}:
        return False
    return split_name(line.timekeeper_name) == (line.timekeeper_last_name, line.timekeeper_first_name)


def _loss(invoice: LedesInvoice, line_number: str, attribute: Attribute, value: Value) -> Loss:
    is_money = attribute.path in _MONEY
    return Loss(invoice.invoice_number, line_number, attribute.name, shown_value(value), is_money)


def _uncarried_of_lines(to: LedesFormat) -> list[Attribute]:
    return [attribute for attribute in LINE_ATTRIBUTES if attribute.path not in CARRIED[to].line]


def _without_uncarried(invoice: LedesInvoice, to: LedesFormat) -> LedesInvoice:
    blanks = {one.path: LedesLine._field_defaults[one.path] for one in _uncarried_of_lines(to)}
    lines = tuple(line._replace(**blanks) for line in invoice.lines) if blanks else invoice.lines
    for attribute in INVOICE_ATTRIBUTES:
        if attribute.path not in CARRIED[to].invoice:
            invoice = with_value(invoice, attribute.path, blank_of(invoice, attribute.path))
    return replace(invoice, lines=lines)
