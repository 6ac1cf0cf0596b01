"""What carriers decide about delivered invoices: when to look, and recording what the site shows."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select, update
from sqlmodel import Session, col

from carriers.exchange import DecisionKind, SiteDecision
from carriers.exchange import SiteFinding as SaidFinding
from core.clock import now
from core.db import db_now_ms
from models import Carrier, Invoice, SiteFinding, Submission
from models.enums import DecisionStatus, DocumentStatus, SubmissionStatus
from services.actor import Actor
from services.lifecycle import apply, get

OPEN_DECISIONS = (DecisionStatus.PENDING, DecisionStatus.DISPUTED)
_VERBS = {
    DecisionKind.APPROVED: "record_approved",
    DecisionKind.REDUCED: "record_reduced",
    DecisionKind.DISPUTED: "record_disputed",
    DecisionKind.REJECTED: "record_rejected",
}
_FINAL = frozenset({DecisionKind.APPROVED, DecisionKind.REDUCED, DecisionKind.REJECTED})


@dataclass(frozen=True)
class DueDecision:
    """A delivered submission whose carrier may have decided by now."""

    submission_id: int
    invoice_id: int
    carrier_id: int
    fence: int


def due_decisions_condition(closed: Collection[int] = ()) -> ColumnElement[bool]:
    """Return the condition of invoices to look after now: open decision, time come, carrier not paused nor `closed`."""
    runs = (
        select(col(Carrier.id))
        .where(col(Carrier.id) == col(Invoice.carrier_id), col(Carrier.paused_at).is_(None))
        .correlate(Invoice)
    )
    return (
        col(Invoice.decision_status).in_(OPEN_DECISIONS)
        & (col(Invoice.decision_due_at_ms) <= db_now_ms())
        & col(Invoice.carrier_id).not_in(closed)
        & runs.exists()
    )


def list_due_decisions(
    session: Session, *, site_account_id: int, limit: int, closed: Collection[int] = ()
) -> list[DueDecision]:
    """Return the account's invoices to look after, each with its latest delivered submission.

    The `limit` longest due ones, carrier by carrier, because changing the carrier costs a log-in.
    """
    latest = func.max(col(Submission.id))
    statement = (
        select(latest, col(Invoice.id), col(Invoice.carrier_id), func.max(col(Submission.fence)))
        .join(Submission, col(Submission.invoice_id) == col(Invoice.id))
        .where(
            col(Submission.site_account_id) == site_account_id,
            col(Submission.status) == SubmissionStatus.DELIVERED,
            due_decisions_condition(closed),
        )
        .group_by(col(Invoice.id), col(Invoice.carrier_id), col(Invoice.decision_due_at_ms))
        .order_by(col(Invoice.decision_due_at_ms), col(Invoice.id))
        .limit(limit)
    )
    due = [DueDecision(*row) for row in session.execute(statement)]
    return sorted(due, key=lambda one: one.carrier_id)


def mark_delivered(session: Session, actor: Actor, *, invoice_id: int, look_after_ms: int | None) -> None:
    """Move the invoice on after its file was delivered; its decision is looked for after `look_after_ms`.

    None means that it is never looked for: the carrier tells it by e-mail.

    An invoice that is no longer open (voided meanwhile, say) stays as it is: the ledger still keeps the receipt.
    """
    invoice: Invoice = get(session, Invoice, invoice_id)
    session.refresh(invoice, with_for_update=True)
    if invoice.document_status is not DocumentStatus.OPEN:
        return
    apply(session, actor, invoice, "deliver")
    if invoice.decision_status is DecisionStatus.NONE:
        apply(session, actor, invoice, "await_decision")
    invoice.delivered_at = now()
    session.add(invoice)
    session.flush()
    if look_after_ms is not None:
        postpone(session, invoice_id=invoice_id, delay_ms=look_after_ms)


def postpone(session: Session, *, invoice_id: int, delay_ms: int) -> None:
    """Look for the decision again after a delay."""
    due = {"decision_due_at_ms": db_now_ms() + delay_ms}
    session.execute(update(Invoice).where(col(Invoice.id) == invoice_id).values(due))


def record_decision(
    session: Session, actor: Actor, *, submission_id: int, decision: SiteDecision, look_after_ms: int | None
) -> bool:
    """Record what the carrier says of a file; True when it is news. A pending or disputed one is looked after again.

    It is never looked after on the site when `look_after_ms` is None.
    """
    submission: Submission = get(session, Submission, submission_id)
    return record_answer(
        session,
        actor,
        invoice_id=submission.invoice_id,
        submission_id=submission_id,
        decision=decision,
        look_after_ms=look_after_ms,
    )


def record_answer(
    session: Session,
    actor: Actor,
    *,
    invoice_id: int,
    submission_id: int | None,
    decision: SiteDecision,
    look_after_ms: int | None,
) -> bool:
    """Record what the carrier says of an invoice; without a submission where it went by e-mail or on paper."""
    invoice: Invoice = get(session, Invoice, invoice_id)
    session.refresh(invoice, with_for_update=True)
    if invoice.decision_status not in OPEN_DECISIONS:
        return False
    is_final = decision.kind in _FINAL
    if decision.kind is DecisionKind.PENDING or decision.kind.value == invoice.decision_status.value:
        _look_again(session, invoice_id, look_after_ms)
        return False
    apply(session, actor, invoice, _VERBS[decision.kind], submission_id=submission_id)
    amount = invoice.total_amount if decision.kind is DecisionKind.APPROVED else None
    invoice.approved_amount = decision.approved_amount if decision.approved_amount is not None else amount
    invoice.decided_at = now()
    invoice.decision_due_at_ms = None
    session.add(invoice)
    session.flush()
    record_findings(session, invoice_id=invoice_id, submission_id=submission_id, findings=decision.findings)
    if not is_final:
        _look_again(session, invoice_id, look_after_ms)
    return True


def _look_again(session: Session, invoice_id: int, look_after_ms: int | None) -> None:
    if look_after_ms is not None:
        postpone(session, invoice_id=invoice_id, delay_ms=look_after_ms)


def record_findings(
    session: Session, *, invoice_id: int, submission_id: int | None, findings: tuple[SaidFinding, ...]
) -> None:
    """Keep what the carrier said about the invoice or its lines."""
    session.add_all(
        SiteFinding(
            invoice_id=invoice_id,
            submission_id=submission_id,
            line_number=_line_number(said.line_item_number),
            code=said.code[:60],
            message=said.message,
            reduction_amount=said.reduction,
            created_at=now(),
        )
        for said in findings
    )
    session.flush()


def _line_number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() else None
