"""Transfers: a whole entry at once, a part of an expense by its amount, a part of time once its timekeeper attests."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import Session, select

from core.errors import DeniedError, InvalidInputError, WrongStateError
from models import Expense, Matter, ProformaLine, SplitPart, TimeEntry
from models.enums import EntryKind, EntryStatus, LineTreatment, MatterStatus
from services.billing.work_in_progress import on_live_proformas
from services.invoicing.invoices import finalize_proformas
from services.review import proforma_edits, proformas, splits, transfers
from services.review.splits import PartGiven
from tests.builders import id_of, make_matter, make_proforma, make_timekeeper
from tests.services.review.edit_desk import WHOLE, EditDesk


@pytest.fixture
def target(bill: EditDesk) -> Matter:
    return make_matter(bill.session)


def test_transfer_moves_the_entry_to_the_other_matter_at_once(bill: EditDesk, target: Matter) -> None:
    bill.on_line(transfers.transfer_line, 1, matter_id=id_of(target), note="Wrong matter")
    line, entry = bill.line(1), bill.entry(1)
    assert (line.treatment, line.transfer_matter_id) == (LineTreatment.TRANSFER, target.id)
    assert (entry.matter_id, entry.status, entry.entered_hours) == (target.id, EntryStatus.RELEASED, Decimal("1.5"))
    assert bill.proforma.billed_amount == bill.proforma.worked_amount == WHOLE - Decimal("427.50")
    assert bill.proforma.line_count == 3
    assert on_live_proformas(bill.session, None).keys() & {(EntryKind.FEE, entry.id)} == set()
    detail = proformas.get_proforma(bill.session, bill.attorney, proforma_id=id_of(bill.proforma))
    assert detail.lines[0].transferred_to == target.number


def test_an_expense_goes_too(bill: EditDesk, target: Matter) -> None:
    bill.on_line(transfers.transfer_line, 3, matter_id=id_of(target))
    assert bill.session.get_one(Expense, bill.line(3).expense_id).matter_id == target.id
    assert bill.proforma.worked_amount == WHOLE - Decimal("42.50")


def test_the_invoice_is_made_without_what_went(bill: EditDesk, target: Matter) -> None:
    bill.on_line(transfers.transfer_line, 1, matter_id=id_of(target))
    version = bill.proforma.version
    proformas.approve_proforma(bill.session, bill.attorney, proforma_id=id_of(bill.proforma), expected_version=version)
    (invoice,) = finalize_proformas(bill.session, bill.biller, proforma_ids=[id_of(bill.proforma)])
    assert invoice.total_amount == WHOLE - Decimal("427.50")
    assert (bill.entry(1).status, bill.entry(2).status) == (EntryStatus.RELEASED, EntryStatus.BILLED)


def test_transfer_asks_for_a_matter_that_can_take_the_work(bill: EditDesk, target: Matter) -> None:
    closed = make_matter(bill.session, status=MatterStatus.CLOSED)
    younger = make_matter(bill.session)
    younger.opened_on = bill.proforma.period_end
    bill.session.flush()
    before = bill.picture()
    for matter, sentence in (
        (closed, "is closed"),
        (bill.matter, "on this matter already"),
        (younger, "was opened on"),
    ):
        with pytest.raises(InvalidInputError, match=sentence):
            bill.on_line(transfers.transfer_line, 1, matter_id=id_of(matter))
    with pytest.raises(DeniedError):
        bill.on_line(transfers.transfer_line, 1, who=bill.biller, matter_id=id_of(target))
    assert (bill.picture(), bill.entry(1).matter_id) == (before, bill.matter.id)


def test_what_went_is_not_changed_here_any_more(bill: EditDesk, target: Matter) -> None:
    bill.on_line(transfers.transfer_line, 1, matter_id=id_of(target))
    for verb, given in (
        (proforma_edits.write_off, {"note": "x"}),
        (proforma_edits.restore_line, {}),
        (transfers.transfer_line, {"matter_id": id_of(target)}),
    ):
        with pytest.raises(WrongStateError, match="went to another matter"):
            bill.on_line(verb, 1, **given)
    assert bill.line(1).treatment is LineTreatment.TRANSFER


def test_undo_brings_it_back_unless_a_bill_there_holds_it(bill: EditDesk, target: Matter) -> None:
    before = bill.picture()
    bill.on_line(transfers.transfer_line, 1, matter_id=id_of(target))
    bill.undo()
    assert (bill.picture(), bill.entry(1).matter_id) == (before, bill.matter.id)
    assert bill.proforma.worked_amount == WHOLE
    bill.undo()
    assert bill.entry(1).matter_id == target.id
    other = make_proforma(bill.session, matter=target, timekeeper=make_timekeeper(bill.session), lines=1)
    line = bill.session.exec(select(ProformaLine).where(ProformaLine.proforma_id == other.id)).one()
    line.time_entry_id = bill.line(1).time_entry_id
    bill.session.flush()
    with pytest.raises(WrongStateError, match="on a bill there"):
        bill.undo(bill.steps()[0])
    assert bill.entry(1).matter_id == target.id


def test_a_part_of_an_expense_goes_by_its_amount(bill: EditDesk, target: Matter) -> None:
    bill.on_line(transfers.transfer_part_of_expense, 4, matter_id=id_of(target), amount=Decimal("40.01"))
    whole, part = bill.line(4), bill.line(5)
    made = bill.session.exec(select(Expense).where(Expense.matter_id == target.id)).one()
    assert whole.treatment is LineTreatment.SPLIT
    assert (part.billed_amount, part.expense_id, part.split_from_id) == (Decimal("59.99"), whole.expense_id, whole.id)
    assert (made.units * made.unit_cost, made.status, made.transferred_from_id) == (
        Decimal("40.01"),
        EntryStatus.RELEASED,
        whole.expense_id,
    )
    assert bill.proforma.billed_amount == bill.proforma.worked_amount == WHOLE - Decimal("40.01")
    with pytest.raises(WrongStateError, match="undo the transfer first"):
        bill.on_line(proforma_edits.restore_line, 4)
    bill.undo()
    assert bill.session.exec(select(Expense).where(Expense.matter_id == target.id)).all() == []
    assert bill.proforma.billed_amount == WHOLE
    bill.undo()
    assert bill.session.exec(select(Expense).where(Expense.matter_id == target.id)).one().unit_cost == Decimal("40.01")


@pytest.mark.parametrize(
    ("number", "amount", "sentence"),
    [
        (4, "100.00", "transfer the whole line"),
        (4, "0", "more than nothing"),
        (1, "5", "its timekeeper says the hours"),
    ],
)
def test_a_part_is_less_than_the_whole_and_of_an_expense(
    bill: EditDesk, target: Matter, number: int, amount: str, sentence: str
) -> None:
    before = bill.picture()
    with pytest.raises(InvalidInputError, match=sentence):
        bill.on_line(transfers.transfer_part_of_expense, number, matter_id=id_of(target), amount=Decimal(amount))
    assert bill.picture() == before


def propose(bill: EditDesk, target: Matter, **given: Any) -> int:
    texts = {"stays": "Draft the motion", "goes": "Call with the adjuster of the other claim", **given}
    return id_of(bill.on_line(transfers.propose_transfer_of_time, 1, matter_id=id_of(target), **texts))


def attest(bill: EditDesk, proposal_id: int, *hours: str) -> None:
    parts = bill.session.exec(select(SplitPart).where(SplitPart.split_proposal_id == proposal_id)).all()
    given = [PartGiven(part.narrative, Decimal(one)) for part, one in zip(parts, hours, strict=True)]
    splits.attest_split(bill.session, bill.timekeeper, proposal_id=proposal_id, expected_version=1, parts=given)


def test_a_part_of_time_goes_once_its_timekeeper_gives_the_hours(bill: EditDesk, target: Matter) -> None:
    proposal_id = propose(bill, target)
    assert bill.proforma.billed_amount == WHOLE
    attest(bill, proposal_id, "1.0", "0.5")
    made = bill.session.exec(select(TimeEntry).where(TimeEntry.matter_id == target.id)).one()
    here, entry = bill.line(5), bill.entry(1)
    assert (made.entered_hours, made.worked_hours, made.transferred_from_id) == (
        Decimal("0.5"),
        Decimal("0.5"),
        entry.id,
    )
    assert (here.billed_units, here.split_from_id) == (Decimal(1), bill.line(1).id)
    assert (entry.worked_hours, entry.entered_hours) == (Decimal("1.5"), Decimal(1))
    assert bill.proforma.billed_amount == bill.proforma.worked_amount == WHOLE - Decimal("142.50")
    with pytest.raises(WrongStateError, match="undo the transfer first"):
        bill.on_line(proforma_edits.restore_line, 1)


def test_undo_of_a_part_of_time_takes_the_new_entry_away_and_redo_makes_it_again(
    bill: EditDesk, target: Matter
) -> None:
    before = bill.picture()
    attest(bill, propose(bill, target), "1.0", "0.5")
    after = bill.picture()
    bill.undo()
    assert bill.picture() == before
    assert bill.session.exec(select(TimeEntry).where(TimeEntry.matter_id == target.id)).all() == []
    assert bill.entry(1).entered_hours == Decimal("1.5")
    bill.undo()
    assert bill.picture() == after
    assert bill.session.exec(select(TimeEntry).where(TimeEntry.matter_id == target.id)).one().worked_hours == Decimal(
        "0.5"
    )


@pytest.mark.parametrize("given", [{"stays": " "}, {"goes": ""}])
def test_both_parts_need_their_text(bill: EditDesk, target: Matter, given: dict[str, str]) -> None:
    with pytest.raises(InvalidInputError, match="needs a narrative"):
        propose(bill, target, **given)
    assert bill.session.exec(select(SplitPart)).all() == []


def test_targets_are_open_matters_by_number_or_name(session: Session, bill: EditDesk, target: Matter) -> None:
    make_matter(session, status=MatterStatus.CLOSED)
    found = transfers.list_targets(session, bill.attorney, proforma_id=id_of(bill.proforma), search=target.name[:12])
    assert target.number in [one.number for one in found]
    assert bill.matter.number not in [one.number for one in found]
    by_number = transfers.list_targets(session, bill.attorney, proforma_id=id_of(bill.proforma), search=target.number)
    assert [one.id for one in by_number] == [target.id]
    assert transfers.list_targets(session, bill.attorney, proforma_id=id_of(bill.proforma), search="100%_") == []


def test_many_lines_go_as_one_step_and_come_back_with_one_undo(bill: EditDesk) -> None:
    before, target = bill.picture(), make_matter(bill.session)
    bill.on_bill(transfers.transfer_lines, line_ids=bill.ids(1, 2, 3), matter_id=id_of(target))
    assert {bill.line(number).treatment for number in (1, 2, 3)} == {LineTreatment.TRANSFER}
    assert (bill.entry(1).matter_id, bill.entry(2).matter_id) == (target.id, target.id)
    assert (bill.proforma.billed_amount, len(bill.steps())) == (Decimal("100.00"), 1)
    bill.undo()
    assert (bill.picture(), bill.proforma.billed_amount, bill.entry(2).matter_id) == (before, WHOLE, bill.matter.id)


def test_of_many_lines_all_go_or_none(bill: EditDesk) -> None:
    target = make_matter(bill.session)
    target.opened_on = bill.line(2).worked_on
    bill.line(1).worked_on = bill.line(2).worked_on - timedelta(days=1)
    bill.session.flush()
    before = bill.picture()
    with pytest.raises(InvalidInputError, match=r"Line 1: .* None of the chosen lines was changed"):
        bill.on_bill(transfers.transfer_lines, line_ids=bill.ids(2, 1), matter_id=id_of(target))
    with pytest.raises(InvalidInputError, match="Choose 1 to"):
        bill.on_bill(transfers.transfer_lines, line_ids=[], matter_id=id_of(target))
    with pytest.raises(DeniedError):
        bill.on_bill(transfers.transfer_lines, who=bill.biller, line_ids=bill.ids(1), matter_id=id_of(target))
    assert (bill.picture(), bill.steps()) == (before, [])
