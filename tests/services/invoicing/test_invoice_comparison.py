"""An invoice beside its proforma: sums on the way, lines that differ, other payors, and whose it is."""

from decimal import Decimal

import pytest
from sqlmodel import Session, select

from core.errors import NotFoundError
from models import Carrier, Invoice
from models.enums import LineTreatment, Role
from services.invoicing.invoice_comparison import Comparison, compare_with_proforma
from services.invoicing.invoices import finalize_proformas
from services.review import proforma_edits, proformas, transfers
from services.review.combined_expenses import combine_expenses
from tests.builders import actor, id_of, make_matter, make_user
from tests.services.review.edit_desk import WHOLE, EditDesk, make_edit_desk


@pytest.fixture
def bill(session: Session) -> EditDesk:
    return make_edit_desk(session)


def invoiced(bill: EditDesk) -> list[Invoice]:
    proformas.approve_proforma(
        bill.session, bill.attorney, proforma_id=id_of(bill.proforma), expected_version=bill.proforma.version
    )
    return finalize_proformas(bill.session, bill.biller, proforma_ids=[id_of(bill.proforma)])


def compared(bill: EditDesk, invoice: Invoice) -> Comparison:
    return compare_with_proforma(bill.session, bill.biller, invoice_id=id_of(invoice))


def test_a_bill_that_nobody_changed_is_the_same_all_the_way(bill: EditDesk) -> None:
    (invoice,) = invoiced(bill)
    found = compared(bill, invoice)
    assert found.changed == ()
    assert {found.worked_amount, found.entered_amount, found.billed_amount, found.invoiced_amount} == {WHOLE}
    assert (found.accepted_amount, found.other_payors_amount, len(found.lines)) == (None, Decimal(0), 4)


def test_every_line_that_differs_is_named_with_its_sums(bill: EditDesk) -> None:
    bill.on_line(proforma_edits.write_down, 1, units=Decimal("0.5"), note="Too long")
    bill.on_line(proforma_edits.write_off, 2, note="Courtesy")
    bill.on_bill(combine_expenses, line_ids=bill.ids(3, 4), narrative="Court reporter")
    (invoice,) = invoiced(bill)
    found = compared(bill, invoice)
    assert [
        (row.line.line_number, row.entered_amount, row.billed_amount, row.invoiced_amount) for row in found.changed
    ] == [
        (1, Decimal("427.50"), Decimal("285.00"), Decimal("285.00")),
        (2, Decimal("427.50"), Decimal(0), None),
        (3, Decimal("42.50"), Decimal(0), None),
        (4, Decimal("100.00"), Decimal(0), None),
        (5, Decimal(0), Decimal("142.50"), Decimal("142.50")),
    ]
    assert (found.entered_amount, found.billed_amount) == (WHOLE, Decimal("427.50"))
    assert found.changed[1].line.treatment is LineTreatment.WRITE_OFF


def test_what_went_elsewhere_is_named(bill: EditDesk) -> None:
    target = make_matter(bill.session)
    bill.on_line(transfers.transfer_line, 1, matter_id=id_of(target))
    (invoice,) = invoiced(bill)
    (row,) = compared(bill, invoice).changed
    assert (row.line.transferred_to, row.invoiced_amount) == (target.number, None)


def test_each_payors_invoice_shows_its_share_and_the_others(session: Session, bill: EditDesk) -> None:
    make_matter(session)
    carriers = [id_of(carrier) for carrier in session.exec(select(Carrier)).all()]
    matter = make_matter(session, shares={carriers[0]: "60", carriers[1]: "40"})
    bill.proforma.matter_id, bill.proforma.reviewer_id = id_of(matter), matter.responsible_attorney_id
    bill.attorney = actor(Role.ATTORNEY, user_id=matter.responsible_attorney_id)
    session.flush()
    first, second = invoiced(bill)
    found = compared(bill, first)
    assert (found.invoiced_amount, found.other_payors_amount) == (first.total_amount, second.total_amount)
    assert found.invoiced_amount + found.other_payors_amount == WHOLE
    assert len(found.changed) == 4


def test_it_is_the_attorneys_own(bill: EditDesk) -> None:
    (invoice,) = invoiced(bill)
    stranger = actor(Role.ATTORNEY, user_id=id_of(make_user(bill.session, Role.ATTORNEY)))
    with pytest.raises(NotFoundError):
        compare_with_proforma(bill.session, stranger, invoice_id=id_of(invoice))
    assert compared(bill, invoice).invoiced_amount == WHOLE
