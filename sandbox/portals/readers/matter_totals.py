"""The sums that LEDES XML 2.1 states beside the lines: of the matter, of its taxes, of the invoice."""

from collections.abc import Iterable
from decimal import Decimal
from xml.etree.ElementTree import Element

from sandbox.portals.bill import Bill, BillLine, to_cents
from sandbox.portals.readers.reading import Reading

_FEES, _EXPENSES = frozenset({"F"}), frozenset({"E"})


def check_totals(invoice: Element, matter: Element, bill: Bill, reading: Reading) -> None:
    """Note every stated sum that is not what the lines come to, and every timekeeper without a summary."""
    fees, expenses = _sum(bill.lines, _FEES), _sum(bill.lines, _EXPENSES)
    on_fees, on_expenses = _sum(bill.lines, {"IF"}), _sum(bill.lines, {"IE"})
    tax_on_fees, tax_on_expenses = _stated(matter, "matter_tax_on_fees"), _stated(matter, "matter_tax_on_exp")
    taxes = tax_on_fees + tax_on_expenses
    due = fees + on_fees + expenses + on_expenses + taxes
    for segment, name, expected in (
        (matter, "matter_total_detail_fees", fees),
        (matter, "matter_total_detail_exp", expenses),
        (matter, "matter_net_fees", fees + on_fees),
        (matter, "matter_net_exp", expenses + on_expenses),
        (matter, "matter_total_due", due),
        (invoice, "inv_total_net_due", due),
    ):
        _compare(segment, name, expected, reading)
    if bill.tax_on_totals * 100 != taxes:
        reading.add(None, "inv_total_tax", "The tax of the invoice does not equal the taxes of its matter.")
    _check_summaries(matter, bill, reading)


def _compare(segment: Element, name: str, cents: int, reading: Reading) -> None:
    figure = reading.number((segment.findtext(name) or "").strip(), None, name)
    if figure is not None and figure * 100 != cents:
        text = f"{name} {figure:.2f} does not equal the sum of the line items {Decimal(cents) / 100:.2f}."
        reading.add(None, name, text)


def _check_summaries(matter: Element, bill: Bill, reading: Reading) -> None:
    known = {(summary.findtext("tk_id") or "").strip() for summary in matter.findall("tk_sum")}
    for line in bill.lines:
        if line.kind == "F" and line.timekeeper and line.timekeeper not in known:
            reading.add(line.position, "tk_id", f"Timekeeper {line.timekeeper} has no tk_sum segment.")


def _sum(lines: Iterable[BillLine], kinds: Iterable[str]) -> int:
    return sum(to_cents(line.total) for line in lines if line.kind in kinds)


def _stated(matter: Element, name: str) -> int:
    text = (matter.findtext(name) or "0").strip()
    return to_cents(Decimal(text)) if text.replace(".", "", 1).isdigit() else 0
