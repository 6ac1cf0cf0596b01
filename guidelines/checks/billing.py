"""Checks of when a bill comes and which days it covers."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from core.money import ZERO, as_dollars
from guidelines.fixes import WriteOff
from guidelines.kinds import billing as kinds
from guidelines.spans import span_of
from guidelines.view import Check, Hit, View


def max_age_days(rule: kinds.MaxAgeDays) -> Check:
    """Find work older than the carrier pays for, seen from the invoice's date."""

    def check(view: View) -> Iterator[Hit]:
        invoiced = view.bill.invoice_date
        oldest = invoiced - timedelta(days=rule.days)
        for line in view.lines:
            if line.worked_on < oldest:
                age = (invoiced - line.worked_on).days
                problem = f"The line is {age} days old at the invoice's date; this carrier pays up to {rule.days} days."
                remedy = "Ask the carrier for an exception, or write it off."
                yield Hit(line, problem, remedy, WriteOff(), Decimal(age))

    return check


def max_invoice_age(rule: kinds.MaxInvoiceAge) -> Check:
    """Find an invoice sent too long after its date."""

    def check(view: View) -> Iterator[Hit]:
        invoiced, sent = view.bill.invoice_date, view.bill.submitted_on
        if view.lines and sent is not None and (age := (sent - invoiced).days) > rule.days:
            problem = f"The invoice is {age} days old when it is sent; this carrier takes up to {rule.days}."
            yield Hit(None, problem, "Send it sooner, or ask the carrier first.", measured=Decimal(age))

    return check


def billing_frequency(rule: kinds.BillingFrequency) -> Check:
    """Find a bill that comes too soon after the last, or too late after its period."""

    def check(view: View) -> Iterator[Hit]:
        if not view.lines:
            return
        if _is_too_soon(rule, view):
            problem = f"The matter was billed up to {view.bill.last_billed_on}; this carrier takes one bill a "
            yield Hit(None, f"{problem}{rule.every}{_unless(rule)}.", "Hold it until the next one is due.")
        end = view.bill.period_end
        if rule.within_days is None or end is None:
            return
        late = (view.bill.invoice_date - end).days
        if late > rule.within_days:
            problem = f"The bill comes {late} days after its period; this carrier takes it up to {rule.within_days}."
            yield Hit(None, problem, "Ask the carrier for an exception.", measured=Decimal(late))

    return check


def _is_too_soon(rule: kinds.BillingFrequency, view: View) -> bool:
    bill = view.bill
    if bill.last_billed_on is None or bill.is_final:
        return False
    if span_of(bill.period_end or bill.invoice_date, rule.every) != span_of(bill.last_billed_on, rule.every):
        return False
    amount = sum((line.amount for line in view.lines), start=ZERO)
    return rule.unless_over is None or amount <= rule.unless_over


def _unless(rule: kinds.BillingFrequency) -> str:
    return "" if rule.unless_over is None else f", sooner only above {as_dollars(rule.unless_over)}"


def billing_period(rule: kinds.BillingPeriod) -> Check:
    """Find a bill whose days lie in two months, quarters or years, or that is dated before they are over."""

    def check(view: View) -> Iterator[Hit]:
        start, end = view.bill.period_start, view.bill.period_end
        if not view.lines or start is None or end is None:
            return
        first, last = (span_of(day, rule.within, rule.year_begins) for day in (start, end))
        if first != last:
            problem = f"The bill covers {start} to {end}; this carrier takes days of one {rule.within} only."
            yield Hit(None, problem, f"Make one bill a {rule.within}.")
        if rule.is_early_refused and view.bill.invoice_date < end:
            problem = f"The bill is dated {view.bill.invoice_date}, before its period ends on {end}."
            yield Hit(None, problem, "Date it after the period, or end the period sooner.")

    return check
