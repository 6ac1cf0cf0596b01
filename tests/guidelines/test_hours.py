"""Steps, days, entries and research: what is too much, what is just enough, and the cut that is proposed."""

from datetime import date
from decimal import Decimal

import pytest

from guidelines.fixes import CutUnits, WriteOff
from guidelines.history import History
from guidelines.rules import Action
from tests.guidelines.builders import found, make_bill, make_cost, make_line, make_past

STEP = {"kind": "min_increment", "hours": "0.1"}
ENTRY = {"kind": "max_hours_per_entry", "hours": "10"}
DAY = {"kind": "max_hours_per_day", "hours": "12"}
RESEARCH = {"kind": "research_limit", "hours": "3"}


def hours(figure, **changes):
    return make_line(units=Decimal(figure), **changes)


def research(figure, **changes):
    return hours(figure, activity_code="A102", narrative="Analyze duty of care", **changes)


@pytest.mark.parametrize(
    ("rule", "line", "fix"),
    [
        (STEP, hours("1.25"), CutUnits(Decimal("1.2"))),
        (STEP, hours("0.05"), WriteOff()),
        (ENTRY, hours("10.1"), CutUnits(Decimal(10))),
        (DAY, hours("12.1"), CutUnits(Decimal(12))),
        (RESEARCH, research("3.1"), CutUnits(Decimal(3))),
        (RESEARCH, hours("3.1", narrative="Researched law of premises liability"), CutUnits(Decimal(3))),
        ({**RESEARCH, "hours": "0"}, research("0.5"), WriteOff()),
    ],
)
def test_check_cuts_hours_to_what_is_paid(rule, line, fix):
    (finding,) = found(rule, line)
    assert (finding.rule, finding.action, finding.line_key, finding.fix) == (rule["kind"], Action.WARN, line.key, fix)


@pytest.mark.parametrize(
    ("rule", "line"),
    [
        (STEP, hours("1.30")),
        (STEP, make_cost(units=Decimal("0.05"))),
        (ENTRY, hours("10.0")),
        (ENTRY, make_cost(units=Decimal(500))),
        (DAY, hours("12.00")),
        (DAY, make_cost(units=Decimal(99), timekeeper_id="TK012")),
        (RESEARCH, research("3.0")),
        (RESEARCH, hours("9", narrative="Review search results of adjuster")),
        (RESEARCH, make_cost(units=Decimal(9), expense_code="E106", narrative="Westlaw research")),
    ],
)
def test_check_leaves_hours_within_the_rule(rule, line):
    assert found(rule, line) == []


def test_max_hours_per_day_adds_up_the_day():
    lines = [hours(5, key=str(key)) for key in range(3)]
    (finding,) = found(DAY, *lines)
    assert (finding.line_key, finding.fix) == ("2", CutUnits(Decimal(2)))


def test_max_hours_per_day_keeps_days_and_timekeepers_apart():
    other_day = hours(12, key="2", worked_on=date(2026, 10, 6))
    other_person = hours(12, key="3", timekeeper_id="TK013")
    assert found(DAY, hours(12), other_day, other_person) == []


def test_max_hours_per_day_counts_other_bills_and_unbilled_time():
    past = [make_past(units=Decimal(6)), make_past(source="time:901", units=Decimal(2), is_billed=False)]
    (finding,) = found(DAY, hours(5), history=past)
    assert finding.fix == CutUnits(Decimal(4))
    assert "TK012 has 13 h on 2026-10-05, 8 h of them on other bills and matters;" in finding.sentence


def test_max_hours_per_day_leaves_its_own_lines_out_of_the_history():
    past = History([make_past(source="time:17", units=Decimal(12)), make_past(units=Decimal(1), kind="E")])
    assert found(DAY, hours(12, source="time:17"), history=past) == []


def test_max_hours_per_day_writes_off_where_the_day_is_full():
    (finding,) = found(DAY, hours(1), history=[make_past(units=Decimal(12))])
    assert finding.fix == WriteOff()


def test_max_hours_per_day_stops_a_day_of_more_than_24_hours():
    (finding,) = found(DAY, hours("12.1"), history=[make_past(units=Decimal(12))])
    assert finding.action is Action.BLOCK
    assert "no day has more than 24 h." in finding.sentence


def test_research_limit_counts_the_matter_over_the_period():
    before = make_past(matter="2024-00017", units=Decimal(2), narrative="Legal research on venue")
    elsewhere = make_past(units=Decimal(9), narrative="Legal research on venue")
    earlier = make_past(matter="2024-00017", units=Decimal(9), narrative="Research", worked_on=date(2026, 9, 30))
    (finding,) = found(RESEARCH, research(1, key="a"), research(1, key="b"), history=[before, elsewhere, earlier])
    assert (finding.line_key, finding.fix) == ("b", WriteOff())


def test_research_limit_may_count_the_whole_matter():
    earlier = make_past(matter="2024-00017", units=Decimal(3), narrative="Research", worked_on=date(2026, 3, 30))
    assert [one.fix for one in found({**RESEARCH, "window": "matter"}, research(1), history=[earlier])] == [WriteOff()]


def test_research_limit_counts_a_typed_entry_by_its_month():
    bill = make_bill(period_start=None, period_end=None)
    same = make_past(matter="2024-00017", units=Decimal(3), narrative="Research", worked_on=date(2026, 10, 30))
    other = make_past(matter="2024-00017", units=Decimal(3), narrative="Research", worked_on=date(2026, 9, 30))
    assert len(found(RESEARCH, research(1), bill=bill, history=[same])) == 1
    assert found(RESEARCH, research(1), bill=bill, history=[other]) == []


def test_check_says_what_is_wrong_what_happens_and_what_to_do():
    (finding,) = found(DAY, hours("12.50"))
    assert finding.sentence == (
        "TK012 has 12.5 h on 2026-10-05; this carrier pays 12 h a day. The carrier may question it. "
        "Bill what the day has left, or write the rest off."
    )
