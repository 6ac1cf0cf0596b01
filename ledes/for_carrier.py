"""A document in one carrier's own form, before it is written: the profile's names, ids, remaps and constants."""

from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

from core.errors import InvalidInputError
from core.money import ZERO, to_decimal, total
from ledes.attributes import INVOICE_ATTRIBUTES, LINE_ATTRIBUTES, Attribute, with_value
from ledes.carried import CARRIED
from ledes.document import ADJUSTMENTS, LedesInvoice, LedesLine, LineType
from ledes.file_format import FileFormat
from ledes.names import with_names

_INVOICE: Final = {attribute.name: attribute for attribute in INVOICE_ATTRIBUTES}
_LINE: Final = {attribute.name: attribute for attribute in LINE_ATTRIBUTES}
_FIXED: Final = frozenset({"INVOICE_NUMBER", "LINE_ITEM_NUMBER", "EXP/FEE/INV_ADJ_TYPE"})
_FIGURES: Final = frozenset({"LINE_ITEM_TAX_RATE", "LINE_ITEM_TAX_TOTAL"})
_FEES: Final = frozenset({LineType.FEE})
_ONLY_ON: Final = {
    "task_code": _FEES,
    "activity_code": _FEES,
    "expense_code": frozenset({LineType.EXPENSE}),
    "timekeeper_id": _FEES,
    "timekeeper_name": _FEES,
    "timekeeper_classification": _FEES,
    "timekeeper_last_name": _FEES,
    "timekeeper_first_name": _FEES,
}


class CarrierFormatError(InvalidInputError):
    """A carrier's profile asks of the format what it cannot do."""

    code = "carrier_format"


def for_carrier(invoice: LedesInvoice, file_format: FileFormat) -> LedesInvoice:
    """Return the invoice as this carrier wants it; amounts and texts stay as they are.

    Names and ids are spelt by the profile, then values are remapped, then constants put in; a constant of a code or a
    timekeeper only goes where the line's type has a place for it. In a format with taxes, the invoice's tax and net
    totals are summed from the lines where they are not given and every line says its tax.

    Raises:
        CarrierFormatError: a constant or remap is of a field that the format does not have, or that cannot have one.
    """
    carried = CARRIED[file_format.dialect]
    dashed = file_format.law_firm_id == "with_dash"
    firm_id = invoice.law_firm_id if dashed else invoice.law_firm_id.replace("-", "")
    lines = [_line(line, file_format, has_parts="timekeeper_last_name" in carried.line) for line in invoice.lines]
    lines = [_with_values(line, file_format) for line in lines]
    changed = replace(invoice, law_firm_id=firm_id, lines=tuple(lines))
    changed = _with_head_values(changed, file_format)
    return _with_tax_totals(changed) if "invoice_net_total" in carried.invoice else changed


def _with_head_values(invoice: LedesInvoice, file_format: FileFormat) -> LedesInvoice:
    """Return the invoice with its own values remapped and the constants put in."""
    for name, remap in file_format.remaps.items():
        attribute = _target(name, file_format)
        if name in _INVOICE:
            was = str(attribute.of(invoice))
            invoice = with_value(invoice, attribute.path, remap.get(was, was))
    for name, text in file_format.constants.items():
        attribute = _target(name, file_format)
        if name in _INVOICE:
            invoice = with_value(invoice, attribute.path, text)
    return invoice


def _target(name: str, file_format: FileFormat) -> Attribute:
    """Return where a field of a constant or remap is."""
    attribute = _INVOICE.get(name) or _LINE.get(name)
    carried = CARRIED[file_format.dialect]
    if attribute is None or attribute.path not in (*carried.invoice, *carried.line):
        message = f"The carrier's profile sets {name}, which {file_format.dialect.value} does not have."
        raise CarrierFormatError(f"{message} Nothing was written; take it out of the profile's format.", field=name)
    if name in _FIXED or (attribute.kind != "text" and name not in _FIGURES):
        message = f"The carrier's profile sets {name}, which every invoice must say for itself."
        raise CarrierFormatError(f"{message} Nothing was written; take it out of the profile's format.", field=name)
    return attribute


def _line(line: LedesLine, file_format: FileFormat, *, has_parts: bool) -> LedesLine:
    named = with_names(line) if has_parts else line
    if line.exp_fee_inv_adj_type in ADJUSTMENTS:
        return _adjustment(named, file_format.adjustment_amount_in)
    if file_format.timekeeper_name == "first_last":
        return named._replace(timekeeper_name=_first_last(named.timekeeper_name))
    return named


@lru_cache(maxsize=4096)
def _first_last(name: str) -> str:
    last, comma, first = name.partition(", ")
    return f"{first} {last}" if comma else name


def _adjustment(line: LedesLine, amount_in: str) -> LedesLine:
    """Put the amount of an invoice-level adjustment where the carrier looks for it, if it is in one place only."""
    added, cost = line.adjustment_amount, line.unit_cost or ZERO
    if amount_in == "unit_cost" and added and not cost:
        return line._replace(units=Decimal(1), unit_cost=added, adjustment_amount=ZERO)
    if amount_in == "adjustment" and cost and not added:
        return line._replace(units=None, unit_cost=None, adjustment_amount=line.total - (line.tax_total or ZERO))
    return line


def _with_values(line: LedesLine, file_format: FileFormat) -> LedesLine:
    """Return the line with its values remapped and the constants put in."""
    values: dict[str, Any] = {}
    for name, remap in file_format.remaps.items():
        attribute = _target(name, file_format)
        if name in _LINE and _has_place(line, attribute):
            was = attribute.of(line)
            values[attribute.path] = _value(attribute, remap[str(was)]) if str(was) in remap else was
    for name, text in file_format.constants.items():
        attribute = _target(name, file_format)
        if name in _LINE and _has_place(line, attribute):
            values[attribute.path] = _value(attribute, text)
    return line._replace(**values) if values else line


def _has_place(line: LedesLine, attribute: Attribute) -> bool:
    kinds = _ONLY_ON.get(attribute.path)
    return kinds is None or line.exp_fee_inv_adj_type in kinds


def _value(attribute: Attribute, text: str) -> str | Decimal:
    return text if attribute.kind == "text" else to_decimal(text)


def _with_tax_totals(invoice: LedesInvoice) -> LedesInvoice:
    taxes = [line.tax_total for line in invoice.lines if line.tax_total is not None]
    if len(taxes) < len(invoice.lines):
        return invoice
    tax = invoice.invoice_tax_total if invoice.invoice_tax_total is not None else total(taxes)
    net = invoice.invoice_net_total if invoice.invoice_net_total is not None else invoice.invoice_total - total(taxes)
    return replace(invoice, invoice_tax_total=tax, invoice_net_total=net)
