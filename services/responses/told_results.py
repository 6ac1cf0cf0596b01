"""What a carrier tells outside its site, held against the invoice and recorded the same way as what its site shows."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from carriers.exchange import DecisionKind, SiteDecision
from carriers.result_channel import ResultChannel
from carriers.result_fit import BilledInvoice, Fit, fit_result
from carriers.result_outcomes import ToldResult
from core.clock import now, utc
from core.money import as_dollars
from core.settings import get_settings
from models import CarrierResult, Invoice, InvoiceLine, InvoiceRevision, Mailing, SiteFinding, Submission
from models.enums import DecisionStatus, DocumentStatus, ResultStanding, SubmissionStatus
from services.actor import Actor
from services.responses import decisions
from services.row_ids import row_id

DONE = frozenset({ResultStanding.RECORDED, ResultStanding.KNOWN})
_NOTHING = Fit()
_CLOCKS_APART = timedelta(seconds=5)
_NUMBER = 80


@dataclass(frozen=True)
class Source:
    """Where results come from: the carrier, how it tells them, when they were told, and the mail or report."""

    carrier_id: int
    channel: ResultChannel | None
    at: datetime
    mail_id: int | None = None
    report_id: int | None = None


@dataclass(frozen=True)
class Delivery:
    """That the payor has an invoice, since when, and by which submission; none where it went by e-mail or post."""

    at: datetime
    submission_id: int | None


@dataclass(frozen=True)
class Judged:
    """A result held against its invoice, before anything is written."""

    told: ToldResult
    standing: ResultStanding
    note: str = ""
    invoice: Invoice | None = None
    delivery: Delivery | None = None
    fit: Fit = _NOTHING


def judge_result(session: Session, source: Source, told: ToldResult) -> Judged:
    """Hold a result against the invoice of its number; writes nothing."""
    mine = (col(Invoice.number) == told.invoice_number) & (col(Invoice.carrier_id) == source.carrier_id)
    invoice = session.scalars(select(Invoice).where(mine)).first()
    if invoice is None:
        note = f"This carrier has no invoice {told.invoice_number} of ours."
        return Judged(told, ResultStanding.UNKNOWN, note)
    delivery = _delivery(session, invoice)
    if delivery is None:
        is_over = invoice.document_status in {DocumentStatus.VOIDED, DocumentStatus.SUPERSEDED}
        note = f"Invoice {invoice.number} is {invoice.document_status.value}; no delivery of it is recorded."
        return Judged(told, ResultStanding.MISFIT if is_over else ResultStanding.WAITING, note, invoice)
    if source.at + _CLOCKS_APART < utc(delivery.at):
        note = f"It is older than the file of invoice {invoice.number} that the carrier has now."
        return Judged(told, ResultStanding.MISFIT, note, invoice)
    fit = fit_result(told, _billed(session, invoice))
    standing, note = _standing(session, invoice, fit)
    return Judged(told, standing, note, invoice, delivery, fit)


def record_results(
    session: Session, actor: Actor, source: Source, results: Sequence[ToldResult]
) -> list[CarrierResult]:
    """Record every result that fits its invoice, and keep all of them with what became of each.

    `actor` is the machine, by itself or in the name of the person who asked.
    """
    rows = [_record(session, actor, source, told) for told in results]
    session.add_all(rows)
    session.flush()
    return rows


def _record(session: Session, actor: Actor, source: Source, told: ToldResult) -> CarrierResult:
    judged = judge_result(session, source, told)
    if judged.standing is ResultStanding.RECORDED and judged.delivery is not None and judged.invoice is not None:
        submission_id, invoice_id = judged.delivery.submission_id, row_id(judged.invoice)
        if judged.fit.decision is not None:
            _decide(session, actor, source, invoice_id, submission_id, judged.fit.decision)
        elif judged.fit.remark is not None:
            said = (judged.fit.remark,)
            decisions.record_findings(session, invoice_id=invoice_id, submission_id=submission_id, findings=said)
    return CarrierResult(
        result_mail_id=source.mail_id,
        result_report_id=source.report_id,
        invoice_id=row_id(judged.invoice) if judged.invoice else None,
        invoice_number=told.invoice_number[:_NUMBER],
        outcome=told.outcome.value,
        amount=_amount(judged),
        standing=judged.standing,
        note=judged.note,
        told=plain(told),
        at=now(),
    )


def _decide(
    session: Session,
    actor: Actor,
    source: Source,
    invoice_id: int,
    submission_id: int | None,
    decision: SiteDecision,
) -> None:
    scale = get_settings().retry_scale
    is_looked_after = source.channel is not None and submission_id is not None
    look_after_ms = source.channel.look_after_ms(scale) if source.channel and is_looked_after else None
    decisions.record_answer(
        session,
        actor,
        invoice_id=invoice_id,
        submission_id=submission_id,
        decision=decision,
        look_after_ms=look_after_ms,
    )


def _standing(session: Session, invoice: Invoice, fit: Fit) -> tuple[ResultStanding, str]:
    if fit.misfits:
        return ResultStanding.MISFIT, " ".join(fit.misfits)
    if fit.remark is not None:
        same = (col(SiteFinding.invoice_id) == invoice.id) & (col(SiteFinding.message) == fit.remark.message)
        is_known = session.scalars(select(col(SiteFinding.id)).where(same)).first() is not None
        return (ResultStanding.KNOWN if is_known else ResultStanding.RECORDED), ""
    decision = fit.decision
    if decision is None or decision.kind is DecisionKind.PENDING:
        return ResultStanding.KNOWN, ""
    if invoice.decision_status in decisions.OPEN_DECISIONS:
        is_known = invoice.decision_status.value == decision.kind.value
        return (ResultStanding.KNOWN if is_known else ResultStanding.RECORDED), ""
    return _against_earlier(invoice, decision)


def _against_earlier(invoice: Invoice, decision: SiteDecision) -> tuple[ResultStanding, str]:
    told = invoice.total_amount if decision.kind is DecisionKind.APPROVED else decision.approved_amount
    is_same = invoice.decision_status.value == decision.kind.value
    if is_same and told in {invoice.approved_amount, None}:
        return ResultStanding.KNOWN, ""
    earlier = _in_words(invoice.decision_status.value, invoice.approved_amount)
    later = _in_words(decision.kind.value, told)
    return ResultStanding.MISFIT, f"Invoice {invoice.number} was recorded as {earlier} before; this says {later}."


def _in_words(kind: str, amount: Decimal | None) -> str:
    return kind if amount is None or kind == DecisionStatus.NONE else f"{kind}, {as_dollars(amount)}"


def _delivery(session: Session, invoice: Invoice) -> Delivery | None:
    """Return the delivery of the invoice's present revision, by upload, mail or post."""
    present = (col(InvoiceRevision.invoice_id) == invoice.id) & (col(InvoiceRevision.number) == invoice.revision_number)
    uploaded = (
        select(col(Submission.created_at), col(Submission.id))
        .join(InvoiceRevision, col(InvoiceRevision.id) == col(Submission.invoice_revision_id))
        .where(present, col(Submission.status) == SubmissionStatus.DELIVERED)
    )
    if found := session.execute(uploaded).first():
        return Delivery(found[0], found[1])
    mailed = (
        select(col(Mailing.queued_at))
        .join(InvoiceRevision, col(InvoiceRevision.id) == col(Mailing.invoice_revision_id))
        .where(present, col(Mailing.sent_at).is_not(None))
    )
    at = session.scalars(mailed).first()
    return Delivery(at, None) if at is not None else None


def _billed(session: Session, invoice: Invoice) -> BilledInvoice:
    statement = (
        select(col(InvoiceLine.line_number), col(InvoiceLine.total_amount))
        .join(InvoiceRevision, col(InvoiceRevision.id) == col(InvoiceLine.invoice_revision_id))
        .where(col(InvoiceRevision.invoice_id) == invoice.id, col(InvoiceRevision.number) == invoice.revision_number)
    )
    return BilledInvoice(invoice.total_amount, dict(iter(session.execute(statement))))


def _amount(judged: Judged) -> Decimal | None:
    """Return the amount that the database can hold; what is no amount in cents stays in `told` alone."""
    decision, told = judged.fit.decision, judged.told
    amount = decision.approved_amount if decision else told.approved_amount or told.paid_amount
    return amount if amount is not None and amount == round(amount, 2) else None


def plain(told: ToldResult) -> dict[str, Any]:
    """Return a result as JSON, amounts as text."""

    def text(value: object) -> object:
        if isinstance(value, Decimal):
            return f"{value:f}"
        if isinstance(value, dict):
            return {name: text(inner) for name, inner in value.items()}
        return [text(inner) for inner in value] if isinstance(value, list | tuple) else value

    found: dict[str, Any] = {name: text(value) for name, value in asdict(told).items()}
    return found
