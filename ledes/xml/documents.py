"""An invoice segment and its matters made into documents, one a matter."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from ledes.document import Contact, LedesInvoice, LedesLine, Party
from ledes.file_format import Verdict
from ledes.findings import FindingCode, Problem
from ledes.xml.fields import day_of, figure_of
from ledes.xml.matters import Matter
from ledes.xml.nodes import Node, Place
from ledes.xml.reading import Reading
from ledes.xml.timekeepers import People
from ledes.xml.values import fault

_FLAGS: Final = {"y": True, "yes": True, "s": True, "n": False, "no": False}
_ADDRESS: Final = {
    "address_1": "address_1",
    "address_2": "address_2",
    "city": "city",
    "state_or_region": "state_province",
    "postcode": "zip_postal_code",
    "country": "country",
    "phone": "phone",
}


def documents_of(node: Node, matters: Sequence[Matter], reading: Reading) -> Iterator[LedesInvoice]:
    """Yield the documents of an invoice that has ended; none when its number, days or total cannot be read."""
    invoiced, start, end = (day_of(node, name) for name in ("inv_date", "inv_start_date", "inv_end_date"))
    _check_days(node, invoiced, start, end, reading)
    for matter in matters:
        _check_matter(matter, start, end, reading)
        total, tax = matter.due, matter.tax or None
        if len(matters) == 1:
            total, tax = (figure_of(node, name, reading.limits) for name in ("inv_total_net_due", "inv_total_tax"))
        if invoiced and start and end and total is not None:
            yield _document(matter, (invoiced, start, end), total, tax)


def _document(matter: Matter, days: tuple[date, date, date], total: Decimal, tax: Decimal | None) -> LedesInvoice:
    node = matter.node
    invoice, client, firm = node.above("invoice"), node.above("client"), node.above("firm")
    vendor, own = firm.value("lf_vendor_id"), firm.value("lf_id")
    return LedesInvoice(
        invoice_date=days[0],
        invoice_number=invoice.value("inv_id"),
        client_id=client.value("cl_lf_id") or client.value("cl_id"),
        law_firm_matter_id=node.value("lf_matter_id"),
        invoice_total=total,
        billing_start_date=days[1],
        billing_end_date=days[2],
        invoice_description=invoice.value("inv_desc"),
        law_firm_id=own or vendor,
        client_matter_id=node.value("cl_matter_id"),
        lines=_lines(matter, days[2]),
        po_number=node.value("po_number"),
        client_tax_id=client.value("cl_tax_id"),
        matter_name=node.value("matter_name"),
        invoice_tax_total=tax,
        invoice_currency=invoice.value("inv_currency"),
        account_type=node.value("account_type"),
        law_firm=_party(firm.value("lf_name"), firm.part("lf_address")),
        client=_party(client.value("cl_name"), client.part("cl_address")),
        vendor_id=vendor if own else "",
        billing_contact=_contact(firm.part("lf_billing_contact")),
        due_date=day_of(invoice, "inv_due_date"),
        payment_terms=invoice.value("inv_payment_terms"),
        replaces_invoice=_replaced(invoice),
        is_final_bill=_FLAGS.get(node.value("matter_final_bill").lower()),
    )


def _lines(matter: Matter, end: date) -> tuple[LedesLine, ...]:
    """Return lines and adjustments in the order of their numbers; those without one come last."""
    people = People(matter.node.children.get("tk_sum", ()))
    lines = [people.named(one.line) for one in matter.charges]
    lines += [one.as_line(end) for one in matter.adjustments]
    lines.sort(key=lambda line: int(line.line_item_number) if line.line_item_number else 10**18)
    return tuple(lines)


def _party(name: str, address: Node) -> Party:
    return Party(name=name, **{attribute: address.value(element) for attribute, element in _ADDRESS.items()})


def _contact(node: Node) -> Contact:
    return Contact(
        last_name=node.value("contact_lname"),
        first_name=node.value("contact_fname"),
        phone=node.value("contact_phone"),
        email=node.value("contact_email"),
    )


def _replaced(invoice: Node) -> str:
    """Return the number of the invoice replaced; rejected_inv_replacement is a flag, though some write the number."""
    flag = invoice.value("rejected_inv_replacement")
    return invoice.value("inv_reference") or ("" if flag.lower() in _FLAGS else flag)


def _check_days(node: Node, invoiced: date | None, start: date | None, end: date | None, reading: Reading) -> None:
    if start and end and start > end:
        message = f"is {start}, after inv_end_date {end}."
        problem = fault(FindingCode.PERIOD_REVERSED, "inv_start_date", message, "Put the earlier day first.")
        reading.tell(problem, node.place_of("inv_start_date"))
    if invoiced and invoiced > reading.today:
        reading.judge(reading.file_format.future_dates, _future("inv_date", invoiced), node.place_of("inv_date"))


def _check_matter(matter: Matter, start: date | None, end: date | None, reading: Reading) -> None:
    file_format, seen = reading.file_format, set()
    is_dated = bool(start and end and start <= end) and file_format.outside_period is not Verdict.IGNORE
    is_judged = file_format.future_dates is not Verdict.IGNORE
    for line, place, day_place in matter.charges:
        if is_dated and start and end and not start <= line.date <= end:
            reading.judge(file_format.outside_period, _outside(line.date, start, end), day_place)
        if is_judged and line.date > reading.today:
            reading.judge(file_format.future_dates, _future("charge_date", line.date), day_place)
        content = line[1:]
        if content in seen:
            _tell_twin(line, place, reading)
        seen.add(content)
    if not matter.charges and not matter.adjustments and matter.is_whole:
        problem = fault(FindingCode.NO_LINES, "matter", "holds no line item.", "Add the lines or leave it out.")
        reading.tell(problem, matter.node.place)


def _tell_twin(line: LedesLine, place: Place, reading: Reading) -> None:
    name = {"F": "fee", "E": "expense"}[line.exp_fee_inv_adj_type]
    message = "repeats another line in day, timekeeper, figures and narrative."
    fix = "Delete it if the work was done once."
    reading.tell(fault(FindingCode.DUPLICATE_LINE, name, message, fix, value=line.description), place)


def _outside(day: date, start: date, end: date) -> Problem:
    message = f"is {day}, outside the billing period {start} to {end}."
    fix = "Correct the day, or bill the line in its own period."
    return fault(FindingCode.DATE_OUTSIDE_PERIOD, "charge_date", message, fix, value=str(day))


def _future(name: str, day: date) -> Problem:
    return fault(FindingCode.FUTURE_DATE, name, f"is {day}, a day to come.", "Correct the day.", value=str(day))
