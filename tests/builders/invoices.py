"""Invoices, their revisions and submissions."""

from datetime import datetime
from typing import Any

from sqlmodel import Session, select

from core.ids import sha256_hex
from core.money import total
from models import (
    BillingRun,
    Carrier,
    CarrierProfileVersion,
    Invoice,
    InvoiceLine,
    InvoiceRevision,
    Matter,
    MatterPayor,
    Proforma,
    ProformaLine,
    Submission,
)
from models.enums import CashStatus, DecisionStatus, DocumentStatus, EntryStatus, ProformaStatus, SubmissionStatus
from tests.builders.base import NOW, NUMBERS, add, id_of
from tests.builders.carriers import make_profile_version
from tests.builders.proformas import make_proforma


def make_invoice(
    session: Session,
    *,
    lines: int = 2,
    matter: Matter | None = None,
    document_status: DocumentStatus = DocumentStatus.OPEN,
    decision_status: DecisionStatus = DecisionStatus.NONE,
    cash_status: CashStatus = CashStatus.UNPAID,
    number: str = "",
    finalized_at: datetime = NOW,
    content: bytes = b"LEDES1998B[]\r\n",
) -> Invoice:
    """Make an invoice with revision 1 and its lines on a finalized proforma; the bytes are a stand-in."""
    proforma = make_proforma(
        session, status=ProformaStatus.FINALIZED, lines=lines, matter=matter, entry_status=EntryStatus.BILLED
    )
    payor = session.exec(select(MatterPayor).where(MatterPayor.matter_id == proforma.matter_id)).first()
    assert payor is not None
    biller = session.exec(select(BillingRun).where(BillingRun.id == proforma.billing_run_id)).one().started_by_id
    number = number or f"2025-{next(NUMBERS):06d}"
    invoice = add(
        session,
        Invoice(
            number=number,
            proforma_id=id_of(proforma),
            matter_id=proforma.matter_id,
            carrier_id=payor.carrier_id,
            matter_payor_id=id_of(payor),
            document_status=document_status,
            decision_status=decision_status,
            cash_status=cash_status,
            total_amount=proforma.billed_amount,
            finalized_by_id=biller,
            finalized_at=finalized_at,
            delivered_at=None if document_status is DocumentStatus.OPEN else finalized_at,
        ),
    )
    make_revision(session, invoice, proforma, content=content)
    return invoice


def make_revision(
    session: Session, invoice: Invoice, proforma: Proforma, *, number: int = 1, content: bytes = b"LEDES1998B[]\r\n"
) -> InvoiceRevision:
    """Make a revision of an invoice with a snapshot of every line of its proforma."""
    profile = session.exec(
        select(CarrierProfileVersion).where(CarrierProfileVersion.carrier_id == invoice.carrier_id)
    ).first()
    if profile is None:
        profile = make_profile_version(session, session.get_one(Carrier, invoice.carrier_id))
    lines = session.exec(select(ProformaLine).where(ProformaLine.proforma_id == proforma.id)).all()
    revision = add(
        session,
        InvoiceRevision(
            invoice_id=id_of(invoice),
            number=number,
            invoice_date=invoice.finalized_at.date(),
            period_start=proforma.period_start,
            period_end=proforma.period_end,
            total_amount=total(line.billed_amount for line in lines),
            line_count=len(lines),
            carrier_profile_version_id=id_of(profile),
            file_name=f"{invoice.number}.txt",
            file_sha256=sha256_hex(content),
            file_content=content,
            created_at=invoice.finalized_at,
        ),
    )
    for line in lines:
        add(session, _snapshot(revision, line))
    return revision


def make_submission(
    session: Session, invoice: Invoice, *, status: SubmissionStatus = SubmissionStatus.READY, **columns: Any
) -> Submission:
    """Queue an invoice's current revision; further columns of the row by name."""
    revision = session.exec(
        select(InvoiceRevision).where(
            InvoiceRevision.invoice_id == invoice.id, InvoiceRevision.number == invoice.revision_number
        )
    ).one()
    carrier = session.get_one(Carrier, invoice.carrier_id)
    row = {
        "invoice_id": id_of(invoice),
        "invoice_revision_id": id_of(revision),
        "carrier_id": carrier.id,
        "site_account_id": carrier.site_account_id,
        "queued_by_id": invoice.finalized_by_id,
        "status": status,
        "file_sha256": revision.file_sha256,
        "created_at": NOW,
    }
    return add(session, Submission(**{**row, **columns}))


def _snapshot(revision: InvoiceRevision, line: ProformaLine) -> InvoiceLine:
    return InvoiceLine(
        invoice_revision_id=id_of(revision),
        line_number=line.line_number,
        proforma_line_id=id_of(line),
        kind=line.kind,
        worked_on=line.worked_on,
        timekeeper_code="TK0001",
        timekeeper_name="Reyes, Ana",
        timekeeper_classification="PT",
        units=line.billed_units,
        unit_cost=line.unit_cost,
        adjustment_amount=line.adjustment_amount,
        total_amount=line.billed_amount,
        task_code=line.task_code,
        activity_code=line.activity_code,
        expense_code=line.expense_code,
        narrative=line.billed_narrative,
    )
