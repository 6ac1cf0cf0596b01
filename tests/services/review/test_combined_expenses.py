"""Combined expenses: one line of their sum; time never; each keeps its own record and is billed with it."""

from decimal import Decimal
from typing import Any

import pytest

from core.errors import DeniedError, InvalidInputError, WrongStateError
from models import Expense
from models.enums import EntryStatus, LineTreatment
from services.invoicing.invoice_queries import get_invoice
from services.invoicing.invoices import finalize_proformas
from services.review import proforma_edits, proformas
from services.review.combined_expenses import combine_expenses, take_apart
from tests.builders import id_of
from tests.builders.proformas import make_expense_line
from tests.services.review.edit_desk import EXPENSES, WHOLE, EditDesk

_TEXT = "Court reporter fees, two depositions"


def combine(bill: EditDesk, *numbers: int, **given: Any) -> None:
    given = {"line_ids": bill.ids(*(numbers or (3, 4))), "narrative": _TEXT, **given}
    bill.on_bill(combine_expenses, **given)


def test_combined_expenses_bill_as_one_line_of_their_sum(bill: EditDesk) -> None:
    combine(bill)
    made = bill.line(5)
    assert (made.billed_amount, made.expense_code, made.billed_narrative) == (EXPENSES, "E115", _TEXT)
    assert {bill.line(number).treatment for number in (3, 4)} == {LineTreatment.COMBINED}
    assert (bill.proforma.billed_amount, bill.proforma.line_count) == (WHOLE, 3)
    lines = proformas.get_proforma(bill.session, bill.attorney, proforma_id=id_of(bill.proforma)).lines
    assert (lines[-1].combined_from, lines[2].combined_into) == ((3, 4), 5)


def test_the_invoice_has_one_line_and_every_expense_is_billed(bill: EditDesk) -> None:
    combine(bill)
    version = bill.proforma.version
    proformas.approve_proforma(bill.session, bill.attorney, proforma_id=id_of(bill.proforma), expected_version=version)
    (invoice,) = finalize_proformas(bill.session, bill.biller, proforma_ids=[id_of(bill.proforma)])
    assert len(get_invoice(bill.session, bill.biller, invoice_id=id_of(invoice)).lines) == 3
    statuses = {bill.session.get_one(Expense, bill.line(number).expense_id).status for number in (3, 4)}
    assert statuses == {EntryStatus.BILLED}


def test_take_apart_and_undo_bring_the_single_lines_back(bill: EditDesk) -> None:
    before = bill.picture()
    combine(bill)
    combined = bill.picture()
    bill.on_bill(take_apart, line_id=id_of(bill.line(5)))
    assert bill.picture() == before
    bill.undo()
    assert [line[:11] for line in bill.picture()] == [line[:11] for line in combined]
    bill.undo(bill.steps()[0])
    assert bill.picture() == before
    with pytest.raises(InvalidInputError, match="does not combine"):
        bill.on_bill(take_apart, line_id=id_of(bill.line(3)))


@pytest.mark.parametrize(
    ("numbers", "given", "sentence"),
    [
        ((3,), {}, "2 to 100 expenses"),
        ((3, 3), {}, "2 to 100 expenses"),
        ((1, 3), {}, "each time entry"),
        ((3, 4), {"narrative": " "}, "needs a narrative"),
        ((3, 5), {}, "different codes"),
    ],
)
def test_combine_refuses_what_does_not_belong_together(
    bill: EditDesk, numbers: tuple[int, ...], given: dict[str, str], sentence: str
) -> None:
    make_expense_line(bill.session, bill.proforma, line_number=5, expense_code="E101")
    before = bill.picture()
    with pytest.raises(InvalidInputError, match=sentence):
        combine(bill, *numbers, **given)
    assert (bill.picture(), bill.steps()) == (before, [])


def test_combined_lines_are_not_edited_one_by_one(bill: EditDesk) -> None:
    combine(bill)
    with pytest.raises(WrongStateError, match="billed with others in one line"):
        bill.on_line(proforma_edits.write_off, 3, note="x")
    with pytest.raises(InvalidInputError, match="take them apart first"):
        bill.on_line(proforma_edits.hold_line, 5)
    with pytest.raises(InvalidInputError, match="take them apart first"):
        bill.on_line(proforma_edits.write_off, 5, note="x")
    bill.on_line(proforma_edits.write_down, 5, amount=Decimal("2.50"), note="Courtesy")
    assert bill.line(5).billed_amount == EXPENSES - Decimal("2.50")
    with pytest.raises(InvalidInputError, match="Line 5 was changed again since"):
        bill.undo(bill.steps()[0])
    assert bill.line(3).treatment is LineTreatment.COMBINED


def test_combine_is_the_attorneys(bill: EditDesk) -> None:
    with pytest.raises(DeniedError):
        combine(bill, who=bill.biller)
    assert bill.steps() == []
