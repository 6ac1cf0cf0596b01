"""The history of one bill: its own lines left out, the matter's by day."""

from datetime import date

from guidelines.elsewhere import Elsewhere
from guidelines.history import History
from tests.guidelines.builders import WORKED, make_past

MATTER = "2024-00017"
LATER = date(2026, 10, 6)
OWN = make_past(source="time:1", matter=MATTER)
SAME_MATTER = make_past(source="time:2", matter=MATTER, worked_on=LATER)
OTHER_MATTER = make_past(source="time:3")
EXPENSE = make_past(source="expense:4", matter=MATTER, kind="E", expense_code="E112")


def elsewhere(*lines):
    return Elsewhere(History(lines), MATTER, frozenset({OWN.source}))


def test_of_day_leaves_out_the_bills_own_lines_and_expenses():
    work = elsewhere(OWN, SAME_MATTER, OTHER_MATTER, EXPENSE)
    assert work.of_day(OWN.timekeeper_id, WORKED) == [OTHER_MATTER]
    assert work.of_day(OWN.timekeeper_id, WORKED) == [OTHER_MATTER]
    assert work.of_day("TK099", WORKED) == []


def test_of_matter_leaves_out_the_bills_own_lines_and_other_matters():
    assert elsewhere(OWN, SAME_MATTER, OTHER_MATTER, EXPENSE).of_matter == [SAME_MATTER, EXPENSE]


def test_of_matter_day_returns_the_matters_lines_of_that_day():
    work = elsewhere(OWN, SAME_MATTER, OTHER_MATTER, EXPENSE)
    assert [list(work.of_matter_day(day)) for day in (WORKED, LATER)] == [[EXPENSE], [SAME_MATTER]]
    assert list(elsewhere(OWN).of_matter_day(WORKED)) == []
