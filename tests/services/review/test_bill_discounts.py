"""Discounts: on a line, on all fees or expenses; a percent follows the lines; billed as IF and IE rows."""

from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import Session, select

from core.errors import DeniedError, InvalidInputError
from models import Carrier, InvoiceLine, InvoiceRevision
from models.enums import EntryKind, LineTreatment
from services.invoicing.invoices import finalize_proformas
from services.review import bill_discounts, proforma_edits, proformas
from tests.builders import id_of, make_matter
from tests.services.review.edit_desk import EXPENSES, FEES, WHOLE, EditDesk, make_edit_desk

_FEES, _EXPENSES = EntryKind.FEE_DISCOUNT, EntryKind.EXPENSE_DISCOUNT


def discount(bill: EditDesk, kind: EntryKind = _FEES, note: str = "Courtesy", **given: Any) -> None:
    bill.on_bill(bill_discounts.discount_bill, kind=kind, note=note, **given)


@pytest.mark.parametrize(
    ("kind", "given", "amount"),
    [
        (_FEES, {"percent": Decimal(10)}, "85.50"),
        (_FEES, {"amount": Decimal("55.55")}, "55.55"),
        (_EXPENSES, {"percent": Decimal("33.3333")}, "47.50"),
        (_EXPENSES, {"amount": EXPENSES}, "142.50"),
    ],
)
def test_discount_bill_is_a_line_of_its_own(
    bill: EditDesk, kind: EntryKind, given: dict[str, Any], amount: str
) -> None:
    discount(bill, kind, **given)
    line = bill.line(5)
    assert (line.kind, line.billed_amount, line.adjustment_amount) == (kind, -Decimal(amount), -Decimal(amount))
    assert (line.billed_units, line.unit_cost, line.worked_on) == (Decimal(1), Decimal(0), bill.proforma.period_end)
    assert line.billed_narrative.startswith("Courtesy")
    assert bill.proforma.billed_amount == WHOLE - Decimal(amount)
    assert bill.proforma.worked_amount == WHOLE


def test_a_percent_follows_every_change_and_an_amount_does_not(bill: EditDesk) -> None:
    discount(bill, percent=Decimal(10))
    bill.on_line(proforma_edits.write_off, 2, note="Courtesy")
    assert bill.line(5).billed_amount == Decimal("-42.75")
    assert bill.proforma.billed_amount == Decimal("427.50") - Decimal("42.75") + EXPENSES
    discount(bill, amount=Decimal(20))
    bill.on_line(proforma_edits.restore_line, 2)
    assert bill.line(5).billed_amount == Decimal("-20.00")
    assert [line[0] for line in bill.picture()] == [1, 2, 3, 4, 5]


def test_discount_ends(bill: EditDesk) -> None:
    discount(bill, percent=Decimal(10))
    bill.on_bill(bill_discounts.end_bill_discount, kind=_FEES)
    assert (bill.proforma.billed_amount, len(bill.picture())) == (WHOLE, 4)
    with pytest.raises(InvalidInputError, match="no such discount"):
        bill.on_bill(bill_discounts.end_bill_discount, kind=_FEES)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({}, "in percent or in dollars"),
        ({"percent": Decimal(1), "amount": Decimal(1)}, "in percent or in dollars"),
        ({"percent": Decimal(0)}, "more than 0"),
        ({"percent": Decimal("100.1")}, "at most 100"),
        ({"amount": Decimal(-5)}, "more than nothing"),
        ({"amount": Decimal("1.005")}, "dollars and cents"),
        ({"amount": FEES + 1}, "is more than the"),
        ({"percent": Decimal(5), "note": " "}, "needs a reason"),
        ({"percent": Decimal(5), "kind": EntryKind.FEE}, "on fees or on expenses"),
    ],
)
def test_discount_refuses_bad_input_and_leaves_nothing_behind(
    bill: EditDesk, given: dict[str, Any], sentence: str
) -> None:
    before = bill.picture()
    with pytest.raises(InvalidInputError, match=sentence):
        discount(bill, **given)
    assert (bill.picture(), bill.proforma.version, bill.steps()) == (before, 1, [])


def test_a_write_off_that_leaves_less_than_the_discount_is_refused(bill: EditDesk) -> None:
    discount(bill, amount=Decimal(500))
    with pytest.raises(InvalidInputError, match=r"more than the \$427.50 of fees that are left"):
        bill.on_line(proforma_edits.write_off, 1, note="Courtesy")
    assert bill.line(1).treatment is LineTreatment.BILL


def test_discount_is_the_attorneys(bill: EditDesk) -> None:
    with pytest.raises(DeniedError):
        bill.on_bill(bill_discounts.discount_bill, who=bill.biller, kind=_FEES, note="x", percent=Decimal(5))
    assert bill.proforma.billed_amount == WHOLE


def test_the_discounts_own_line_is_not_edited_as_others_are(bill: EditDesk) -> None:
    discount(bill, percent=Decimal(10))
    with pytest.raises(InvalidInputError, match="given anew or taken away"):
        bill.on_line(proforma_edits.write_off, 5, note="x")
    assert bill.line(5).treatment is LineTreatment.BILL


@pytest.mark.parametrize(
    ("given", "amount"),
    [({"percent": Decimal(10)}, "384.75"), ({"amount": Decimal("27.50")}, "400.00"), ({}, "427.50")],
)
def test_discount_on_a_line_follows_its_hours(bill: EditDesk, given: dict[str, Any], amount: str) -> None:
    bill.on_line(proforma_edits.discount_line, 1, percent=Decimal(50))
    bill.on_line(proforma_edits.discount_line, 1, **given)
    assert bill.line(1).billed_amount == Decimal(amount)
    bill.on_line(proforma_edits.write_down, 1, units=Decimal(1), note="Too long")
    expected = {"384.75": "128.25", "400.00": "115.00", "427.50": "142.50"}[amount]
    assert bill.line(1).billed_amount == Decimal(expected)


@pytest.mark.parametrize(
    "file_format",
    [
        {},
        {"adjustment_amount_in": "unit_cost"},
        {"dialect": "LEDES98BI V2", "constants": {"CLIENT_TAX_ID": "12-3456789", "CLIENT_NAME": "Carrier"}},
    ],
)
def test_the_invoice_carries_the_discounts_in_every_format(session: Session, file_format: dict[str, Any]) -> None:
    bill = make_edit_desk(session, file_format=file_format)
    discount(bill, percent=Decimal(10))
    discount(bill, _EXPENSES, amount=Decimal("2.50"))
    proformas.approve_proforma(
        session, bill.attorney, proforma_id=id_of(bill.proforma), expected_version=bill.proforma.version
    )
    (invoice,) = finalize_proformas(session, bill.biller, proforma_ids=[id_of(bill.proforma)])
    lines = session.exec(select(InvoiceLine).order_by(InvoiceLine.line_number)).all()
    assert [(line.kind, line.total_amount) for line in lines[-2:]] == [
        (_FEES, Decimal("-85.50")),
        (_EXPENSES, Decimal("-2.50")),
    ]
    assert invoice.total_amount == WHOLE - Decimal("88.00") == sum(line.total_amount for line in lines)
    content = session.exec(select(InvoiceRevision)).one().file_content
    assert b"Courtesy" in content


def test_each_payor_carries_its_share_of_the_discount(session: Session) -> None:
    bill = make_edit_desk(session)
    other = make_matter(session)
    carriers = [id_of(carrier) for carrier in session.exec(select(Carrier)).all()]
    matter = make_matter(session, shares={carriers[0]: "60", carriers[1]: "40"})
    bill.proforma.matter_id, bill.proforma.reviewer_id = id_of(matter), matter.responsible_attorney_id
    bill.attorney = bill.attorney.__class__(matter.responsible_attorney_id, "A", bill.attorney.roles)
    session.flush()
    assert other.id is not None
    discount(bill, percent=Decimal("7.7"))
    proformas.approve_proforma(
        session, bill.attorney, proforma_id=id_of(bill.proforma), expected_version=bill.proforma.version
    )
    invoices = finalize_proformas(session, bill.biller, proforma_ids=[id_of(bill.proforma)])
    assert sum(invoice.total_amount for invoice in invoices) == bill.proforma.billed_amount
    assert len(invoices) == 2
