"""What narratives hold and lack, and codes that are missing."""

from decimal import Decimal

import pytest

from guidelines.fixes import SetCode, Split, WriteOff
from tests.guidelines.builders import found, make_bill, make_cost, make_line

VAGUE = {"kind": "vague_narrative", "phrases": ["attention to", "file review"], "min_words": 3}
LENGTH = {"kind": "max_narrative", "characters": 20}
BARRED = {"kind": "barred_keyword", "keywords": ["overhead", "write off"]}
CLERICAL = {"kind": "clerical_work"}
TRAINING = {"kind": "training"}
CODE = {"kind": "missing_code"}
BLOCK = {"kind": "block_billing"}
SEVERAL = "Draft answer to complaint; telephone call with adjuster regarding reserves"


def say(narrative, **changes):
    return make_line(narrative=narrative, **changes)


@pytest.mark.parametrize(
    ("rule", "line", "fix"),
    [
        (VAGUE, say("Attention  to discovery responses"), None),
        (VAGUE, say("Further FILE REVIEW, plaintiff's records"), None),
        (VAGUE, say("Draft motion"), None),
        ({"kind": "vague_narrative", "detect": True}, say("Work on case"), None),
        (LENGTH, say("x" * 21), None),
        (BARRED, say("Discuss writing off overhead"), None),
        (CLERICAL, say("Calendared deadlines of scheduling order"), WriteOff()),
        (CLERICAL, say("Bates stamping plaintiff's production"), WriteOff()),
        (CLERICAL, say("Proofreading brief"), WriteOff()),
        (CLERICAL, say("Telephone call with court to schedule hearing"), WriteOff()),
        (TRAINING, say("Get up to speed on claim"), WriteOff()),
        (CODE, make_cost(expense_code="", narrative="Item 7"), None),
    ],
)
def test_check_finds_what_a_narrative_or_a_code_breaks(rule, line, fix):
    (finding,) = found(rule, line)
    assert (finding.rule, finding.line_key, finding.fix) == (rule["kind"], line.key, fix)


@pytest.mark.parametrize(
    ("rule", "line"),
    [
        (VAGUE, say("Inattention topical file reviewer")),
        (VAGUE, say("Draft motion today")),
        ({"kind": "vague_narrative", "detect": True}, say("Draft interrogatories to plaintiff on stairwell handrail")),
        (LENGTH, say("x" * 20)),
        (BARRED, say("Argue overheated engine of contractor")),
        (CLERICAL, say("Draft motion to compel production of scanned records")),
        (CLERICAL, say("Analyze scheduling order and calendar of trial court")),
        (CLERICAL, make_cost(narrative="Scanning of medical chart")),
        (TRAINING, say("Depose trainer on forklift safety")),
        (CODE, make_line()),
        (CODE, make_cost()),
        (BLOCK, make_line()),
        (BLOCK, make_cost(narrative=SEVERAL)),
        ({**BLOCK, "over_hours": "1.0"}, say(SEVERAL)),
    ],
)
def test_check_leaves_what_is_within_the_rule(rule, line):
    assert found(rule, line) == []


def test_block_billing_proposes_parts_without_hours():
    (finding,) = found(BLOCK, say(SEVERAL))
    assert isinstance(finding.fix, Split)
    assert len(finding.fix.parts) == 2
    assert finding.fix.parts[0] == "Draft answer to complaint"


@pytest.mark.parametrize(("action", "fix"), [("warn", None), ("block", None), ("reduce", WriteOff())])
def test_clerical_work_beside_other_work_is_written_off_only_where_the_carrier_does(action, fix):
    (finding,) = found({**CLERICAL, "action": action}, say("Draft answer to complaint; schedule mediation with court"))
    assert finding.fix == fix
    assert "Have its timekeeper tell it from the other work." in finding.sentence


def test_vague_narrative_quotes_the_phrase():
    (finding,) = found(VAGUE, say("Attention to discovery"))
    assert finding.sentence.startswith("The narrative says “Attention to”, which this carrier calls vague. ")


@pytest.mark.parametrize(
    ("changes", "needed"),
    [
        ({"task_code": ""}, "a task code"),
        ({"activity_code": ""}, "an activity code"),
        ({"task_code": "", "activity_code": ""}, "a task code and an activity code"),
    ],
)
def test_missing_code_names_what_is_needed(changes, needed):
    (finding,) = found(CODE, make_line(**changes))
    assert finding.sentence.startswith(f"The line needs {needed}.")


def test_missing_code_proposes_a_code_with_its_reason():
    (finding,) = found(CODE, make_line(activity_code=""))
    assert isinstance(finding.fix, SetCode)
    assert (finding.fix.field, finding.fix.code) == ("activity_code", "A103")
    assert finding.fix.reason


def test_missing_code_proposes_only_what_the_carrier_takes():
    bill = make_bill(codes_taken={"activity_code": frozenset({"A109"})})
    (finding,) = found(CODE, make_line(activity_code=""), bill=bill)
    assert finding.fix is None


def test_check_judges_a_text_alone_and_not_its_hours():
    assert found(VAGUE, make_line(units=Decimal(0))) == []
