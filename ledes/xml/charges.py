"""A fee or an expense made into a line of the document, every fault named."""

from datetime import date
from functools import lru_cache
from typing import Final, NamedTuple

from ledes.document import LedesLine, LineType
from ledes.findings import FindingCode
from ledes.utbms import is_activity, is_expense, is_task
from ledes.utbms.classifications import is_classification
from ledes.xml.amounts import NAMES, Amounts, read_amounts
from ledes.xml.fields import check_required
from ledes.xml.nodes import Node, Place
from ledes.xml.reading import Limits, Reading
from ledes.xml.taxes import LineTax, TaxTable
from ledes.xml.values import Problems, fault, read_day, shown

_TYPES: Final = {"fee": LineType.FEE, "expense": LineType.EXPENSE}
_CHARGE_TYPES: Final = frozenset({"", "U", "F"})


class Charge(NamedTuple):
    """A line as read, without what only the end of its matter tells, and where its segment and its day stand."""

    line: LedesLine
    place: Place
    day_place: Place


def read_charge(node: Node, taxes: TaxTable, reading: Reading) -> Charge | None:
    """Return the line of a fee or expense segment, or None when a value it cannot do without is unreadable."""
    check_required(node, reading)
    day = _day(node, reading)
    amounts = _read(node, reading)
    if day is None or not amounts.is_readable:
        return None
    tax = taxes.on(node, amounts.total, reading) if node.children else None
    return Charge(_line(node, day, amounts, tax), node.place, node.place_of("charge_date"))


def _read(node: Node, reading: Reading) -> Amounts:
    """Return the figures of a segment; the faults of figures and codes are reported."""
    get, limits = node.values.get, reading.limits
    units, rate, base, adjustment, total = (get(name, "") for name in NAMES)
    amounts = read_amounts((units, rate, base, adjustment, total), limits)
    task, activity, expense = get("task_code", ""), get("task_activity", ""), get("expense_code", "")
    rest = get("tk_level", ""), get("charge_type", "")
    for problem in amounts.problems + _code_problems(node.spec.name, task, activity, expense, *rest, limits):
        reading.tell(problem, node.place_of(problem.field))
    return amounts


def _line(node: Node, day: date, amounts: Amounts, tax: LineTax | None) -> LedesLine:
    get = node.values.get
    return LedesLine(
        line_item_number=node.item,
        exp_fee_inv_adj_type=_TYPES[node.spec.name],
        date=day,
        units=amounts.units,
        unit_cost=amounts.rate,
        total=amounts.total + tax.total if tax else amounts.total,
        adjustment_amount=amounts.adjustment,
        task_code=get("task_code", ""),
        expense_code=get("expense_code", ""),
        activity_code=get("task_activity", ""),
        timekeeper_id=get("tk_id", ""),
        description=get("charge_desc", ""),
        timekeeper_classification=get("tk_level", ""),
        tax_rate=tax.rate if tax else None,
        tax_total=tax.total if tax else None,
        tax_type=tax.type if tax else "",
    )


def _day(node: Node, reading: Reading) -> date | None:
    text = node.values.get("charge_date")
    if text is None:
        return None
    day, problems = read_day(text, "charge_date")
    for problem in problems:
        reading.tell(problem, node.place_of("charge_date"))
    return day


@lru_cache(maxsize=16384)
def _code_problems(
    kind: str, task: str, activity: str, expense: str, level: str, charge_type: str, limits: Limits
) -> Problems:
    problems = _unknown(task, activity, expense)
    if kind == "fee" and activity and not task:
        message, fix = f"is {shown(activity)} on a fee without a task code.", "Give the task code too."
        problems += (fault(FindingCode.ACTIVITY_WITHOUT_TASK, "task_activity", message, fix, value=activity),)
    if level and limits.classifications != "any" and not is_classification(level, limits.classifications):
        message = f"is {shown(level)}, which this carrier's list of classifications does not have."
        fix = "Use a classification of that list."
        problems += (fault(FindingCode.UNKNOWN_CLASSIFICATION, "tk_level", message, fix, value=level),)
    if charge_type not in _CHARGE_TYPES:
        message = f"is {shown(charge_type)}, neither U (a unit price) nor F (a fixed charge)."
        fix = "Write U for hours at a rate."
        problems += (fault(FindingCode.UNKNOWN_VALUE, "charge_type", message, fix, value=charge_type),)
    return problems


def _unknown(task: str, activity: str, expense: str) -> Problems:
    checks = (
        ("task_code", task, is_task),
        ("task_activity", activity, is_activity),
        ("expense_code", expense, is_expense),
    )
    fix = "Check the code, unless this carrier has a list of its own."
    return tuple(
        fault(
            FindingCode.UNKNOWN_CODE,
            name,
            f"is {shown(code)}, which the UTBMS lists do not have.",
            fix,
            value=code,
        )
        for name, code, is_known in checks
        if code and not is_known(code)
    )
