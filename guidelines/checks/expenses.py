"""Checks of expenses and of the papers beside a bill."""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from core.money import ZERO, as_dollars
from guidelines.fixes import WriteOff
from guidelines.kinds import expenses as kinds
from guidelines.lines import GuidelineLine
from guidelines.remedies import cut_amount, cut_rate
from guidelines.view import Check, Hit, View


def non_billable_expense(rule: kinds.NonBillableExpense) -> Check:
    """Find an expense the carrier calls overhead."""

    def check(view: View) -> Iterator[Hit]:
        for line in view.expenses:
            if line.expense_code in rule.codes:
                problem = f"Expense {line.expense_code} is overhead to this carrier."
                yield Hit(line, problem, "Write it off, or bill it to the firm.", WriteOff(), line.amount)

    return check


def expense_unit_cost(rule: kinds.ExpenseUnitCost) -> Check:
    """Find a unit that costs more than its code may; propose the most that it may."""

    def check(view: View) -> Iterator[Hit]:
        for line in view.expenses:
            cap = rule.caps.get(line.expense_code)
            if cap is not None and line.unit_cost > cap:
                yield _dear(line, cap)

    return check


def _dear(line: GuidelineLine, cap: Decimal) -> Hit:
    problem = f"A unit of {line.expense_code} costs {_price(line.unit_cost)}; this carrier pays {_price(cap)}."
    remedy = f"Bill {_price(cap)} a unit."
    fix = cut_rate(line, cap)
    return Hit(line, problem, remedy, fix, line.unit_cost, lambda limit: cut_rate(line, max(limit, cap)))


def _price(cost: Decimal) -> str:
    """Return a price for people: in cents, or exactly where it has parts of a cent."""
    return as_dollars(cost) if cost == round(cost, 2) else f"${cost.normalize():f}"


def expense_total(rule: kinds.ExpenseTotal) -> Check:
    """Find the line with which an expense passes its total; propose what is left of it."""

    def check(view: View) -> Iterator[Hit]:
        spent: defaultdict[str, Decimal] = defaultdict(lambda: ZERO)
        for line in view.expenses:
            cap = rule.caps.get(line.expense_code)
            if cap is None:
                continue
            before = ZERO if rule.per == "line" else spent[line.expense_code]
            spent[line.expense_code] = before + line.amount
            if before + line.amount > cap and line.amount > ZERO:
                yield _too_much(rule, line, before, cap)

    return check


def _too_much(rule: kinds.ExpenseTotal, line: GuidelineLine, before: Decimal, cap: Decimal) -> Hit:
    spent = before + line.amount
    where = "on the line" if rule.per == "line" else "on the bill"
    problem = f"{line.expense_code} comes to {as_dollars(spent)} {where}; this carrier pays {as_dollars(cap)}."
    fix = cut_amount(line, max(cap - before, ZERO))
    return Hit(
        line,
        problem,
        "Bill what is left, or write it off.",
        fix,
        spent,
        lambda limit: cut_amount(line, max(max(limit, cap) - before, ZERO)),
    )


def receipt_required(rule: kinds.ReceiptRequired) -> Check:
    """Find an expense whose receipt is not on file."""

    def check(view: View) -> Iterator[Hit]:
        for line in view.expenses:
            is_meant = not rule.codes or line.expense_code in rule.codes
            if is_meant and not line.has_receipt and line.amount > rule.over:
                problem = f"The expense of {as_dollars(line.amount)} has no receipt; this carrier wants one above "
                yield Hit(line, f"{problem}{as_dollars(rule.over)}.", "Attach the receipt.", measured=line.amount)

    return check


def carrier_pays_directly(rule: kinds.CarrierPaysDirectly) -> Check:
    """Find a vendor's bill that goes to the carrier itself."""

    def check(view: View) -> Iterator[Hit]:
        for line in view.expenses:
            if line.expense_code in rule.codes and line.amount > rule.over:
                problem = f"This carrier pays vendors' bills above {as_dollars(rule.over)} itself."
                yield Hit(line, problem, "Send it the vendor's bill, and write the line off.", WriteOff(), line.amount)

    return check


def work_product(rule: kinds.WorkProduct) -> Check:
    """Find the line with which the drafting under a task passes the amount, when no document goes with the bill."""

    def check(view: View) -> Iterator[Hit]:
        drafts: defaultdict[str, list[GuidelineLine]] = defaultdict(list)
        for line in view.fees:
            if line.activity_code in rule.codes:
                drafts[line.task_code].append(line)
        for lines in drafts.values():
            if not any(line.has_document for line in lines):
                yield from _undocumented(rule, lines)

    return check


def _undocumented(rule: kinds.WorkProduct, lines: list[GuidelineLine]) -> Iterator[Hit]:
    billed = ZERO
    for line in lines:
        before, billed = billed, billed + line.amount
        if before <= rule.over < billed:
            total = sum((one.amount for one in lines), start=ZERO)
            problem = f"{as_dollars(total)} were billed on drafting; this carrier wants the document above "
            yield Hit(line, f"{problem}{as_dollars(rule.over)}.", "Attach the document.", measured=total)
