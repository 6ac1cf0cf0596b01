"""Invoices that a carrier cut, what it said, appeals and accepted cuts."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlmodel import Session, select

from core.clock import now
from models import Appeal, Carrier, CutAcceptance, Invoice, Matter, SiteFinding, Submission
from models.enums import AcceptanceStatus, AppealRouteKind, AppealStatus, DecisionStatus, DocumentStatus
from models.enums import SubmissionStatus as Sub
from tests.builders.base import NOW, NUMBERS, add, id_of
from tests.builders.carriers import make_carrier, profile_document
from tests.builders.invoices import make_invoice, make_submission
from tests.builders.matters import make_matter


def make_cut_invoice(
    session: Session,
    *,
    decision: DecisionStatus = DecisionStatus.REDUCED,
    cuts: dict[int | None, str] | None = None,
    lines: int = 2,
    matter: Matter | None = None,
    carrier: Carrier | None = None,
    decided_at: datetime | None = None,
    code: str = "block_billing",
    message: str = "Block billed.",
    number: str = "",
    **columns: Any,
) -> Invoice:
    """Make a delivered invoice (a line is 427.50) that its carrier decided today, with dollars cut by line number.

    `columns` of the invoice, or `appeal`, `appeal_window_days` and `resubmission` of the carrier's profile.
    """
    terms = {name: columns.pop(name) for name in ("appeal", "appeal_window_days", "resubmission") if name in columns}
    if matter is None:
        matter = make_matter(session, carrier=carrier or make_carrier(session, profile=profile_document(**terms)))
    invoice = make_invoice(
        session,
        matter=matter,
        lines=lines,
        document_status=DocumentStatus.DELIVERED,
        decision_status=decision,
        number=number or f"2026-{next(NUMBERS):06d}",
    )
    file = make_submission(session, invoice, status=Sub.DELIVERED)
    given = {1: "100.00"} if cuts is None else cuts
    for line_number, amount in given.items():
        say(session, file, line_number=line_number, amount=amount, code=code, message=message)
    invoice.decided_at = decided_at or now()
    if decision is DecisionStatus.REDUCED:
        invoice.approved_amount = invoice.total_amount - sum(map(Decimal, given.values()), start=Decimal(0))
    for name, value in columns.items():
        setattr(invoice, name, value)
    return add(session, invoice)


def say(
    session: Session,
    file: Submission,
    *,
    line_number: int | None,
    amount: str = "",
    code: str = "",
    message: str = "No.",
) -> SiteFinding:
    """Let the site say something about a line."""
    said = SiteFinding(
        invoice_id=file.invoice_id,
        submission_id=id_of(file),
        line_number=line_number,
        code=code,
        message=message,
        reduction_amount=Decimal(amount) if amount else None,
        created_at=NOW,
    )
    return add(session, said)


def file_of(session: Session, invoice: Invoice) -> Submission:
    """Return the invoice's newest file."""
    statement = select(Submission).where(Submission.invoice_id == invoice.id).order_by(Submission.id.desc())
    return session.exec(statement.limit(1)).one()


def make_appeal(session: Session, *, status: AppealStatus = AppealStatus.DRAFTED, **columns: Any) -> Appeal:
    """Make an appeal without lines; further columns of the row by name."""
    invoice_id = columns.pop("invoice_id", None) or id_of(make_cut_invoice(session))
    row = {
        "number": next(NUMBERS),
        "route": AppealRouteKind.LINES_ONLY,
        "due_on": date(2027, 1, 31),
        "asked_amount": Decimal("100.00"),
        "drafted_by_id": session.get_one(Invoice, invoice_id).finalized_by_id,
        "drafted_at": NOW,
    }
    return add(session, Appeal(invoice_id=invoice_id, status=status, **{**row, **columns}))


def make_cut_acceptance(
    session: Session, *, status: AcceptanceStatus = AcceptanceStatus.PROPOSED, **columns: Any
) -> CutAcceptance:
    """Make a proposal without lines; further columns of the row by name."""
    invoice_id = columns.pop("invoice_id", None) or id_of(make_cut_invoice(session))
    row = {
        "total_amount": Decimal("100.00"),
        "reason": "Small",
        "proposed_by_id": session.get_one(Invoice, invoice_id).finalized_by_id,
        "proposed_at": NOW,
    }
    return add(session, CutAcceptance(invoice_id=invoice_id, status=status, **{**row, **columns}))
