"""No charge and no itemizing: for payors of paper and plain mail alone, and never in a LEDES file."""

from decimal import Decimal

import pytest
from sqlmodel import Session, select

from core.errors import DeniedError, InvalidInputError
from core.settings import get_settings
from models import Carrier, Invoice, InvoiceLine, InvoiceRevision
from models.enums import DeliveryChannel, EditKind, EntryKind
from services.documents.figures import figures_of
from services.documents.invoice_facts import one_invoice
from services.documents.invoice_paper import invoice_paper
from services.invoicing.invoices import finalize_proformas
from services.review import bill_discounts, proforma_edits, proformas
from tests.builders import id_of
from tests.services.review.edit_desk import WHOLE, EditDesk


@pytest.fixture
def by_paper(bill: EditDesk) -> EditDesk:
    carrier = bill.session.exec(select(Carrier)).one()
    carrier.delivery_channel = DeliveryChannel.PAPER
    bill.session.flush()
    return bill


def set_printing(bill: EditDesk, number: int, kind: EditKind, note: str = "Courtesy") -> None:
    bill.on_line(proforma_edits.set_printing, number, kind=kind, note=note)


def invoiced(bill: EditDesk) -> Invoice:
    proformas.approve_proforma(
        bill.session, bill.attorney, proforma_id=id_of(bill.proforma), expected_version=bill.proforma.version
    )
    (invoice,) = finalize_proformas(bill.session, bill.biller, proforma_ids=[id_of(bill.proforma)])
    return invoice


def test_a_line_without_charge_is_on_the_bill_at_nothing(by_paper: EditDesk) -> None:
    set_printing(by_paper, 1, EditKind.NO_CHARGE)
    line = by_paper.line(1)
    assert (line.billed_amount, line.adjustment_amount, line.billed_units) == (
        Decimal(0),
        Decimal("-427.50"),
        Decimal("1.5"),
    )
    assert by_paper.proforma.billed_amount == WHOLE - Decimal("427.50")
    invoice = invoiced(by_paper)
    lines = by_paper.session.exec(select(InvoiceLine).order_by(InvoiceLine.line_number)).all()
    assert (len(lines), lines[0].total_amount, invoice.total_amount) == (4, Decimal(0), WHOLE - Decimal("427.50"))


def test_a_line_that_is_not_itemized_counts(by_paper: EditDesk) -> None:
    set_printing(by_paper, 1, EditKind.NO_PRINT, note="")
    assert by_paper.proforma.billed_amount == WHOLE
    invoice = invoiced(by_paper)
    lines = by_paper.session.exec(select(InvoiceLine).order_by(InvoiceLine.line_number)).all()
    assert [line.is_printed for line in lines] == [False, True, True, True]
    assert (figures_of(lines).total_amount, invoice.total_amount) == (WHOLE, WHOLE)


def test_the_paper_shows_what_is_free_hidden_and_discounted_and_adds_up(by_paper: EditDesk) -> None:
    set_printing(by_paper, 1, EditKind.NO_CHARGE)
    set_printing(by_paper, 4, EditKind.NO_PRINT)
    kind = EntryKind.FEE_DISCOUNT
    by_paper.on_bill(bill_discounts.discount_bill, kind=kind, note="Courtesy discount", amount=Decimal("27.50"))
    invoice = invoiced(by_paper)
    revision = by_paper.session.exec(select(InvoiceRevision).where(InvoiceRevision.invoice_id == invoice.id)).one()
    facts = one_invoice(by_paper.session, id_of(revision))
    paper = invoice_paper(facts, get_settings())
    assert [row["adjusted"] for row in paper["fees"]] == ["No charge", ""]
    assert [(row["narrative"], row["amount"]) for row in paper["expenses"]][-1] == ("Not itemized", "100.00")
    assert ("Courtesy discount", "\N{MINUS SIGN}$27.50") in paper["totals"]
    assert facts.total_amount == invoice.total_amount == Decimal("542.50")


@pytest.mark.parametrize("kind", [EditKind.NO_CHARGE, EditKind.NO_PRINT])
def test_payors_of_ledes_files_get_neither(bill: EditDesk, kind: EditKind) -> None:
    with pytest.raises(InvalidInputError, match="takes LEDES files"):
        set_printing(bill, 1, kind)
    assert bill.proforma.billed_amount == WHOLE


def test_a_mail_with_the_ledes_file_gets_neither(by_paper: EditDesk) -> None:
    carrier = by_paper.session.exec(select(Carrier)).one()
    carrier.delivery_channel, carrier.has_ledes_file = DeliveryChannel.EMAIL, True
    by_paper.session.flush()
    with pytest.raises(InvalidInputError, match="takes LEDES files"):
        set_printing(by_paper, 1, EditKind.NO_CHARGE)
    assert by_paper.steps() == []


def test_a_payor_that_came_to_take_ledes_stops_the_invoice(session: Session, by_paper: EditDesk) -> None:
    set_printing(by_paper, 1, EditKind.NO_PRINT)
    session.exec(select(Carrier)).one().delivery_channel = DeliveryChannel.SITE
    session.flush()
    with pytest.raises(InvalidInputError, match="takes LEDES files"):
        invoiced(by_paper)
    assert session.exec(select(Invoice)).all() == []


def test_restoring_and_undo_bring_the_charge_back(by_paper: EditDesk) -> None:
    set_printing(by_paper, 1, EditKind.NO_CHARGE)
    by_paper.on_line(proforma_edits.restore_line, 1)
    assert by_paper.proforma.billed_amount == WHOLE
    by_paper.undo()
    assert by_paper.line(1).is_free
    by_paper.undo(by_paper.steps()[0])
    assert (by_paper.line(1).billed_amount, by_paper.line(1).is_free) == (Decimal("427.50"), False)


def test_no_charge_wants_a_reason_and_is_the_attorneys(by_paper: EditDesk) -> None:
    with pytest.raises(InvalidInputError, match="needs a reason"):
        set_printing(by_paper, 1, EditKind.NO_CHARGE, note=" ")
    with pytest.raises(DeniedError):
        by_paper.on_line(proforma_edits.set_printing, 1, who=by_paper.biller, kind=EditKind.NO_PRINT)
    assert by_paper.steps() == []
