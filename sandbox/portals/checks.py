"""File-level checks of a bill against what a carrier's site knows. Any finding refuses the file."""

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

from sandbox.portals import codes
from sandbox.portals.bill import Bill, BillLine, Finding, to_cents
from sandbox.portals.world import Carrier, World

FEE, EXPENSE, FEE_ADJUSTMENT, EXPENSE_ADJUSTMENT = "F", "E", "IF", "IE"
_KINDS = {FEE, EXPENSE, FEE_ADJUSTMENT, EXPENSE_ADJUSTMENT}
_WHOLE_CENTS = 2


def check_bill(bill: Bill, carrier: Carrier, world: World) -> list[Finding]:
    """Return what keeps a carrier's site from taking a bill, file-level faults first, then by line."""
    findings = [*_parties(bill, carrier, world), *_matter(bill, carrier), *_period(bill), *_numbers(bill)]
    for line in bill.lines:
        findings += _line(line, carrier)
    findings += _taxes(bill)
    total = sum(to_cents(line.total) for line in bill.lines) + to_cents(bill.tax_on_totals)
    if bill.total * 100 != total:
        text = f"Invoice total {bill.total:.2f} does not equal the sum of the line items {Decimal(total) / 100:.2f}."
        findings.append(Finding(None, "INVOICE_TOTAL", text))
    return findings


def _parties(bill: Bill, carrier: Carrier, world: World) -> Iterator[Finding]:
    if bill.client_id != carrier.client_id:
        yield Finding(None, "CLIENT_ID", f"Client id {bill.client_id} does not belong to {carrier.name}.")
    if bill.law_firm_id != (carrier.law_firm_id or world.law_firm_id):
        yield Finding(None, "LAW_FIRM_ID", f"Law firm id {bill.law_firm_id} is not registered for this account.")
    if bill.currency and bill.currency != carrier.currency:
        yield Finding(None, "INVOICE_CURRENCY", f"Invoices are accepted in {carrier.currency} only.")
    if bill.client_tax_id and carrier.client_tax_id and bill.client_tax_id != carrier.client_tax_id:
        yield Finding(None, "CLIENT_TAX_ID", f"Client tax id {bill.client_tax_id} is not that of {carrier.name}.")


def _matter(bill: Bill, carrier: Carrier) -> Iterator[Finding]:
    matter = carrier.matters.get(bill.matter_id)
    if matter is None:
        text = f"Matter {bill.matter_id} is unknown or not assigned to your firm."
        yield Finding(None, "LAW_FIRM_MATTER_ID", text)
    elif matter.claim_number != bill.claim_number:
        text = f"Claim number {bill.claim_number} does not match matter {bill.matter_id}."
        yield Finding(None, "CLIENT_MATTER_ID", text)
    elif not matter.is_open:
        yield Finding(None, "LAW_FIRM_MATTER_ID", f"Matter {bill.matter_id} is closed. Invoices are not accepted.")


def _period(bill: Bill) -> Iterator[Finding]:
    if bill.starts_on > bill.ends_on:
        yield Finding(None, "BILLING_START_DATE", "Billing start date is after the billing end date.")
    for line in bill.lines:
        if line.worked_on > bill.ends_on:
            yield Finding(line.position, "LINE_ITEM_DATE", "Line item date is outside the billing period.")


def _numbers(bill: Bill) -> Iterator[Finding]:
    seen = Counter(line.number for line in bill.lines)
    for line in bill.lines:
        if seen[line.number] > 1:
            yield Finding(line.position, "LINE_ITEM_NUMBER", f"Line item number {line.number} is used more than once.")


def _taxes(bill: Bill) -> Iterator[Finding]:
    taxes = sum(to_cents(line.tax) for line in bill.lines)
    if bill.tax_total is not None and bill.tax_total * 100 != taxes:
        yield Finding(None, "INVOICE_TAX_TOTAL", "Invoice tax total does not equal the sum of the line items' taxes.")
    if bill.net_total is not None and (bill.total - bill.net_total) * 100 != taxes:
        yield Finding(None, "INVOICE_NET_TOTAL", "Invoice net total does not equal the invoice total without taxes.")


def _line(line: BillLine, carrier: Carrier) -> Iterator[Finding]:
    yield from _amounts(line)
    if line.kind not in _KINDS:
        yield Finding(line.position, "EXP/FEE/INV_ADJ_TYPE", f"Line item type {line.kind} is not F, E, IF or IE.")
    elif line.kind == FEE:
        yield from _fee(line, carrier)
    elif line.kind == EXPENSE:
        yield from _expense(line, carrier)


def _amounts(line: BillLine) -> Iterator[Finding]:
    if line.units < 0:
        yield Finding(line.position, "LINE_ITEM_NUMBER_OF_UNITS", "Units must not be negative.")
    if line.total.normalize().as_tuple().exponent < -_WHOLE_CENTS:  # type: ignore[operator]  # never NaN here
        yield Finding(line.position, "LINE_ITEM_TOTAL", "Line item total is not in whole cents.")
    is_adjustment = line.kind in {FEE_ADJUSTMENT, EXPENSE_ADJUSTMENT}
    due = line.adjustment if is_adjustment else line.units * line.unit_cost + line.adjustment
    if to_cents(due * line.tax_rate) != to_cents(line.tax):
        text = f"Line item tax {line.tax:.2f} does not equal (units x unit cost + adjustment) x tax rate."
        yield Finding(line.position, "LINE_ITEM_TAX_TOTAL", text)
    if to_cents(due + line.tax) != to_cents(line.total):
        tax = " + tax" if line.tax else ""
        text = f"Line item total {line.total:.2f} does not equal units x unit cost + adjustment{tax}."
        yield Finding(line.position, "LINE_ITEM_TOTAL", text)


def _fee(line: BillLine, carrier: Carrier) -> Iterator[Finding]:
    yield from _code(line, "LINE_ITEM_TASK_CODE", line.task, carrier.task_codes or codes.task_codes())
    yield from _code(line, "LINE_ITEM_ACTIVITY_CODE", line.activity, carrier.activity_codes or codes.activity_codes())
    if line.expense:
        yield Finding(line.position, "LINE_ITEM_EXPENSE_CODE", "Expense code is not allowed on a fee.")
    if not line.timekeeper:
        yield Finding(line.position, "TIMEKEEPER_ID", "Timekeeper is required on a fee.")
    elif carrier.rate_on(line.timekeeper, line.worked_on) is None:
        text = f"Timekeeper {line.timekeeper} is not approved for work on {line.worked_on:%m/%d/%Y}."
        yield Finding(line.position, "TIMEKEEPER_ID", text)


def _expense(line: BillLine, carrier: Carrier) -> Iterator[Finding]:
    yield from _code(line, "LINE_ITEM_EXPENSE_CODE", line.expense, carrier.expense_codes or codes.expense_codes())
    if line.task or line.activity:
        yield Finding(line.position, "LINE_ITEM_TASK_CODE", "Task and activity codes are not allowed on an expense.")


def _code(line: BillLine, field: str, code: str, allowed: frozenset[str]) -> Iterator[Finding]:
    kind = field.removeprefix("LINE_ITEM_").removesuffix("_CODE").capitalize()
    if not code:
        yield Finding(line.position, field, f"{kind} code is missing.")
    elif code not in allowed:
        yield Finding(line.position, field, f"{kind} code {code} is not in the client's list of codes.")
