"""A carrier's later decision on an accepted bill: guideline breaches become reductions with reasons."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sandbox.portals.bill import Bill, BillLine, dollars, to_cents
from sandbox.portals.world import Carrier, Rules

APPROVED, REDUCED, DISPUTED, REJECTED = "approved", "reduced", "disputed", "rejected"
_VAGUE_SHARE = _TRAVEL_SHARE = Decimal("0.5")
"""What a carrier takes off a line whose narrative says too little, and off travel."""


@dataclass(frozen=True, slots=True)
class ReviewedLine:
    """One line as the carrier decided it, amounts in cents; `reasons` joins every breach, "" when there is none."""

    line_number: str
    worked_on: str
    narrative: str
    billed_cents: int
    reduction_cents: int
    reasons: str


@dataclass(frozen=True, slots=True)
class Review:
    """The carrier's decision and its lines."""

    decision: str
    lines: tuple[ReviewedLine, ...]


def review_bill(bill: Bill, carrier: Carrier) -> Review:
    """Decide a bill by the carrier's guidelines."""
    hours: dict[tuple[str, date], Decimal] = defaultdict(Decimal)
    lines = tuple(_review_line(line, bill, carrier, hours) for line in bill.lines)
    is_unreadable = any(_is_too_long(line, carrier.rules) for line in bill.lines)
    return Review(REJECTED if is_unreadable else _decide(lines, carrier.rules), lines)


def _decide(lines: tuple[ReviewedLine, ...], rules: Rules) -> str:
    reduced = sum(line.reduction_cents for line in lines)
    if not reduced:
        return APPROVED
    percent = Decimal(100 * reduced) / max(sum(line.billed_cents for line in lines), 1)
    if percent > rules.reject_over_percent:
        return REJECTED
    return DISPUTED if percent > rules.dispute_over_percent else REDUCED


def _review_line(line: BillLine, bill: Bill, carrier: Carrier, hours: dict[tuple[str, date], Decimal]) -> ReviewedLine:
    breaches = list(_breaches(line, bill, carrier, hours))
    billed = to_cents(line.total)
    reduction = min(sum(cents for cents, _ in breaches), max(billed, 0))
    reasons = " ".join(dict.fromkeys(reason for _, reason in breaches))
    return ReviewedLine(line.number, line.worked_on.isoformat(), line.narrative, billed, reduction, reasons)


def _breaches(
    line: BillLine, bill: Bill, carrier: Carrier, hours: dict[tuple[str, date], Decimal]
) -> Iterator[tuple[int, str]]:
    """Yield what each guideline takes off a line, in cents, and why."""
    rules = carrier.rules
    billed = to_cents(line.total)
    if rules.max_age_days is not None and (bill.invoice_on - line.worked_on).days > rules.max_age_days:
        yield billed, f"Charge service or expense date is more than {rules.max_age_days} days old."
    if _is_too_long(line, rules):
        yield 0, f"Line item description is longer than {rules.max_narrative} characters."
    if line.kind == "E" and line.expense in rules.non_billable_expenses:
        yield billed, f"Expense {line.expense} is overhead and is not reimbursed."
    if line.kind == "E":
        yield from _unit_cost(line, rules)
    if line.kind == "F":
        yield from _vague(line, rules)
        yield from _kind_of_work(line, rules)
        yield from _hours(line, rules, hours)
        yield from _rate(line, carrier)


def _is_too_long(line: BillLine, rules: Rules) -> bool:
    return rules.max_narrative is not None and len(line.narrative) > rules.max_narrative


def _vague(line: BillLine, rules: Rules) -> Iterator[tuple[int, str]]:
    text = line.narrative.lower()
    for phrase in rules.vague_phrases:
        if phrase.lower() in text:
            reason = f"Line item description contains a charge matching disallowed description: {phrase}."
            yield to_cents(line.total * _VAGUE_SHARE), reason
            return


def _kind_of_work(line: BillLine, rules: Rules) -> Iterator[tuple[int, str]]:
    text = line.narrative.lower()
    if any(phrase in text for phrase in rules.clerical_phrases):
        yield to_cents(line.total), "Clerical work is overhead and is not reimbursed."
    if any(phrase in text for phrase in rules.travel_phrases):
        yield to_cents(line.total * _TRAVEL_SHARE), "Travel time is reimbursed at one half."


def _unit_cost(line: BillLine, rules: Rules) -> Iterator[tuple[int, str]]:
    cap = dict(rules.expense_unit_caps).get(line.expense)
    if cap is not None and line.unit_cost > cap:
        reason = f"Expense exceeds the maximum allowed unit cost of {dollars(to_cents(cap))} /unit"
        yield to_cents((line.unit_cost - cap) * line.units), reason


def _hours(line: BillLine, rules: Rules, hours: dict[tuple[str, date], Decimal]) -> Iterator[tuple[int, str]]:
    step = rules.min_increment
    if step and line.units % step:
        yield to_cents(line.units % step * line.unit_cost), f"Time is not billed in increments of {step} hrs."
    most = rules.max_hours_per_entry
    if most is not None and line.units > most:
        excess = to_cents((line.units - most) * line.unit_cost)
        yield excess, f"Time entry exceeds the maximum allowed time of {most} hrs per entry."
    before = hours[line.timekeeper, line.worked_on]
    hours[line.timekeeper, line.worked_on] = before + line.units
    daily = rules.max_hours_per_day
    if daily is not None and before + line.units > daily:
        excess = to_cents(min(line.units, before + line.units - daily) * line.unit_cost)
        yield excess, f"Timekeeper daily time entry exceeds the maximum allowed time of {daily} hrs."


def _rate(line: BillLine, carrier: Carrier) -> Iterator[tuple[int, str]]:
    agreed = carrier.rate_on(line.timekeeper, line.worked_on)
    if agreed is not None and line.unit_cost > agreed:
        reason = f"Timekeeper rate exceeds the negotiated rate of {dollars(to_cents(agreed))}/hr"
        yield to_cents((line.unit_cost - agreed) * line.units), reason
