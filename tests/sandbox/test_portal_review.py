"""A carrier's decision: what each guideline takes off, and what the whole comes to."""

import pytest

from sandbox.portals.reader import read_file
from sandbox.portals.review import Review, review_bill
from sandbox.portals.sample_world import SampleLine, expense_line, sample_ledes, sample_world
from sandbox.portals.world import parse_world

PLAIN = [SampleLine() for _ in range(4)]


def reviewed(*lines: SampleLine) -> Review:
    reading = read_file(sample_ledes(lines=[*lines]))
    assert reading.bill is not None, reading.findings
    return review_bill(reading.bill, parse_world(sample_world()).carriers["harbor-mutual"])


def test_approve_clean_bill():
    review = reviewed(*PLAIN)
    assert review.decision == "approved"
    assert {line.reduction_cents for line in review.lines} == {0}


@pytest.mark.parametrize(
    ("line", "cents", "reason"),
    [
        (
            SampleLine(unit_cost="300.00"),
            3000,
            "Timekeeper rate exceeds the negotiated rate of $285.00/hr",
        ),
        (
            SampleLine(narrative="Attention to discovery"),
            28500,
            "Line item description contains a charge matching disallowed description: attention to.",
        ),
        (
            SampleLine(worked_on="20260401"),
            57000,
            "Charge service or expense date is more than 180 days old.",
        ),
        (
            SampleLine(units="10.5", worked_on="20261016"),
            14250,
            "Time entry exceeds the maximum allowed time of 10 hrs per entry.",
        ),
        (SampleLine(units="2.05"), 1425, "Time is not billed in increments of 0.1 hrs."),
        (SampleLine(narrative="Calendar answer date"), 57000, "Clerical work is overhead and is not reimbursed."),
        (SampleLine(narrative="Travel to Joliet"), 28500, "Travel time is reimbursed at one half."),
        (
            expense_line("E110", "300.00"),
            7500,
            "Expense exceeds the maximum allowed unit cost of $225.00 /unit",
        ),
        (expense_line("E101"), 4500, "Expense E101 is overhead and is not reimbursed."),
    ],
)
def test_reduce_line_by_guideline(line, cents, reason):
    others = [SampleLine(worked_on=f"202610{day}") for day in range(20, 28)]
    review = reviewed(line, *others)
    assert (review.lines[0].reduction_cents, review.lines[0].reasons) == (cents, reason)
    assert review.decision == "reduced"


def test_reduce_hours_over_the_day():
    review = reviewed(*[SampleLine(units="5.0") for _ in range(3)])
    assert [line.reduction_cents for line in review.lines] == [0, 0, 3 * 28500]
    assert review.lines[2].reasons == "Timekeeper daily time entry exceeds the maximum allowed time of 12 hrs."


def test_reduce_never_more_than_the_line():
    old_and_vague = SampleLine(worked_on="20260401", narrative="File review")
    assert reviewed(old_and_vague, *PLAIN).lines[0].reduction_cents == 57000


@pytest.mark.parametrize(
    ("vague", "plain", "decision"), [(1, 9, "reduced"), (4, 3, "disputed"), (1, 0, "disputed"), (0, 1, "approved")]
)
def test_decide_by_share_taken_off(vague, plain, decision):
    lines = [SampleLine(narrative="File review", worked_on=f"202610{10 + at}") for at in range(vague)]
    lines += [SampleLine(worked_on=f"202610{20 + at}") for at in range(plain)]
    assert reviewed(*lines).decision == decision


def test_reject_bill_mostly_taken_off():
    assert reviewed(SampleLine(worked_on="20260401"), expense_line()).decision == "rejected"


def test_reject_bill_with_endless_narrative():
    review = reviewed(SampleLine(narrative="x" * 1001), *PLAIN)
    assert review.decision == "rejected"
    assert review.lines[0].reasons == "Line item description is longer than 1000 characters."
