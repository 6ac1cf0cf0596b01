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
from ledes.document import ADJUSTMENTS, LedesInvoice, LedesLine
from ledes.formats import LedesFormat
from ledes.given import with_given
from ledes.names import split_name, with_names
from ledes.texts import TextChange, with_ascii_texts
from ledes.xml.carried import as_carried as as_xml_carries

_DOLLARS: Final = "USD"
_NAME_PATHS: Final = frozenset({"timekeeper_name", "timekeeper_last_name", "timekeeper_first_name"})
_FIGURE_PATHS: Final = frozenset({"units", "unit_cost", "adjustment_amount"})
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
    fitting = _as_carried(derived, to)
    losses = (*_invoice_losses(derived, to), *_line_losses(derived, fitting))
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


def _line_losses(invoice: LedesInvoice, fitting: LedesInvoice) -> Iterator[Loss]:
    """Yield what the lines said and no longer say; values that follow from others, and nothing at all, are no loss."""
    for line, carried in zip(invoice.lines, fitting.lines, strict=True):
        for attribute in LINE_ATTRIBUTES if line != carried else ():
            value = attribute.of(line)
            is_same = value in {attribute.of(carried), "", None} or value == 0
            if not is_same and not _is_said(attribute, line, carried):
                yield _loss(invoice, line.line_item_number, attribute, value)


def _is_said(attribute: Attribute, line: LedesLine, carried: LedesLine) -> bool:
    """Tell whether a value is said in another way: a name whole or in parts, an adjustment's amount by its total."""
    if attribute.path in _NAME_PATHS:
        return split_name(line.timekeeper_name) == (line.timekeeper_last_name, line.timekeeper_first_name)
    is_adjustment = line.exp_fee_inv_adj_type in ADJUSTMENTS
    return is_adjustment and attribute.path in _FIGURE_PATHS and line.total == carried.total


def _loss(invoice: LedesInvoice, line_number: str, attribute: Attribute, value: Value) -> Loss:
    is_money = attribute.path in _MONEY
    return Loss(invoice.invoice_number, line_number, attribute.name, shown_value(value), is_money)


def _as_carried(invoice: LedesInvoice, to: LedesFormat) -> LedesInvoice:
    """Return the document as a file of the format tells it when it is read again."""
    blanks = {
        one.path: LedesLine._field_defaults[one.path] for one in LINE_ATTRIBUTES if one.path not in CARRIED[to].line
    }
    fitting = replace(invoice, lines=tuple(line._replace(**blanks) for line in invoice.lines))
    for attribute in INVOICE_ATTRIBUTES:
        if attribute.path not in CARRIED[to].invoice:
            fitting = with_value(fitting, attribute.path, blank_of(fitting, attribute.path))
    return as_xml_carries(fitting) if to.is_xml else fitting
