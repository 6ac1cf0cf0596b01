"""Late time and expenses: released work put on the open proforma, one's own time entered there, an expense recorded."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from sqlmodel import select

from core.errors import DeniedError, InvalidInputError
from models import Expense, TimeEntry, User
from models.enums import EntryKind, EntryStatus, MatterStatus
from services.review.late_work import (
    NewExpense,
    NewTime,
    add_expense,
    add_late_work,
    add_own_time,
    list_late_work,
)
from tests.builders import id_of, make_expense, make_time_entry, make_timekeeper
from tests.services.review.edit_desk import WHOLE, EditDesk

_TIME = NewTime(date(2026, 10, 20), Decimal("0.4"), "Call with the adjuster", "L120", "A106")
_SPENT = NewExpense(date(2026, 10, 21), Decimal(2), Decimal("12.25"), "Copies of the file", "E101")


def late_entry(bill: EditDesk, **given: object) -> TimeEntry:
    who = bill.session.get_one(TimeEntry, bill.line(1).time_entry_id).timekeeper_id
    entry = make_time_entry(bill.session, matter=bill.matter, hours="0.7", **given)
    entry.timekeeper_id = who
    bill.session.flush()
    return entry


def listed(bill: EditDesk) -> list[tuple[EntryKind, int]]:
    found = list_late_work(bill.session, bill.attorney, proforma_id=id_of(bill.proforma))
    return [(one.kind, one.id) for one in found]


def test_released_work_that_is_on_no_bill_is_offered_and_added(bill: EditDesk) -> None:
    entry, spent = late_entry(bill), make_expense(bill.session, matter=bill.matter, unit_cost="8.00")
    late_entry(bill, worked_on=date(2026, 11, 1))
    late_entry(bill, status=EntryStatus.SUBMITTED)
    keys = [(EntryKind.FEE, id_of(entry)), (EntryKind.EXPENSE, id_of(spent))]
    assert listed(bill) == keys
    bill.on_bill(add_late_work, chosen=keys)
    assert (bill.line(5).billed_amount, bill.line(6).billed_amount) == (Decimal("199.50"), Decimal("8.00"))
    assert bill.proforma.billed_amount == bill.proforma.worked_amount == WHOLE + Decimal("207.50")
    assert listed(bill) == []
    bill.undo()
    assert (bill.proforma.billed_amount, listed(bill)) == (WHOLE, keys)


def test_what_cannot_be_billed_is_named(bill: EditDesk) -> None:
    hidden = late_entry(bill, is_confidential=True)
    stranger = make_time_entry(bill.session, matter=bill.matter, timekeeper=make_timekeeper(bill.session))
    for key, sentence in (
        ((EntryKind.FEE, id_of(hidden)), "not to be seen by the carrier"),
        ((EntryKind.FEE, id_of(stranger)), "no rate for the work of October 05, 2026"),
        ((EntryKind.FEE, bill.line(1).time_entry_id), "on a bill meanwhile"),
    ):
        with pytest.raises(InvalidInputError, match=sentence):
            bill.on_bill(add_late_work, chosen=[key])
    with pytest.raises(InvalidInputError, match="Choose what to add"):
        bill.on_bill(add_late_work, chosen=[])
    with pytest.raises(DeniedError):
        bill.on_bill(add_late_work, who=bill.biller, chosen=[(EntryKind.FEE, id_of(hidden))])
    assert (bill.steps(), len(bill.picture())) == ([], 4)


def be_timekeeper(bill: EditDesk) -> None:
    bill.session.get_one(User, bill.proforma.reviewer_id).timekeeper_id = bill.line(1).timekeeper_id
    bill.session.flush()


def test_ones_own_time_is_recorded_and_billed(bill: EditDesk) -> None:
    be_timekeeper(bill)
    bill.on_bill(add_own_time, time=_TIME)
    line, entry = bill.line(5), bill.entry(5)
    assert (line.billed_amount, line.task_code, line.worked_on) == (Decimal("114.00"), "L120", date(2026, 10, 20))
    assert (entry.worked_hours, entry.entered_hours, entry.task_code) == (Decimal("0.4"), Decimal("0.4"), "L120")
    assert entry.status is EntryStatus.RELEASED
    bill.undo()
    assert bill.session.exec(select(TimeEntry).where(TimeEntry.worked_on == date(2026, 10, 20))).all() == []
    bill.undo()
    assert (bill.line(5).billed_amount, bill.entry(5).entered_narrative) == (Decimal("114.00"), _TIME.narrative)


def test_nobody_records_time_for_somebody_else(bill: EditDesk) -> None:
    with pytest.raises(DeniedError, match="Only a timekeeper records time"):
        bill.on_bill(add_own_time, time=_TIME)
    assert len(bill.picture()) == 4


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"hours": Decimal(0)}, "above 0"),
        ({"hours": Decimal("24.1")}, "up to 24"),
        ({"narrative": ""}, "needs a narrative"),
        ({"task_code": "X1"}, "no task code"),
        ({"worked_on": date(2026, 11, 1)}, "the next bill takes later work"),
        ({"worked_on": date(2023, 1, 1)}, "when the matter was opened"),
    ],
)
def test_own_time_refuses_bad_input_and_keeps_nothing(
    bill: EditDesk, changed: dict[str, object], sentence: str
) -> None:
    be_timekeeper(bill)
    entries = len(bill.session.exec(select(TimeEntry)).all())
    with pytest.raises(InvalidInputError, match=sentence):
        bill.on_bill(add_own_time, time=replace(_TIME, **changed))
    assert len(bill.session.exec(select(TimeEntry)).all()) == entries


def test_an_expense_is_recorded_and_billed(bill: EditDesk) -> None:
    bill.on_bill(add_expense, expense=_SPENT)
    line = bill.line(5)
    assert (line.billed_amount, line.expense_code) == (Decimal("24.50"), "E101")
    assert bill.session.get_one(Expense, line.expense_id).expense_code == "E101"
    bill.undo()
    assert bill.proforma.billed_amount == bill.proforma.worked_amount == WHOLE


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"units": Decimal(0)}, "more than nothing"),
        ({"unit_cost": Decimal(-1)}, "more than nothing"),
        ({"expense_code": "L120"}, "no expense code"),
    ],
)
def test_an_expense_refuses_bad_input(bill: EditDesk, changed: dict[str, object], sentence: str) -> None:
    with pytest.raises(InvalidInputError, match=sentence):
        bill.on_bill(add_expense, expense=replace(_SPENT, **changed))
    assert len(bill.picture()) == 4


def test_nothing_is_added_to_a_closed_matter(bill: EditDesk) -> None:
    bill.matter.status = MatterStatus.CLOSED
    bill.session.flush()
    with pytest.raises(InvalidInputError, match="is closed"):
        bill.on_bill(add_expense, expense=_SPENT)
    assert len(bill.picture()) == 4
