"""One invoice that its carrier cut: the cuts, the route, appeals with lines and documents, and accepted cuts."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import Session, col

from models import Appeal, AppealLine, CutAcceptance, Invoice, InvoiceLine, InvoiceRevision, SiteFinding, User
from services.actor import Actor
from services.invoicing.invoice_documents import visible_invoice
from services.lifecycle import available
from services.responses.appeal_documents import DocumentRow, documents_of
from services.responses.appeal_routes import Route, route_of
from services.responses.appeal_texts import SuggestedReason, suggest_reasons
from services.responses.appeals import lines_of
from services.responses.cut_acceptances import can_approve
from services.responses.cuts import Cut, current_findings, cuts_of
from services.responses.rejection_owners import list_owners
from services.responses.rejections import RejectionRow, list_rejections
from services.row_ids import row_id


@dataclass(frozen=True)
class AppealCase:
    """One appeal with everything on it, and the verbs open to the viewer."""

    appeal: Appeal
    lines: list[AppealLine]
    documents: list[DocumentRow]
    drafted_by: str
    verbs: frozenset[str]


@dataclass(frozen=True)
class AcceptanceCase:
    """One proposal to give a cut up, and whether the viewer approves it."""

    acceptance: CutAcceptance
    proposed_by: str
    can_approve: bool


@dataclass(frozen=True)
class RejectionCase:
    """Everything about one invoice that its carrier did not take; `row` is None when nothing waits any more.

    `lines` are those of the current revision that a finding names, by number.
    """

    invoice: Invoice
    row: RejectionRow | None
    route: Route
    cuts: tuple[Cut, ...]
    findings: list[SiteFinding]
    lines: dict[int, InvoiceLine]
    suggested: dict[int | None, SuggestedReason]
    appeals: list[AppealCase]
    acceptances: list[AcceptanceCase]
    owners: list[tuple[int, str]]


def get_rejection(session: Session, actor: Actor, *, invoice_id: int) -> RejectionCase:
    """Return one invoice's case.

    Raises:
        NotFoundError: there is no such invoice among this person's.
        InvalidInputError: the carrier has no active profile.
    """
    invoice = visible_invoice(session, actor, invoice_id)
    cuts = cuts_of(session, invoice)
    findings = current_findings(session, [invoice_id]).get(invoice_id, [])
    rows = list_rejections(session, actor, text=invoice.number)
    appeals = session.scalars(
        select(Appeal).where(col(Appeal.invoice_id) == invoice_id).order_by(col(Appeal.id).desc())
    ).all()
    acceptances = session.scalars(
        select(CutAcceptance).where(col(CutAcceptance.invoice_id) == invoice_id).order_by(col(CutAcceptance.id).desc())
    ).all()
    ids = {one.drafted_by_id for one in appeals} | {one.proposed_by_id for one in acceptances}
    people = dict(session.execute(select(col(User.id), col(User.name)).where(col(User.id).in_(ids))).all())
    return RejectionCase(
        invoice=invoice,
        row=next((row for row in rows if row.invoice_id == invoice_id), None),
        route=route_of(session, invoice),
        cuts=cuts,
        findings=findings,
        lines=_lines(session, invoice, {said.line_number for said in findings}),
        suggested=suggest_reasons(session, invoice, cuts),
        appeals=[_appeal(session, actor, one, people[one.drafted_by_id]) for one in appeals],
        acceptances=[
            AcceptanceCase(one, people[one.proposed_by_id], can_approve(session, actor, one, invoice))
            for one in acceptances
        ],
        owners=list_owners(session, invoice),
    )


def _lines(session: Session, invoice: Invoice, numbers: Collection[int | None]) -> dict[int, InvoiceLine]:
    named = [number for number in numbers if number is not None]
    if not named:
        return {}
    found = session.scalars(
        select(InvoiceLine)
        .join(InvoiceRevision, col(InvoiceRevision.id) == col(InvoiceLine.invoice_revision_id))
        .where(
            col(InvoiceRevision.invoice_id) == invoice.id,
            col(InvoiceRevision.number) == invoice.revision_number,
            col(InvoiceLine.line_number).in_(named),
        )
    )
    return {line.line_number: line for line in found}


def _appeal(session: Session, actor: Actor, appeal: Appeal, drafted_by: str) -> AppealCase:
    key = row_id(appeal)
    verbs = frozenset(transition.verb for transition in available(actor, appeal))
    return AppealCase(appeal, lines_of(session, key), documents_of(session, key), drafted_by, verbs)
