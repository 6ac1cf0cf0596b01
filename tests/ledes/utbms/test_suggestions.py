"""Codes suggested from a narrative: hand-checked, explained, and none rather than a poor one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledes.utbms import suggest
from ledes.utbms.lists import is_kind


def codes_for(narrative, kind, **more):
    return [one.code for one in suggest(narrative, kind=kind, **more)]


@pytest.mark.parametrize(
    ("narrative", "task", "activity"),
    [
        ("Take deposition of plaintiff", "L330", "A109"),
        ("Take deposition of plaintiff's accident reconstruction expert", "L340", "A109"),
        ("Prepare for deposition of Dr. Hale", "L330", "A101"),
        ("Draft motion for summary judgment", "L240", "A103"),
        ("Draft motion to compel answers to interrogatories", "L350", "A103"),
        ("Draft answers to interrogatories", "L310", "A103"),
        ("Draft answer to complaint", "L210", "A103"),
        ("Review settlement demand", "L160", "A104"),
        ("Research standard for motion to dismiss", "L240", "A102"),
        ("Telephone conference with client about settlement", "L160", "A106"),
        ("Telephone conference with opposing counsel about settlement", "L160", "A107"),
        ("Telephone conference with claims handler about settlement", "L160", "A106"),
        ("Telephone conference with mediator about settlement", "L160", "A108"),
        ("Conference with associate about settlement", "L160", "A105"),
        ("Attend mediation", "L160", "A109"),
        ("Index medical records", "L140", "A110"),
    ],
)
def test_suggest_gives_task_and_activity_first(narrative, task, activity):
    assert codes_for(narrative, "task")[0] == task
    assert codes_for(narrative, "activity")[0] == activity


@pytest.mark.parametrize(
    ("narrative", "expense"),
    [
        ("Filing fee for answer", "E112"),
        ("Mileage to courthouse", "E109"),
        ("Airfare to deposition", "E110"),
        ("Transcript of deposition of plaintiff", "E115"),
        ("Transcript of hearing of August 9", "E116"),
        ("Statutory witness fee and mileage", "E114"),
        ("Westlaw charges", "E106"),
    ],
)
def test_suggest_gives_the_expense_first(narrative, expense):
    assert codes_for(narrative, "expense")[0] == expense


@pytest.mark.parametrize("kind", ["task", "activity", "expense"])
@pytest.mark.parametrize("narrative", ["", "Attention to matter", "Work on file", "   ;;; ", "Various"])
def test_suggest_says_nothing_of_a_vague_narrative(narrative, kind):
    assert suggest(narrative, kind=kind) == ()


def test_suggest_says_nothing_of_talk_with_nobody_named():
    assert suggest("Telephone conference about schedule", kind="activity") == ()


def test_suggest_reads_the_party_behind_with_rather_than_the_topic():
    assert codes_for("Discuss selection of expert with opposing counsel", "activity")[0] == "A107"


def test_suggest_reads_no_party_across_a_semicolon():
    assert codes_for("Telephone call; letter to client", "activity") == []


@pytest.mark.parametrize(
    ("narrative", "kind", "reason"),
    [
        (
            "Prepare for deposition of Dr. Hale on causation",
            "task",
            "\u201cdeposition of Dr. Hale\u201d names a deposition, which is L330.",
        ),
        (
            "Call with adjuster M. Okafor on reserves",
            "activity",
            "\u201cCall with adjuster M. Okafor\u201d names talk with the client or its carrier, which is A106.",
        ),
        ("Take deposition of plaintiff. Report", "task", "\u201cdeposition\u201d names a deposition, which is L330."),
        ("Filing fee", "expense", "\u201cFiling fee\u201d names a court fee, which is E112."),
    ],
)
def test_suggest_quotes_the_words_that_led_to_the_code(narrative, kind, reason):
    assert suggest(narrative, kind=kind)[0].reason == reason


def test_suggest_ranks_what_is_named_first_before_what_it_is_for():
    first, second = suggest("Draft mediation statement on deposition testimony", kind="task")[:2]
    assert (first.code, second.code) == ("L160", "L330")
    assert 1 > first.score > second.score > 0


def test_suggest_keeps_to_the_codes_allowed():
    narrative = "Draft mediation statement on deposition testimony"
    assert codes_for(narrative, "task", allowed={"L330"}) == ["L330"]
    assert codes_for(narrative, "task", allowed=()) == []


def test_suggest_keeps_to_one_set_of_tasks():
    assert codes_for("Research effect of automatic stay on deposition", "task")[0] == "B140"
    assert all(code.startswith("B") for code in codes_for("Research effect of automatic stay on deposition", "task"))
    assert codes_for("Research law for advice on leave policy", "task", allowed={"C200", "C300"}) == ["C200"]


def test_suggest_gives_at_most_the_limit():
    narrative = "Review complaint, deposition, settlement demand, budget and interrogatories"
    assert len(codes_for(narrative, "task")) == 3
    assert len(codes_for(narrative, "task", limit=5)) == 5


@pytest.mark.parametrize(
    "narrative", ["R\u00e9union; deposition", "Draft \u2013 motion", "\u0130 deposition of Dr. \u0130z"]
)
def test_suggest_reads_narratives_beyond_ascii(narrative):
    for one in suggest(narrative, kind="task"):
        assert one.reason.split("\u201d")[0].removeprefix("\u201c") in narrative


@given(st.text(max_size=60), st.sampled_from(["task", "activity", "expense"]))
def test_suggest_answers_any_text_with_codes_of_the_kind(narrative, kind):
    for one in suggest(narrative, kind=kind):
        assert is_kind(one.code, kind)
        assert 0 < one.score < 1
