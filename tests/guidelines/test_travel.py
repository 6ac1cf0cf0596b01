"""Time on the way: what is travel, and the part of it that is paid."""

from decimal import Decimal

import pytest

from guidelines.fixes import CutAmount, WriteOff
from tests.guidelines.builders import found, make_cost, make_line

TRAVEL = {"kind": "travel_time", "percent": "50"}
JOURNEY = "Travel to and from courthouse"


def travel(narrative=JOURNEY, **changes):
    return make_line(**{"units": Decimal("2.5"), "narrative": narrative, **changes})


@pytest.mark.parametrize(
    ("line", "fix"),
    [
        (travel(), CutAmount(Decimal("356.25"))),
        (travel("Drove to deposition in Peoria"), CutAmount(Decimal("356.25"))),
        (travel("Return trip", unit_cost=Decimal("285.01")), CutAmount(Decimal("356.25"))),
        (travel("Way back", activity_code="A112"), CutAmount(Decimal("356.25"))),
        (travel(units=Decimal(1), unit_cost=Decimal("0.03"), approved_rate=None), CutAmount(Decimal("0.02"))),
    ],
)
def test_travel_time_proposes_the_part_that_is_paid(line, fix):
    (finding,) = found(TRAVEL, line)
    assert finding.fix == fix


def test_travel_time_writes_off_what_is_not_paid():
    (finding,) = found({**TRAVEL, "percent": "0"}, travel())
    assert finding.fix == WriteOff()
    assert "this carrier does not pay it." in finding.sentence


@pytest.mark.parametrize(
    "line",
    [
        make_line(),
        travel("Attend hearing; no travel"),
        travel("Analyze plaintiff's travel records"),
        travel(adjustment=Decimal("-356.25")),
        travel(unit_cost=Decimal("142.50")),
        make_cost(narrative=JOURNEY),
    ],
)
def test_travel_time_leaves_what_is_paid(line):
    assert found(TRAVEL, line) == []


@pytest.mark.parametrize(("action", "fix"), [("warn", None), ("reduce", CutAmount(Decimal("356.25")))])
def test_travel_time_beside_other_work_is_cut_only_where_the_carrier_does(action, fix):
    (finding,) = found({**TRAVEL, "action": action}, travel("Travel to Peoria; attend deposition of Dr. Ruiz"))
    assert finding.fix == fix


def test_travel_time_may_ask_attendance_to_say_so():
    rule = {**TRAVEL, "must_state": True}
    line = make_line(activity_code="A109", narrative="Attend hearing on motion to compel")
    assert len(found(rule, line)) == 1
    assert found(TRAVEL, line) == []
    assert found(rule, make_line(activity_code="A109", narrative="Attend hearing (no travel)")) == []
