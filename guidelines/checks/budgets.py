"""Checks of what a matter, a phase or a task may take."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import accumulate

from core.money import ZERO, as_dollars
from guidelines.bill import ApprovedBudget, is_of
from guidelines.figures import number
from guidelines.fixes import Fix
from guidelines.kinds.base import Action
from guidelines.kinds.billing import Budget, TaskShare
from guidelines.lines import GuidelineLine
from guidelines.remedies import cut_amount
from guidelines.view import Check, Hit, View


def budget(rule: Budget) -> Check:
    """Find the line with which a budget is passed, or comes near its end."""

    def check(view: View) -> Iterator[Hit]:
        if rule.must_exist and view.lines and not view.bill.budgets:
            remedy = "Ask the carrier to approve a budget first."
            yield Hit(None, "The matter has no approved budget; this carrier takes no bill without one.", remedy)
        for approved in view.bill.budgets:
            yield from _against(rule, view, approved)

    return check


def _against(rule: Budget, view: View, budget: ApprovedBudget) -> Iterator[Hit]:
    code, approved, spent = budget.code, budget.amount, budget.billed_before
    near = approved * (100 - rule.notice_percent) / 100
    is_told = spent > near
    is_passed = False
    for line in view.lines:
        if not budget.covers(line.task_code, line.worked_on) or line.amount <= ZERO:
            continue
        before, spent = spent, spent + line.amount
        if spent > approved and (rule.action is Action.REDUCE or not is_passed):
            is_passed = is_told = True
            yield _passed(rule, line, code, before, approved)
        elif spent > near and not is_told:
            is_told = True
            problem = f"{as_dollars(spent)} of the {as_dollars(approved)} for {_name(code)} are billed with this line."
            yield Hit(line, problem, "Tell the carrier, and ask for more where it is needed.", is_notice=True)


def _passed(rule: Budget, line: GuidelineLine, code: str, before: Decimal, approved: Decimal) -> Hit:
    spent = before + line.amount
    problem = f"{as_dollars(spent)} are billed for {_name(code)} with this line; {as_dollars(approved)} are approved."
    remedy = "Ask the carrier for a larger budget before billing it."
    if rule.action is not Action.REDUCE:
        return Hit(line, problem, remedy, measured=spent)
    fix_at = _cut_to(line, before, approved)
    return Hit(line, problem, remedy, fix_at(approved), spent, fix_at)


def _cut_to(line: GuidelineLine, before: Decimal, approved: Decimal) -> Callable[[Decimal], Fix | None]:
    return lambda limit: cut_amount(line, max(max(limit, approved) - before, ZERO))


def task_share(rule: TaskShare) -> Check:
    """Find the line with which a task or a phase passes its share of the bill's fees."""

    def check(view: View) -> Iterator[Hit]:
        billed = {line.task_code for line in view.fees}
        for code, percent in rule.shares.items():
            tasks = {task for task in billed if is_of(task, code)}
            if not tasks:
                continue
            lines = [line for line in view.fees if line.task_code in tasks]
            fees = sum((line.amount for line in view.fees), start=ZERO)
            taken = sum((line.amount for line in lines), start=ZERO)
            if taken * 100 > percent * fees:
                yield _large(code, percent, _passing(lines, percent * fees / 100), taken * 100 / fees)

    return check


def _passing(lines: list[GuidelineLine], limit: Decimal) -> GuidelineLine:
    taken = accumulate(line.amount for line in lines)
    return next(line for line, amount in zip(lines, taken, strict=True) if amount > limit)


def _large(code: str, percent: Decimal, line: GuidelineLine, share: Decimal) -> Hit:
    problem = f"{_name(code)} takes {share:.1f} % of the bill's fees; this carrier pays up to {number(percent)} %."
    return Hit(line, problem, "Check the codes of its lines, or explain it to the carrier.", measured=share)


def _name(code: str) -> str:
    return code or "the matter"
