"""Fixes of every rule: a fixed line breaks the rule no more, and never bills more than before."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guidelines.bill import ApprovedBudget
from guidelines.catalog import catalog
from guidelines.engine import RuleBook
from guidelines.fixes import CutAmount, CutRate, CutUnits, SetCode, Split, WriteOff
from guidelines.remedies import amount_left, cut_amount, cut_rate, cut_units, remedied
from guidelines.rules import parse_rules
from tests.guidelines.builders import WORKED, make_bill, make_cost, make_line, make_past

KINDS = [entry.kind for entry in catalog()]
BOOKS = {
    (kind, action): RuleBook(parse_rules([{"kind": kind, "action": action}]))
    for kind in KINDS
    for action in ("warn", "reduce")
}
NARRATIVES = [
    "Draft first set of interrogatories to plaintiff",
    "Travel to Peoria",
    "Attend deposition of Dr. Ruiz",
    "Schedule mediation",
    "Get up to speed on file",
    "Confer with associate regarding venue",
    "Research comparative fault",
    "Summarize deposition of plaintiff",
    "Draft answer to complaint; telephone call with adjuster regarding reserves",
    "File",
]
MONEY = st.decimals("0.05", "900", places=4)
HISTORY = [make_past(units=Decimal(7)), make_past(source="time:2", matter="2024-00017", narrative=NARRATIVES[2])]


@st.composite
def lines(draw):
    key = draw(st.uuids())
    if draw(st.integers(0, 3)) == 0:
        code = draw(st.sampled_from(["", "E101", "E110", "E112", "E119"]))
        units, cost = draw(st.decimals("1", "400", places=2)), draw(MONEY)
        return make_cost(key=str(key), expense_code=code, units=units, unit_cost=cost)
    return make_line(
        key=str(key),
        worked_on=draw(st.sampled_from([WORKED, date(2026, 1, 5)])),
        timekeeper_id=draw(st.sampled_from(["TK012", "TK013", "TK014"])),
        classification=draw(st.sampled_from(["PT", "AS", "LA", ""])),
        units=draw(st.decimals("0.01", "20", places=2)),
        unit_cost=draw(MONEY),
        approved_rate=draw(st.none() | MONEY),
        previous_rate=draw(st.none() | MONEY),
        task_code=draw(st.sampled_from(["L310", "L140", ""])),
        activity_code=draw(st.sampled_from(["A102", "A103", "A105", "A109", "A110", ""])),
        narrative=draw(st.sampled_from(NARRATIVES)),
    )


WHOLE = ApprovedBudget(code="", amount=Decimal(1500), billed_before=Decimal(600))
BILL = make_bill(budgets=(WHOLE, ApprovedBudget(code="L300", amount=Decimal(700))))


@pytest.mark.parametrize("action", ["warn", "reduce"])
@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=8, deadline=None)
@given(billed=st.lists(lines(), min_size=1, max_size=6))
def test_fixing_every_finding_leaves_none_with_a_fix_and_never_bills_more(kind, action, billed):
    book = BOOKS[kind, action]
    for _ in range(4 * len(billed)):
        broken = [one for one in book.check(billed, bill=BILL, history=HISTORY) if one.fix is not None]
        if not broken:
            break
        before = sum(line.amount for line in billed)
        billed = fixed(billed, broken[0])
        assert sum(line.amount for line in billed) <= before
    assert not broken


def fixed(billed, finding):
    """Apply one finding's fix; the parts of a split wait for their hours."""
    (line,) = [one for one in billed if one.key == finding.line_key]
    after = remedied(line, finding.fix)
    assert amount_left(line, finding.fix) <= line.amount
    assert all(one.units <= line.units and one.unit_cost <= line.unit_cost for one in after)
    assert all((one.worked_on, one.timekeeper_id) == (line.worked_on, line.timekeeper_id) for one in after)
    if isinstance(finding.fix, Split):
        after = tuple(replace(one, key=f"{line.key}.{part}") for part, one in enumerate(after))
    return [kept for one in billed for kept in (after if one is line else [one])]


@pytest.mark.parametrize(
    ("fix", "amounts"),
    [
        (CutRate(Decimal(200)), ["300.00"]),
        (CutUnits(Decimal(1)), ["285.00"]),
        (CutAmount(Decimal("100.01")), ["100.01"]),
        (WriteOff(), []),
        (SetCode("task_code", "L120", "It is an analysis."), ["427.50"]),
        (Split(("Draft answer", "Call adjuster")), ["0.00", "0.00"]),
    ],
)
def test_remedied_shows_what_stands_in_place_of_a_line(fix, amounts):
    line = make_line(units=Decimal("1.5"))
    after = remedied(line, fix)
    assert [one.amount for one in after] == [Decimal(amount) for amount in amounts]
    assert amount_left(line, fix) == (line.amount if isinstance(fix, Split) else sum(map(Decimal, amounts)))


@pytest.mark.parametrize("field", ["task_code", "activity_code", "expense_code"])
def test_remedied_moves_one_code(field):
    (line,) = remedied(make_line(), SetCode(field, "X100", "Because."))
    assert line == replace(make_line(), **{field: "X100"})


def test_cuts_are_proposed_only_downwards():
    line = make_line()
    assert cut_units(line, Decimal(1)) is cut_rate(line, Decimal(285)) is cut_amount(line, Decimal(285)) is None
    assert cut_units(line, Decimal(0)) == cut_rate(line, Decimal(0)) == cut_amount(line, Decimal(0)) == WriteOff()
    assert cut_units(line, Decimal(-1)) == WriteOff()
