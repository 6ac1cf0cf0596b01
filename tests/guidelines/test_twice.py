"""Lines and minutes that stand twice, on one bill or across bills and matters."""

from datetime import date, time
from decimal import Decimal

import pytest

from guidelines.fixes import WriteOff
from tests.guidelines.builders import found, make_cost, make_line, make_past

TWIN = {"kind": "duplicate_line"}
TIME = {"kind": "same_time"}


@pytest.mark.parametrize("make", [make_line, make_cost])
def test_duplicate_line_writes_the_later_twin_off(make):
    (finding,) = found(TWIN, make(key="a"), make(key="b"))
    assert (finding.line_key, finding.fix) == ("b", WriteOff())
    assert "line a" in finding.sentence


@pytest.mark.parametrize(
    "changes",
    [
        {"units": Decimal("1.1")},
        {"timekeeper_id": "TK013"},
        {"worked_on": date(2026, 10, 6)},
        {"narrative": "Draft second set of interrogatories to plaintiff"},
    ],
)
def test_duplicate_line_leaves_lines_that_differ(changes):
    assert found(TWIN, make_line(key="a"), make_line(key="b", **changes)) == []


def test_duplicate_line_reads_words_not_punctuation():
    twin = make_line(key="b", narrative="draft first set of interrogatories, to plaintiff.")
    assert len(found(TWIN, make_line(), twin)) == 1


def test_duplicate_line_may_ask_less_or_more():
    other_words = make_line(key="b", narrative="Something else")
    other_task = make_line(key="b", task_code="L330")
    assert len(found({**TWIN, "same_narrative": False}, make_line(), other_words)) == 1
    assert found({**TWIN, "same_task": True}, make_line(), other_task) == []


@pytest.mark.parametrize("cost", [{"unit_cost": Decimal("402.01")}, {"expense_code": "E113"}])
def test_duplicate_line_leaves_other_expenses(cost):
    assert found(TWIN, make_cost(key="a"), make_cost(key="b", **cost)) == []


def test_duplicate_line_finds_its_twin_on_another_bill_of_the_matter():
    line = make_line(source="time:17")
    past = make_past(matter="2024-00017", narrative=line.narrative)
    (finding,) = found(TWIN, line, history=[past])
    assert "invoice 10234" in finding.sentence
    assert found(TWIN, line, history=[make_past(source="time:17", matter="2024-00017", narrative=line.narrative)]) == []
    assert found(TWIN, line, history=[make_past(narrative=line.narrative)]) == []


def timed(start, end, **changes):
    return make_line(started_at=time(*start), ended_at=time(*end), **changes)


def test_same_time_finds_minutes_on_two_lines():
    (finding,) = found(TIME, timed((9, 0), (10, 0), key="a"), timed((9, 30), (10, 30), key="b"))
    assert (finding.line_key, finding.fix) == ("b", None)
    assert "line a too, 09:00 to 10:00" in finding.sentence


@pytest.mark.parametrize(
    "other",
    [
        timed((10, 0), (11, 0), key="b"),
        timed((9, 30), (10, 30), key="b", timekeeper_id="TK013"),
        timed((9, 30), (10, 30), key="b", worked_on=date(2026, 10, 6)),
        make_line(key="b"),
    ],
)
def test_same_time_leaves_minutes_that_do_not_meet(other):
    assert found(TIME, timed((9, 0), (10, 0), key="a"), other) == []


def test_same_time_ends_its_day_at_midnight():
    late = timed((23, 0), (0, 30), key="a")
    assert len(found(TIME, late, timed((23, 45), (23, 50), key="b"))) == 1
    assert found(TIME, late, timed((0, 10), (0, 20), key="b")) == []


def test_same_time_finds_overlaps_with_unbilled_time_of_another_matter():
    past = make_past(reference="matter 2024-00099, not billed yet", is_billed=False)
    clashing = make_past(started_at=time(9, 30), ended_at=time(9, 45), reference=past.reference, is_billed=False)
    (finding,) = found(TIME, timed((9, 0), (10, 0)), history=[clashing])
    assert "matter 2024-00099, not billed yet too, 09:30 to 09:45" in finding.sentence
    assert found(TIME, timed((9, 0), (10, 0)), history=[past]) == []


def test_same_time_finds_the_same_words_and_hours_on_another_matter():
    line = make_line()
    copy = make_past(narrative=line.narrative.upper())
    assert len(found(TIME, line, history=[copy])) == 1
    assert found({**TIME, "same_text": False}, line, history=[copy]) == []
    assert found(TIME, line, history=[make_past(narrative=line.narrative, units=Decimal("0.9"))]) == []
    assert found(TIME, line, history=[make_past(narrative=line.narrative, matter="2024-00017")]) == []
