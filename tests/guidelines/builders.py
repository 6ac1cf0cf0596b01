"""Builders of lines for the guideline tests."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from guidelines.lines import GuidelineLine


def make_line(**changes: Any) -> GuidelineLine:
    """Build a fee of one hour at 285.00 that breaks no usual rule."""
    line = GuidelineLine(
        key="1",
        kind="F",
        worked_on=date(2026, 10, 5),
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
