"""One look serves the steps after it, until one of them touches the page; a commit click always looks for itself."""

import pytest
from pydantic import TypeAdapter

from carriers.foresight import Foresight, observes
from carriers.page import Match, Target
from carriers.steps import Step, selectors_of

EXPECT = {"verb": "expect", "label": "Here", "page": "home"}
READ = {"verb": "read", "label": "Read", "selectors": ["#receipt"], "into": "receipt"}
FILL = {"verb": "fill", "label": "Type", "selectors": ["#number"], "value": "{invoice_number}"}
CLICK = {"verb": "click", "label": "Next", "selectors": ["#next"]}
COMMIT = {**CLICK, "commit": True}
GONE = {"verb": "wait_for", "label": "Wait", "selectors": ["#busy"], "gone": True}
GOTO = {"verb": "goto", "label": "Go", "value": "/"}


def steps(*documents) -> list[Step]:
    return TypeAdapter(list[Step]).validate_python(list(documents))


def target(step: Step) -> Target:
    return Target(selectors_of(step))


def planned(*documents) -> list[tuple[str, ...]]:
    foresight = Foresight()
    foresight.plan(steps(*documents), 0, target)
    return [one.selectors for one in foresight.asked]


@pytest.mark.parametrize(
    ("documents", "expected"),
    [
        ((EXPECT, READ, FILL, CLICK), [("#receipt",), ("#number",)]),
        ((EXPECT, COMMIT, READ), []),
        ((EXPECT, GOTO, READ), []),
        ((FILL, READ), []),
        ((GONE, READ), []),
        ((READ,), []),
    ],
)
def test_an_observing_step_asks_along_up_to_the_first_that_touches(documents, expected):
    assert planned(*documents) == expected


def test_what_was_seen_is_used_once_and_forgotten_with_the_first_touch():
    foresight, seen = Foresight(), Match("element", "#receipt", 1, "R-1")
    foresight.plan(steps(EXPECT, READ, FILL), 0, target)
    foresight.keep([seen, None])
    assert foresight.take(Target(("#number",))) is None
    assert foresight.take(Target(("#receipt",))) is seen
    assert foresight.take(Target(("#receipt",))) is None
    foresight.keep([seen, None])
    foresight.forget()
    assert foresight.take(Target(("#receipt",))) is None
    assert not foresight.is_fresh


def test_waiting_until_something_is_gone_may_change_the_page():
    assert [observes(step) for step in steps(EXPECT, READ, GONE, CLICK)] == [True, True, False, False]
