"""Billing works in portions of matters and proformas; where one ends and the next begins nothing is lost or doubled."""

import pytest
from sqlmodel import Session, select

from core.money import total
from models import Invoice, InvoiceLine, InvoiceRevision, Proforma, ProformaLine
from models.enums import ProformaStatus
from services.billing import billing_runs, billing_selection
from services.invoicing import invoices
from tests.builders import (
    PERIOD_END,
    PERIOD_START,
    id_of,
    make_billable_matter,
    make_biller,
    make_billing_run,
    make_carrier,
    make_matter,
    make_proforma,
    make_timekeeper,
)


@pytest.fixture(autouse=True)
def _portions_of_three(monkeypatch):
    monkeypatch.setattr(invoices, "_AT_ONCE", 3)
    monkeypatch.setattr(billing_selection, "_MATTERS_AT_ONCE", 3)


@pytest.mark.parametrize("count", [1, 3, 4, 8])
def test_finalize_numbers_on_through_the_portions(session: Session, count: int) -> None:
    carrier, timekeeper, run = make_carrier(session), make_timekeeper(session), make_billing_run(session)
    proformas = [
        make_proforma(
            session,
            status=ProformaStatus.APPROVED,
            matter=make_matter(session, carrier=carrier),
            timekeeper=timekeeper,
            run=run,
        )
        for _ in range(count)
    ]
    made = invoices.finalize_proformas(
        session, make_biller(session), proforma_ids=[id_of(proforma) for proforma in proformas]
    )
    stored = session.exec(select(Invoice).order_by(Invoice.number)).all()
    assert [invoice.number for invoice in made] == [invoice.number for invoice in stored]
    assert [int(invoice.number.rpartition("-")[2]) for invoice in stored] == list(range(1, count + 1))
    assert {invoice.proforma_id for invoice in stored} == {id_of(proforma) for proforma in proformas}
    assert total(invoice.total_amount for invoice in stored) == total(p.billed_amount for p in proformas)
    revisions = session.exec(select(InvoiceRevision)).all()
    assert {revision.invoice_id for revision in revisions} == {id_of(invoice) for invoice in stored}
    assert len(session.exec(select(InvoiceLine)).all()) == sum(revision.line_count for revision in revisions)


@pytest.mark.parametrize("count", [1, 3, 4, 8])
def test_run_takes_every_matter_of_every_portion_once(session: Session, count: int) -> None:
    matters = [make_billable_matter(session, fees=2, expenses=1) for _ in range(count)]
    billing_runs.run_billing(session, make_biller(session), period_start=PERIOD_START, period_end=PERIOD_END)
    proformas = session.exec(select(Proforma)).all()
    assert sorted(proforma.matter_id for proforma in proformas) == sorted(id_of(matter) for matter in matters)
    assert len(session.exec(select(ProformaLine)).all()) == 3 * count
