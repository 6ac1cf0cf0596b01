"""Builders of lines, bills and past time for the guideline tests."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from guidelines.bill import Bill
from guidelines.engine import check
from guidelines.exceptions import GrantedException
from guidelines.history import PastLine
from guidelines.lines import GuidelineFinding, GuidelineLine
from guidelines.rules import parse_rules

WORKED = date(2026, 10, 5)


def make_line(**changes: Any) -> GuidelineLine:
    """Build a fee of one hour at 285.00 that breaks no usual rule."""
    line = GuidelineLine(
        key="1",
        kind="F",
        worked_on=WORKED,
        timekeeper_id="TK012",
        units=Decimal("1.0"),
        unit_cost=Decimal("285.00"),
        approved_rate=Decimal("285.00"),
        task_code="L310",
        activity_code="A103",
        expense_code="",
        narrative="Draft first set of interrogatories to plaintiff",
    )
    return replace(line, **changes)


def make_cost(**changes: Any) -> GuidelineLine:
    """Build court fees of 402.00."""
    expense = {"key": "E", "kind": "E", "timekeeper_id": "", "units": Decimal(1), "unit_cost": Decimal("402.00")}
    codes = {"task_code": "", "activity_code": "", "expense_code": "E112", "approved_rate": None}
    return make_line(**{**expense, **codes, "narrative": "Filing fee, county court", **changes})


def make_past(**changes: Any) -> PastLine:
    """Build an hour of the same timekeeper and day on another matter, billed before."""
    past = PastLine(
        source="time:900",
        reference="invoice 10234",
        matter="2024-00099",
        kind="F",
        worked_on=WORKED,
        timekeeper_id="TK012",
        units=Decimal("1.0"),
        narrative="Analyze plaintiff's medical records",
        is_billed=True,
    )
    return replace(past, **changes)


def make_bill(**changes: Any) -> Bill:
    """Build the bill of October on one matter, dated and sent in the first days of November."""
    bill = Bill(
        invoice_date=date(2026, 11, 2),
        submitted_on=date(2026, 11, 3),
        client="HARBOR",
        matter="2024-00017",
        period_start=date(2026, 10, 1),
        period_end=date(2026, 10, 31),
    )
    return replace(bill, **changes)


def make_permission(rule: str, **changes: Any) -> GrantedException:
    """Build a permission for everybody's work at any time on every matter."""
    permission = GrantedException(rule=rule, handler="Dana Wells", granted_on=date(2026, 9, 30))
    return replace(permission, **changes)


def found(rule: dict[str, Any], *lines: GuidelineLine, **given: Any) -> list[GuidelineFinding]:
    """Hold lines against one rule that warns, on an October bill unless `given` says otherwise."""
    return check(parse_rules([{"action": "warn", **rule}]), lines, **{"bill": make_bill(), **given})
