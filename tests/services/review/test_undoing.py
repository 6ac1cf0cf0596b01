"""Taking steps back, in any order, until the invoice is made; and many lines changed as one step."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from core.db import Database
from core.errors import DeniedError, InvalidInputError, StaleVersionError, WrongStateError
from models.enums import EditKind, EntryKind, LineTreatment, ProformaStatus
from services.review import bill_discounts, proforma_edits, proformas, splits
from services.review.combined_expenses import combine_expenses
from services.review.proforma_edits import Cut, change_lines
from services.review.splits import PartGiven
from services.review.undoing import undo_edit
from tests.builders import id_of
from tests.services.review.edit_desk import WHOLE, EditDesk, make_edit_desk


def test_a_step_says_what_it_did_before_and_after(bill: EditDesk) -> None:
    bill.on_line(proforma_edits.write_down, 1, units=Decimal("0.5"), note="Too long")
    (step,) = proformas.get_proforma(bill.session, bill.attorney, proforma_id=id_of(bill.proforma)).steps
    assert (step.kind, step.note, step.amount_before, step.amount_after) == (
        EditKind.WRITE_DOWN,
        "Too long",
        WHOLE,
        WHOLE - Decimal("142.50"),
    )
    (line,) = step.lines
    assert (line.before or {})["billed_units"] == "1.5"
    assert (line.after or {})["billed_units"] == "1"
    assert not step.is_undone


def test_undo_and_redo(bill: EditDesk) -> None:
    before = bill.picture()
    bill.on_line(proforma_edits.write_off, 1, note="Courtesy")
    after = bill.picture()
    bill.undo()
    assert (bill.picture(), bill.proforma.billed_amount) == (before, WHOLE)
    bill.undo()
    assert bill.picture() == after
    assert [step.undone_at is None for step in bill.steps()] == [True, False, True]


def test_independent_steps_are_taken_back_in_any_order(bill: EditDesk) -> None:
    before = bill.picture()
    bill.on_line(proforma_edits.write_down, 1, units=Decimal("0.5"), note="Too long")
    bill.on_line(proforma_edits.edit_line, 1, task_code="L250")
    bill.on_line(proforma_edits.write_off, 3, note="Ours")
    first, second, third = bill.steps()
    for step in (first, third, second):
        bill.undo(step)
    assert [line[:14] for line in bill.picture()] == [line[:14] for line in before]


def test_a_later_step_on_the_same_value_stands_in_the_way(bill: EditDesk) -> None:
    bill.on_line(proforma_edits.write_down, 1, units=Decimal("0.5"), note="Too long")
    bill.on_line(proforma_edits.write_down, 1, units=Decimal("0.2"), note="Still too long")
    first, second = bill.steps()
    with pytest.raises(InvalidInputError, match="Line 1 was changed again since"):
        bill.undo(first)
    bill.undo(second)
    bill.undo(first)
    assert bill.line(1).billed_units == Decimal("1.5")


def test_a_step_is_taken_back_once_and_in_the_version_seen(bill: EditDesk) -> None:
    bill.on_line(proforma_edits.hold_line, 1)
    (step,) = bill.steps()
    bill.undo(step)
    with pytest.raises(WrongStateError, match="taken back already"):
        bill.undo(step)
    with pytest.raises(StaleVersionError):
        undo_edit(bill.session, bill.attorney, edit_id=id_of(step), expected_version=1)
    assert bill.line(1).treatment is LineTreatment.BILL


def test_billing_takes_codes_back_and_nothing_else(bill: EditDesk) -> None:
    bill.on_line(proforma_edits.edit_line, 1, who=bill.biller, task_code="L250")
    bill.on_line(proforma_edits.write_off, 2, note="Courtesy")
    codes, money = bill.steps()
    bill.undo(codes, who=bill.biller)
    with pytest.raises(DeniedError):
        bill.undo(money, who=bill.biller)
    assert (bill.line(1).task_code, bill.line(2).treatment) == ("L240", LineTreatment.WRITE_OFF)


def test_nothing_is_taken_back_once_approved(bill: EditDesk) -> None:
    bill.on_line(proforma_edits.write_off, 2, note="Courtesy")
    proformas.approve_proforma(
        bill.session, bill.attorney, proforma_id=id_of(bill.proforma), expected_version=bill.proforma.version
    )
    with pytest.raises(WrongStateError, match="reopen it first"):
        bill.undo()
    assert bill.proforma.status is ProformaStatus.APPROVED


def test_a_split_is_taken_back_and_made_again_whole(bill: EditDesk) -> None:
    before = bill.picture()
    proposal = bill.on_line(splits.propose_split, 1, parts=("Draft the motion", "Call with the adjuster"))
    parts = [PartGiven("Draft the motion", Decimal("0.8")), PartGiven("Call with the adjuster", Decimal("0.5"))]
    splits.attest_split(bill.session, bill.timekeeper, proposal_id=id_of(proposal), expected_version=1, parts=parts)
    after = bill.picture()
    bill.on_line(proforma_edits.restore_line, 1)
    assert [line[:14] for line in bill.picture()] == [line[:14] for line in before]
    bill.undo()
    assert bill.picture() == after
    lines = proformas.get_proforma(bill.session, bill.attorney, proforma_id=id_of(bill.proforma)).lines
    assert lines[1].entered_narrative == "Draft the motion"
    bill.undo(bill.steps()[0])
    assert bill.picture() == before


@pytest.mark.parametrize(
    ("kind", "given", "amount"),
    [
        (EditKind.WRITE_OFF, {"note": "Courtesy"}, "142.50"),
        (EditKind.HOLD, {}, "142.50"),
        (EditKind.WRITE_DOWN, {"note": "Courtesy", "cut": Cut(units=Decimal("0.5"))}, "712.50"),
        (EditKind.WRITE_DOWN, {"note": "Courtesy", "cut": Cut(amount=Decimal("27.50"))}, "942.50"),
        (EditKind.LINE_DISCOUNT, {"cut": Cut(percent=Decimal(10))}, "912.00"),
        (EditKind.LINE, {"codes": {"task_code": "L250"}}, "997.50"),
    ],
)
def test_many_lines_change_as_one_step(bill: EditDesk, kind: EditKind, given: dict[str, Any], amount: str) -> None:
    before = bill.picture()
    bill.on_bill(change_lines, line_ids=bill.ids(1, 2), kind=kind, **given)
    assert (bill.proforma.billed_amount, bill.proforma.version, len(bill.steps())) == (Decimal(amount), 2, 1)
    bill.undo()
    assert [line[:14] for line in bill.picture()] == [line[:14] for line in before]


@pytest.mark.parametrize(
    ("numbers", "kind", "given", "sentence"),
    [
        ((), EditKind.HOLD, {}, "1 to 500 lines"),
        ((1, 2), EditKind.WRITE_OFF, {}, "needs a reason"),
        ((1, 3), EditKind.LINE, {"codes": {"task_code": "L250"}}, "Line 3: A task code does not belong"),
        ((1,), EditKind.LINE, {}, "Give a code"),
        ((1,), EditKind.FIX, {}, "cannot be done to many"),
        ((1, 3), EditKind.WRITE_DOWN, {"note": "x", "cut": Cut(units=Decimal(1))}, "Line 3: A line without units"),
        ((1, 3), EditKind.WRITE_DOWN, {"note": "x", "cut": Cut(amount=Decimal(50))}, "Nothing would be left"),
    ],
)
def test_many_lines_change_all_or_none(
    bill: EditDesk, numbers: tuple[int, ...], kind: EditKind, given: dict[str, Any], sentence: str
) -> None:
    before = bill.picture()
    with pytest.raises(InvalidInputError, match=sentence):
        bill.on_bill(change_lines, line_ids=bill.ids(*numbers), kind=kind, **given)
    assert (bill.picture(), bill.steps(), bill.proforma.version) == (before, [], 1)


def test_billing_sets_codes_of_many_and_no_more(bill: EditDesk) -> None:
    bill.on_bill(
        change_lines, who=bill.biller, line_ids=bill.ids(1, 2), kind=EditKind.LINE, codes={"task_code": "L250"}
    )
    with pytest.raises(DeniedError):
        bill.on_bill(change_lines, who=bill.biller, line_ids=bill.ids(1), kind=EditKind.HOLD)
    assert (bill.line(2).task_code, bill.line(1).treatment) == ("L250", LineTreatment.BILL)


@dataclass(frozen=True)
class Step:
    """One edit to try."""

    name: str
    do: Callable[[EditDesk], Any]


_STEPS = [
    Step("write down hours", lambda b: b.on_line(proforma_edits.write_down, 1, units=Decimal("0.3"), note="x")),
    Step("write down dollars", lambda b: b.on_line(proforma_edits.write_down, 2, amount=Decimal("9.99"), note="x")),
    Step("write off", lambda b: b.on_line(proforma_edits.write_off, 2, note="x")),
    Step("hold", lambda b: b.on_line(proforma_edits.hold_line, 3)),
    Step("restore", lambda b: b.on_line(proforma_edits.restore_line, 1)),
    Step("rate", lambda b: b.on_line(proforma_edits.edit_line, 1, unit_cost=Decimal("250.25"))),
    Step("code", lambda b: b.on_line(proforma_edits.edit_line, 2, task_code="L250")),
    Step("line discount", lambda b: b.on_line(proforma_edits.discount_line, 1, percent=Decimal("12.5"))),
    Step(
        "bill discount",
        lambda b: b.on_bill(
            bill_discounts.discount_bill, kind=EntryKind.FEE_DISCOUNT, note="Courtesy", percent=Decimal(5)
        ),
    ),
    Step(
        "combine",
        lambda b: b.on_bill(combine_expenses, line_ids=b.ids(3, 4), narrative="Fees of the reporter"),
    ),
]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(chosen=st.lists(st.sampled_from(_STEPS), min_size=1, max_size=7), data=st.data())
def test_whatever_was_done_can_be_taken_back_to_the_first_picture(
    database: Database, chosen: list[Step], data: st.DataObject
) -> None:
    with database.unit_of_work() as session:
        bill = make_edit_desk(session)
        before = bill.picture()
        for step in chosen:
            _try(lambda step=step: step.do(bill))  # type: ignore[misc]
        _check_sums(bill)
        while left := [step for step in bill.steps() if step.undone_at is None and step.kind is not EditKind.UNDO]:
            order = data.draw(st.permutations(range(len(left))))
            assert any(_try(lambda place=place: bill.undo(left[place])) for place in order)  # type: ignore[misc]
            _check_sums(bill)
        assert [line[:14] for line in bill.picture()] == [line[:14] for line in before]
        session.rollback()


def _try(do: Callable[[], Any]) -> bool:
    try:
        do()
    except (InvalidInputError, WrongStateError):
        return False
    return True


def _check_sums(bill: EditDesk) -> None:
    lines = bill.picture()
    billed = sum((line[10] for line in lines if line[2] is LineTreatment.BILL), start=Decimal(0))
    assert bill.proforma.billed_amount == billed
    assert billed <= WHOLE


def test_a_draft_is_edited_too(session: Session) -> None:
    bill = make_edit_desk(session, status=ProformaStatus.DRAFT)
    bill.on_line(proforma_edits.hold_line, 1)
    assert bill.proforma.billed_amount == WHOLE - Decimal("427.50")
