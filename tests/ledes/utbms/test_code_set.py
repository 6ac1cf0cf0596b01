"""A carrier's own codes: which, for what, and when."""

from datetime import date

import pytest
from pydantic import ValidationError

from ledes.utbms import CodeSet, CustomCode

BEFORE, FIRST, LAST, AFTER = date(2025, 12, 31), date(2026, 1, 1), date(2026, 6, 30), date(2026, 7, 1)
WHOLE = CodeSet()


def own(code="CL120", kind="task", **more):
    return CustomCode(code=code, kind=kind, label="Case plan", **more)


@pytest.mark.parametrize("document", [{}, {"task": None, "activity": None, "expense": None}])
def test_set_without_lists_takes_the_whole_lists(document):
    whole = CodeSet.model_validate(document)
    assert whole.is_allowed("L330", "task", FIRST)
    assert whole.is_allowed("E112", "expense", FIRST)


@pytest.mark.parametrize(
    ("code", "kind"), [("L999", "task"), ("A103", "task"), ("L330", "activity"), ("", "task"), ("l330", "task")]
)
def test_set_without_lists_refuses_what_no_list_has(code, kind):
    assert not WHOLE.is_allowed(code, kind, FIRST)


def test_set_reads_the_shape_of_older_profiles():
    listed = CodeSet.model_validate({"task": ["L110", "ZZ9"], "activity": None, "expense": []})
    assert listed.is_allowed("L110", "task", FIRST)
    assert listed.is_allowed("ZZ9", "task", FIRST)
    assert not listed.is_allowed("L120", "task", FIRST)
    assert not listed.is_allowed("E101", "expense", FIRST)


def test_set_says_why_it_refuses():
    assert CodeSet(task={"L110"}).refusal("L120", "task", FIRST) == (
        "This carrier does not take code L120. Choose one of its list."
    )
    assert WHOLE.refusal("", "activity", FIRST) == "There is no activity code."


@pytest.mark.parametrize(("on", "expected"), [(BEFORE, False), (FIRST, True), (LAST, True), (AFTER, False)])
def test_extra_code_is_taken_on_its_days_both_ends_included(on, expected):
    dated = CodeSet(task={"L110"}, extra=(own(effective_from=FIRST, effective_to=LAST),))
    assert dated.is_allowed("CL120", "task", on) is expected
    assert not dated.is_allowed("CL120", "activity", on)


def test_extra_code_out_of_its_days_says_when():
    dated = CodeSet(extra=(own(effective_from=FIRST, effective_to=LAST),))
    assert dated.refusal("CL120", "task", BEFORE) == (
        "This carrier takes code CL120 only from 2026-01-01 on. Choose another of its list."
    )
    assert dated.refusal("CL120", "task", AFTER) == (
        "This carrier has not taken code CL120 since 2026-06-30. Choose another of its list."
    )


def test_standard_code_may_be_given_an_end():
    ended = CodeSet(extra=(own(code="L140", effective_to=LAST),))
    assert ended.is_allowed("L140", "task", LAST)
    assert not ended.is_allowed("L140", "task", AFTER)


def test_recoded_code_is_refused_from_its_day_on_and_names_the_new_one():
    recoded = CodeSet(extra=(own(effective_from=FIRST, replaces="L120"),))
    assert recoded.is_allowed("L120", "task", BEFORE)
    assert recoded.refusal("L120", "task", FIRST) == (
        "This carrier takes CL120 (Case plan) in place of L120 since 2026-01-01. Use CL120."
    )
    assert recoded.replacement("L120", "task", FIRST).code == "CL120"
    assert recoded.replacement("L120", "task", BEFORE) is None


def test_recoded_twice_names_the_last():
    twice = CodeSet(extra=(own(replaces="L120"), own(code="CL121", effective_from=AFTER, replaces="CL120")))
    assert twice.replacement("L120", "task", LAST).code == "CL120"
    assert twice.replacement("L120", "task", AFTER).code == "CL121"


def test_ediscovery_codes_count_from_the_day_of_their_list():
    assert not WHOLE.is_allowed("L612", "task", date(2011, 7, 12))
    assert WHOLE.is_allowed("L612", "task", date(2011, 7, 13))


def test_choices_are_the_codes_of_the_day_in_order():
    some = CodeSet(task={"L330", "L120", "ZZ9"}, extra=(own(effective_from=FIRST, replaces="L120"),))
    assert [choice.code for choice in some.choices("task", BEFORE)] == ["L120", "L330", "ZZ9"]
    assert [(one.code, one.label) for one in some.choices("task", FIRST)] == [
        ("CL120", "Case plan"),
        ("L330", "Depositions"),
        ("ZZ9", "ZZ9"),
    ]


def test_choices_of_the_whole_list_are_of_one_kind():
    assert [choice.code for choice in WHOLE.choices("activity", FIRST)] == [f"A1{at:02}" for at in range(1, 12)]


@pytest.mark.parametrize(
    ("extra", "reason"),
    [
        ([{"code": "X", "kind": "task", "label": "x", "effective_from": LAST, "effective_to": FIRST}], "ends before"),
        ([{"code": "X1", "kind": "task", "label": "x", "replaces": "X1"}], "replaces itself"),
        ([own(), own()], "given twice"),
        ([own(replaces="L120"), own(code="X2", replaces="L120")], "both replace L120"),
        ([own(code="X1", replaces="X2"), own(code="X2", replaces="X1")], "replace each other"),
        ([{"code": "X 1", "kind": "task", "label": "x"}], "pattern"),
        ([{"code": "X1", "kind": "fee", "label": "x"}], "'task', 'activity' or 'expense'"),
    ],
)
def test_set_refuses_what_contradicts_itself(extra, reason):
    with pytest.raises(ValidationError, match=reason):
        CodeSet.model_validate({"extra": [one if isinstance(one, dict) else one.model_dump() for one in extra]})


def test_same_code_may_come_back_later():
    again = CodeSet(extra=(own(effective_to=BEFORE), own(effective_from=AFTER)))
    assert [again.is_allowed("CL120", "task", day) for day in (BEFORE, FIRST, AFTER)] == [True, False, True]


def test_set_survives_json():
    recoded = CodeSet(task={"L110"}, extra=(own(effective_from=FIRST, replaces="L120"),))
    assert CodeSet.model_validate(recoded.model_dump(mode="json")) == recoded


def test_set_is_dumped_in_order():
    assert CodeSet(task={"L330", "L110", "L240"}).model_dump(mode="json") == {
        "task": ["L110", "L240", "L330"],
        "activity": None,
        "expense": None,
        "extra": [],
    }
