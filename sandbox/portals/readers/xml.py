"""The practice sites' LEDES XML 2.1 reader, written from what is known of the format; one invoice of one matter."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from xml.etree.ElementTree import Element

from sandbox.portals.bill import Bill, BillLine
from sandbox.portals.readers.matter_totals import check_totals
from sandbox.portals.readers.reading import DateForm, Reading
from sandbox.portals.readers.segments import NUMBER
from sandbox.portals.readers.shape import items_of, segments_of

_KINDS = {"fee": "F", "expense": "E"}
_ADJUSTMENTS = {"fee": "IF", "exp": "IE"}
_DAY: DateForm = "YYYY-MM-DD"


@dataclass(frozen=True, slots=True)
class _Parts:
    firm: Element
    client: Element
    invoice: Element
    matter: Element


def read_xml(data: bytes) -> Reading:
    """Read a whole file; `bill` is None when a fault makes its figures or its shape unreadable."""
    reading = Reading()
    root = segments_of(data, reading)
    parts = None if root is None else _parts(root, reading)
    if root is None or parts is None:
        return reading
    reading.invoice_number = _text(parts.invoice, "inv_id")
    lines = [_line(item, at, parts, reading) for at, item in enumerate(items_of(root), 1)]
    if not lines:
        reading.add(None, "", "The file contains no line items.")
    bill = _bill(parts, [line for line in lines if line is not None], reading)
    if bill is not None and not reading.findings:
        reading.bill = bill
        check_totals(parts.invoice, parts.matter, bill, reading)
    return reading


def _parts(root: Element, reading: Reading) -> _Parts | None:
    one = {name: root.findall(f".//{name}") for name in ("firm", "client", "invoice", "matter")}
    if len(one["invoice"]) > 1:
        reading.add(None, "invoice", "Multi-invoice files are not accepted.")
    elif len(one["matter"]) > 1:
        reading.add(None, "matter", "Multi-matter invoices are not accepted.")
    for name, found in one.items():
        if not found:
            reading.add(None, name, f"The segment {name} is missing.")
    return None if reading.findings else _Parts(*(found[0] for found in one.values()))


def _bill(parts: _Parts, lines: Sequence[BillLine], reading: Reading) -> Bill | None:
    invoice = parts.invoice
    days = [
        reading.day(_text(invoice, name), None, name, _DAY) for name in ("inv_date", "inv_start_date", "inv_end_date")
    ]
    total = reading.number(_text(invoice, "inv_total_net_due"), None, "inv_total_net_due")
    tax = reading.number(_text(invoice, "inv_total_tax"), None, "inv_total_tax")
    if reading.findings or total is None or tax is None:
        return None
    invoice_on, starts_on, ends_on = (day for day in days if day is not None)
    return Bill(
        invoice_number=reading.invoice_number,
        invoice_on=invoice_on,
        client_id=_text(parts.client, "cl_lf_id"),
        matter_id=_text(parts.matter, "lf_matter_id"),
        claim_number=_text(parts.matter, "cl_matter_id"),
        law_firm_id=_text(parts.firm, "lf_id"),
        starts_on=starts_on,
        ends_on=ends_on,
        total=total,
        lines=tuple(lines),
        currency=_text(invoice, "inv_currency"),
        client_tax_id=_text(parts.client, "cl_tax_id"),
        tax_on_totals=tax,
    )


def _line(item: Element, at: int, parts: _Parts, reading: Reading) -> BillLine | None:
    return _adjustment(item, at, parts, reading) if item.tag == "matter_disc_cred" else _charge(item, at, reading)


def _charge(item: Element, at: int, reading: Reading) -> BillLine | None:
    names = ("units", "rate", "item_disc_cred_amount", "total_amount", "base_amount")
    figures = [reading.number(_text(item, name), at, name) for name in names]
    worked_on: date | None = reading.day(_text(item, "charge_date"), at, "charge_date", _DAY)
    if worked_on is None or None in figures:
        return None
    units, rate, adjustment, total, base = (figure or Decimal(0) for figure in figures)
    if (units * rate - base).copy_abs() >= Decimal("0.01"):
        reading.add(at, "base_amount", f"Base amount {base} does not equal units x rate.")
    return BillLine(
        position=at,
        number=_text(item, NUMBER),
        kind=_KINDS[item.tag],
        units=units,
        unit_cost=rate,
        adjustment=adjustment,
        total=total,
        worked_on=worked_on,
        task=_text(item, "task_code"),
        activity=_text(item, "task_activity"),
        expense=_text(item, "expense_code"),
        timekeeper=_text(item, "tk_id"),
        narrative=_text(item, "charge_desc"),
    )


def _adjustment(item: Element, at: int, parts: _Parts, reading: Reading) -> BillLine | None:
    """Read a discount or credit of the matter as the invoice-level adjustment that it is."""
    amount = reading.number(_text(item, "disc_cred_amount"), at, "disc_cred_amount")
    ends_on = reading.day(_text(parts.invoice, "inv_end_date"), None, "inv_end_date", _DAY)
    kind = _ADJUSTMENTS.get(_text(item, "disc_cred_category").lower()[:3])
    if kind is None:
        reading.add(at, "disc_cred_category", "The category must be Fee or Exp.")
    if amount is None or ends_on is None or kind is None:
        return None
    signed = -amount.copy_abs() if _text(item, "increase_decrease").lower().startswith("d") else amount.copy_abs()
    return BillLine(
        at, _text(item, NUMBER), kind, Decimal(0), Decimal(0), signed, signed, ends_on, "", "", "", "", "Adjustment"
    )  # fmt: skip


def _text(element: Element, name: str) -> str:
    return (element.findtext(name) or "").strip()
