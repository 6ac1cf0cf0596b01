"""What a payor without a site answers, as a person heard it: by telephone, letter or e-mail."""

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import ColumnElement, select
from sqlmodel import Session, col

from carriers.exchange import DecisionKind, SiteDecision, SiteFinding
from core.errors import InvalidInputError, WrongStateError
from core.money import as_dollars, round_half_up
from models import Invoice, InvoiceRevision, Mailing
from models.enums import Role
from services import audit
from services.access import require
from services.actor import Actor
from services.lifecycle import check_version, get
from services.responses.decisions import OPEN_DECISIONS, record_answer

KINDS = (DecisionKind.APPROVED, DecisionKind.REDUCED, DecisionKind.DISPUTED, DecisionKind.REJECTED)
_LONGEST = 1000


@dataclass(frozen=True)
class PayorAnswer:
    """What was heard; `approved_amount` is what the payor pays of a reduced bill, `reason` its own words."""

    kind: DecisionKind
    approved_amount: Decimal | None
    reason: str


def record_payor_answer(
    session: Session, actor: Actor, *, invoice_id: int, expected_version: int, answer: PayorAnswer
) -> None:
    """Record a payor's answer to an invoice that went by e-mail or on paper.

    Raises:
        DeniedError: the actor is no biller.
        InvalidInputError: the amount does not fit the answer, or the reason is missing.
        WrongStateError: the invoice went to a site, which answers itself, or it was answered already.
        StaleVersionError: somebody changed the invoice meanwhile.
    """
    require(actor, Role.BILLER, what="Recording a payor's answer")
    invoice: Invoice = get(session, Invoice, invoice_id)
    session.refresh(invoice, with_for_update=True)
    check_version(invoice, expected_version)
    if not awaits_answer(session, invoice):
        message = (
            f"Invoice {invoice.number} awaits no answer that a person records: its site tells it, or it was answered. "
            "Nothing was changed."
        )
        raise WrongStateError(message, invoice_id=invoice_id)
    amount, reason = _amount(invoice, answer), answer.reason.strip()[:_LONGEST]
    if answer.kind is not DecisionKind.APPROVED and not reason:
        raise InvalidInputError("The payor's reason is missing. Nothing was recorded; write what it said.")
    if answer.kind.value == invoice.decision_status.value:
        raise WrongStateError("This is recorded already. Nothing was changed.")
    findings = (SiteFinding(None, "", reason),) if reason else ()
    decision = SiteDecision(answer.kind, amount, findings)
    record_answer(session, actor, invoice_id=invoice_id, submission_id=None, decision=decision, look_after_ms=None)
    audit.record(session, actor, "invoice:answer_recorded", "invoice", invoice_id, outcome=answer.kind.value)


def awaits_answer(session: Session, invoice: Invoice) -> bool:
    """Whether a person records the answer to an invoice: it went by e-mail or on paper and is not decided."""
    if invoice.decision_status not in OPEN_DECISIONS:
        return False
    return session.scalars(select(col(Mailing.id)).where(_went_by_mail(invoice))).first() is not None


def _went_by_mail(invoice: Invoice) -> ColumnElement[bool]:
    present = (
        select(col(InvoiceRevision.id))
        .where(col(InvoiceRevision.invoice_id) == invoice.id, col(InvoiceRevision.number) == invoice.revision_number)
        .scalar_subquery()
    )
    return (col(Mailing.invoice_revision_id) == present) & col(Mailing.sent_at).is_not(None)


def _amount(invoice: Invoice, answer: PayorAnswer) -> Decimal | None:
    """Return what the payor pays, checked; None where the answer names no amount of its own."""
    given = answer.approved_amount
    if answer.kind is not DecisionKind.REDUCED:
        return None
    if given is None or given != round_half_up(given) or not 0 <= given < invoice.total_amount:
        whole = as_dollars(invoice.total_amount)
        message = f"What the payor pays of a reduced bill lies between $0.00 and {whole}. Nothing was recorded."
        raise InvalidInputError(message, invoice_id=invoice.id)
    return given


def answer_called(name: str) -> DecisionKind | None:
    """Return the kind of answer of a name, as in 'reduced'; None for anything that is none."""
    return next((kind for kind in KINDS if kind.value == name), None)
