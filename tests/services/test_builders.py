"""The builders make records that fit together."""

from decimal import Decimal

from sqlmodel import Session, select

from models import InvoiceLine, InvoiceRevision, Submission
from tests.builders import make_billable_matter, make_invoice, make_proforma, make_submission


def test_make_invoice_has_revision_and_lines(session: Session) -> None:
    invoice = make_invoice(session, lines=3)
    revision = session.exec(select(InvoiceRevision).where(InvoiceRevision.invoice_id == invoice.id)).one()
    lines = session.exec(select(InvoiceLine).where(InvoiceLine.invoice_revision_id == revision.id)).all()
    assert len(lines) == 3
    assert invoice.total_amount == sum(line.total_amount for line in lines) == Decimal("1282.50")


def test_make_proforma_adds_up(session: Session) -> None:
    proforma = make_proforma(session, lines=2)
    assert proforma.billed_amount == proforma.worked_amount == Decimal("855.00")
    assert proforma.line_count == 2


def test_make_submission_binds_the_current_revision(session: Session) -> None:
    invoice = make_invoice(session)
    submission = make_submission(session, invoice)
    assert session.exec(select(Submission)).one() is submission
    assert make_billable_matter(session).id is not None
