"""Suggestions in a carrier's own codes."""

from datetime import date

from ledes.utbms import CodeSet, CustomCode, suggest, suggest_for

BEFORE, ON = date(2026, 2, 28), date(2026, 3, 1)
NARRATIVE = "Draft mediation statement on deposition testimony of Dr. Hale"
OWN = CustomCode(code="HM160", kind="task", label="Resolution", effective_from=ON, replaces="L160")


def codes_for(code_set, on, **more):
    return [one.code for one in suggest_for(code_set, NARRATIVE, kind="task", on=on, **more)]


def test_whole_list_gives_what_anybody_is_given():
    assert suggest_for(CodeSet(), NARRATIVE, kind="task", on=ON) == suggest(NARRATIVE, kind="task")


def test_code_not_taken_is_not_suggested():
    assert codes_for(CodeSet(task={"L330"}), ON) == ["L330"]
    assert codes_for(CodeSet(task=set()), ON) == []


def test_replaced_code_is_suggested_as_the_new_one_from_its_day_on():
    recoded = CodeSet(extra=(OWN,))
    assert codes_for(recoded, BEFORE) == ["L160", "L330"]
    assert codes_for(recoded, ON) == ["HM160", "L330"]
    first = suggest_for(recoded, NARRATIVE, kind="task", on=ON)[0]
    assert first.label == "Resolution"
    assert first.reason == (
        "\u201cmediation statement\u201d names settlement or mediation, which is L160; "
        "this carrier takes HM160 in its place."
    )


def test_two_codes_with_one_successor_are_suggested_once():
    merged = CodeSet(extra=(OWN, OWN.model_copy(update={"replaces": "L330"})))
    assert codes_for(merged, BEFORE) == ["L160", "L330"]
    assert codes_for(merged, ON) == ["HM160"]
