"""What a document lacks for another format, given by a person field by field."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from core.errors import InvalidInputError
from core.money import to_decimal
from ledes.attributes import INVOICE_ATTRIBUTES, Attribute, Value, shown_value, with_value
from ledes.carried import CARRIED
from ledes.document import LedesInvoice
from ledes.formats import LedesFormat

_FIGURES: Final = frozenset({"INVOICE_TOTAL", "INVOICE_TAX_TOTAL", "INVOICE_NET_TOTAL"})


class GivenValueError(InvalidInputError):
    """A value given for a conversion that cannot be used; the sentence says why."""

    code = "given_value"


def with_given(invoice: LedesInvoice, to: LedesFormat, given: Mapping[str, str]) -> LedesInvoice:
    """Return the invoice with values added that it lacks, by LEDES field.

    Raises:
        GivenValueError: for a field that is unknown, not carried by `to`, already filled otherwise, or an amount.
    """
    for name, text in given.items():
        attribute = _wanted(name, to)
        value = _read(attribute, text)
        if attribute.is_given_in(invoice) and attribute.of(invoice) != value:
            says = shown_value(attribute.of(invoice))
            message = f"{attribute.name} of invoice {invoice.invoice_number} is {says!r} already; it was not replaced."
            raise GivenValueError(f"{message} Leave {attribute.name} out, or correct it in the source.")
        invoice = with_value(invoice, attribute.path, value)
    return invoice


def _wanted(name: str, to: LedesFormat) -> Attribute:
    """Return the attribute of a name, in any capitals."""
    found = next((one for one in INVOICE_ATTRIBUTES if one.name.upper() == name.upper()), None)
    if found is None or found.name in _FIGURES:
        reason = "is no field of a whole invoice" if found is None else "follows from the lines"
        message = f"{name} {reason} and cannot be given. Nothing was converted; leave it out."
        raise GivenValueError(message)
    if found.path not in CARRIED[to].invoice:
        raise GivenValueError(f"{to.value} has no place for {found.name}. Nothing was converted; leave it out.")
    return found


def _read(attribute: Attribute, text: str) -> Value:
    try:
        if attribute.kind == "day":
            return date.fromisoformat(text)
        if attribute.kind == "number":
            return to_decimal(text)
        if attribute.kind == "flag":
            return {"Y": True, "N": False}[text.upper()]
    except (ValueError, KeyError, InvalidInputError) as wrong:
        wanted = {"day": "a day as YYYYMMDD", "number": "plain digits", "flag": "Y or N"}[attribute.kind]
        message = f"{attribute.name} cannot be {text!r}. Nothing was converted; give {wanted}."
        raise GivenValueError(message) from wrong
    return text
