"""Who worked, at what rate, on what, and how many."""

from datetime import date
from decimal import Decimal

import pytest

from guidelines.fixes import CutRate
from tests.guidelines.builders import found, make_cost, make_line

RATE = {"kind": "rate_cap"}
NOTICE = {"kind": "rate_increase_notice", "days": 30}
GRADE = {"kind": "below_grade", "rate": "110.00"}
STAFF = {"kind": "staffing", "people": 3, "by_grade": {"partner": 1}}
RAISED = {"unit_cost": Decimal(300), "approved_rate": Decimal(300), "previous_rate": Decimal(285)}
SUMMARY = "Summarized deposition of plaintiff"


@pytest.mark.parametrize(
    ("rule", "line", "fix"),
    [
        ({"kind": "unapproved_timekeeper"}, make_line(is_approved=False), None),
        (RATE, make_line(unit_cost=Decimal("285.01")), CutRate(Decimal("285.00"))),
        (RATE, make_line(approved_rate=None), None),
        (NOTICE, make_line(**RAISED), CutRate(Decimal(285))),
        (NOTICE, make_line(**RAISED, rate_notified_on=date(2026, 9, 6)), CutRate(Decimal(285))),
        (NOTICE, make_line(**RAISED, rate_began_on=date(2026, 9, 6)), CutRate(Decimal(285))),
        (GRADE, make_line(classification="PARTNR", narrative=SUMMARY), CutRate(Decimal("110.00"))),
        (GRADE, make_line(classification="PT", activity_code="A110"), CutRate(Decimal("110.00"))),
        ({"kind": "below_grade"}, make_line(classification="OC", narrative=SUMMARY), None),
    ],
)
def test_check_finds_the_wrong_person_or_rate(rule, line, fix):
    (finding,) = found(rule, line)
    assert (finding.rule, finding.line_key, finding.fix) == (rule["kind"], line.key, fix)


@pytest.mark.parametrize(
    ("rule", "line"),
    [
        ({"kind": "unapproved_timekeeper"}, make_line()),
        ({"kind": "unapproved_timekeeper"}, make_cost(is_approved=False)),
        (RATE, make_line(unit_cost=Decimal("285.00"))),
        (RATE, make_cost()),
        (NOTICE, make_line(**RAISED, rate_notified_on=date(2026, 9, 5))),
        (NOTICE, make_line(**RAISED, rate_began_on=date(2026, 9, 5))),
        (NOTICE, make_line(previous_rate=Decimal(285))),
        (NOTICE, make_line()),
        (GRADE, make_line(classification="AS", narrative=SUMMARY)),
        (GRADE, make_line(classification="PT", narrative=SUMMARY, unit_cost=Decimal("110.00"))),
        (GRADE, make_line(classification="PT")),
        (GRADE, make_line(narrative=SUMMARY)),
    ],
)
def test_check_leaves_people_and_rates_within_the_rule(rule, line):
    assert found(rule, line) == []


def test_rate_cap_says_both_rates():
    (finding,) = found({**RATE, "action": "reduce"}, make_line(unit_cost=Decimal(300)))
    assert finding.sentence == (
        "The rate is $300.00 an hour; $285.00 is approved. The carrier cuts it. Bill the approved rate."
    )


def person(name, classification, units="1"):
    return make_line(key=name, timekeeper_id=name, classification=classification, units=Decimal(units))


def test_staffing_finds_the_person_beyond_the_team():
    lines = [person("A", "PT"), person("B", "AS", "2"), person("C", "AS", "3"), person("D", "LA", "4")]
    assert [one.line_key for one in found(STAFF, *lines)] == ["A"]
    assert found(STAFF, *lines[:3]) == []


def test_staffing_counts_grades():
    (finding,) = found(STAFF, person("A", "PT"), person("B", "PARTNR", "2"))
    assert finding.line_key == "A"
    assert finding.sentence.startswith("A is partner number 2 on the bill; this carrier pays 1.")


def test_staffing_counts_a_person_once():
    lines = [person("A", "PT"), person("B", "AS"), person("C", "LA")]
    assert found({"kind": "staffing"}, *lines, *lines) == []
