"""The burn-down as a picture: what is left beside the plan, to the close and beyond it where bills are late."""

from datetime import date

import pytest

from services.reporting.cycle import BurnDay, BurnDown
from state.reporting.charts import NO_CHART, burn_chart

END, CLOSES = date(2026, 10, 31), date(2026, 11, 10)


def burn(*left: int, until: date = CLOSES) -> BurnDown:
    """Return a month of ten bills of which so many are left at the end of each November day."""
    days = [BurnDay(date(2026, 11, day), found, 0, 10 - found) for day, found in enumerate(left, 1)]
    return BurnDown(tuple(days), END, until)


def test_plan_goes_on_to_the_close():
    chart = burn_chart(burn(10, 7))
    assert [(point["name"], point["a"]) for point in chart.points[:3]] == [("1 Nov", 10), ("2 Nov", 7), ("3 Nov", None)]
    assert [point["b"] for point in chart.points] == [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]
    assert chart.summary == "On 2 Nov 2026, 7 of 10 bills are left; the plan leaves 8, and none by 10 Nov 2026."


def test_late_bills_are_drawn_beyond_the_close():
    chart = burn_chart(burn(10, 4, 1, until=date(2026, 11, 2)))
    assert [(point["a"], point["b"]) for point in chart.points] == [(10, 5), (4, 0), (1, 0)]
    assert chart.summary == "On 3 Nov 2026, 1 of 10 bills is left; by plan the last left on 2 Nov 2026."


def test_no_bills_no_picture():
    assert burn_chart(BurnDown((), END, CLOSES)) == NO_CHART


@pytest.mark.parametrize(("day", "left"), [(date(2026, 10, 1), 10), (END, 10), (CLOSES, 0), (date(2026, 12, 1), 0)])
def test_plan_begins_with_the_months_end_and_ends_with_the_close(day: date, left: int):
    assert burn(10).planned_left(day) == left
