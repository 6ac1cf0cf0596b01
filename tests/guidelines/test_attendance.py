"""Several people at one event, and conferences within the firm."""

from datetime import date
from decimal import Decimal

import pytest

from guidelines.fixes import WriteOff
from tests.guidelines.builders import found, make_line, make_past

EVENT = {"kind": "multiple_attendance"}
FIRM = {"kind": "in_firm_conference"}
DEPOSITION = "Attend deposition of Dr. Ruiz"


def attended(name, classification, narrative=DEPOSITION, **changes):
    return make_line(
        key=name,
        timekeeper_id=name,
        classification=classification,
        narrative=narrative,
        **{"activity_code": "A109", **changes},
    )


def test_multiple_attendance_leaves_the_most_senior():
    lines = [attended("AS1", "AS"), attended("PT1", "PT", "Attended deposition of plaintiff's expert Dr. Ruiz")]
    (finding,) = found(EVENT, *lines)
    assert (finding.line_key, finding.fix) == ("AS1", WriteOff())
    assert finding.sentence.startswith("2 people bill for one deposition on 2026-10-05; this carrier pays 1.")


def test_multiple_attendance_finds_everybody_without_the_code():
    lines = [attended(name, "AS", activity_code="") for name in "abc"]
    assert [one.line_key for one in found(EVENT, *lines)] == ["b", "c"]
    assert [one.line_key for one in found({**EVENT, "people": 2}, *lines)] == ["c"]


@pytest.mark.parametrize(
    "other",
    [
        attended("b", "AS", "Attend deposition of Ms. Jones"),
        attended("b", "AS", "Attend hearing on motion in limine"),
        attended("b", "AS", worked_on=date(2026, 10, 6)),
        attended("b", "AS", "Prepare for deposition of Dr. Ruiz", activity_code="A101"),
        attended("a", "PT", units=Decimal("0.4")),
    ],
)
def test_multiple_attendance_leaves_other_events(other):
    assert found(EVENT, attended("a", "PT"), other) == []


def test_multiple_attendance_counts_who_is_on_another_bill_of_the_matter():
    past = make_past(matter="2024-00017", timekeeper_id="PT1", narrative=DEPOSITION)
    assert [one.line_key for one in found(EVENT, attended("AS1", "AS"), history=[past])] == ["AS1"]
    assert found(EVENT, attended("PT1", "PT"), history=[past]) == []
    assert found(EVENT, attended("AS1", "AS"), history=[make_past(narrative=DEPOSITION)]) == []


def conferred(name, classification, narrative, **changes):
    return attended(name, classification, narrative, **{"activity_code": "A105", **changes})


def test_in_firm_conference_is_billed_by_the_senior_person():
    partner = conferred("PT1", "PT", "Confer with associate on defense of notice issue", units=Decimal("0.4"))
    associate = conferred("AS1", "AS", "Confer with partner regarding notice issue", units=Decimal("0.5"))
    (finding,) = found(FIRM, associate, partner)
    assert (finding.line_key, finding.fix) == ("AS1", WriteOff())
    assert found({**FIRM, "senior_only": False}, associate, partner) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"narrative": "Confer with paralegal on medical chronology", "units": Decimal("0.2")},
        {"worked_on": date(2026, 10, 6)},
        {"activity_code": "A106", "narrative": "Telephone call with adjuster on notice issue"},
    ],
)
def test_in_firm_conference_leaves_other_talks(changes):
    partner = conferred("PT1", "PT", "Confer with associate on notice issue", units=Decimal("0.4"))
    other = conferred("AS1", "AS", "Confer with partner on notice issue", units=Decimal("0.4"))
    changed = make_line(**{name: getattr(other, name) for name in other.__dataclass_fields__} | changes)
    assert found(FIRM, partner, changed) == []


def test_in_firm_conference_states_its_purpose():
    (finding,) = found(FIRM, make_line(narrative="Conferred with associate", activity_code="A103"))
    assert finding.fix is None
    assert "does not say what it was for" in finding.sentence
    assert found(FIRM, make_line(narrative="Conferred with associate regarding venue")) == []
    assert found({**FIRM, "needs_purpose": False}, make_line(narrative="Conferred with associate")) == []
