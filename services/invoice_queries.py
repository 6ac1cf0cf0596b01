"""Reading invoices: keyset pages with both states side by side, ageing, and one invoice with its LEDES lines."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, case, func, or_, select
from sqlmodel import Session, col

from core.clock import now
from core.money import ZERO
from models import Carrier, Invoice, InvoiceLine, InvoiceRevision, Matter, MatterPayor, SiteFinding, User
from models.enums import CashStatus, DecisionStatus, DocumentStatus
from services import lifecycle
from services.access import sees_all_matters
from services.actor import Actor
from services.invoice_documents import visible_invoice
from services.proforma_queries import HistoryRow, history_of
from services.row_ids import row_id

_Rows = Select[*tuple[Any, ...]]
_OWED = (CashStatus.UNPAID, CashStatus.SHORT_PAID)
_GONE = (DocumentStatus.SUPERSEDED, DocumentStatus.VOIDED)
AGE_LIMITS = (30, 60, 90)


@dataclass(frozen=True)
class InvoiceFilter:
    """Which invoices to list; what is left empty does not filter.

    `text` is the beginning of an invoice, matter or claim number. `min_age_days` counts from delivery, or from
    finalising while nobody has it; `condition` is any further one on the invoice, as of `invoice_views`.
    """

    document: Collection[DocumentStatus] = ()
    decision: Collection[DecisionStatus] = ()
    cash: Collection[CashStatus] = ()
    carrier_id: int | None = None
    matter_id: int | None = None
    text: str = ""
    min_age_days: int | None = None
    condition: ColumnElement[bool] | None = None


@dataclass(frozen=True)
class InvoiceRow:
    """One invoice in a list: `document_status` is what happened here, `decision_status` what happened there."""

    id: int
    version: int
    number: str
    matter_number: str
    matter_name: str
    carrier_name: str
    claim_number: str
    document_status: DocumentStatus
    decision_status: DecisionStatus
    cash_status: CashStatus
    total_amount: Decimal
    approved_amount: Decimal | None
    revision_number: int
    finalized_at: datetime
    delivered_at: datetime | None
    decided_at: datetime | None
    age_days: int


@dataclass(frozen=True)
class InvoicePage:
    """One page, the newest first; `next_before` asks for the following one, None at the end."""

    rows: tuple[InvoiceRow, ...]
    next_before: int | None


@dataclass(frozen=True)
class AgeBucket:
    """Invoices that are still owed, by age: `label` as in '31-60 days'."""

    label: str
    count: int
    amount: Decimal


@dataclass(frozen=True)
class RevisionRow:
    """One revision, without its bytes; see `invoice_documents.read_ledes_file`."""

    id: int
    number: int
    reason: str
    invoice_date: date
    total_amount: Decimal
    line_count: int
    file_name: str
    file_sha256: str
    created_at: datetime


@dataclass(frozen=True)
class InvoiceDetail:
    """One invoice: revisions newest first, the lines of the current one, what the site said, and its history."""

    row: InvoiceRow
    finalized_by: str
    replaces_invoice_id: int | None
    revisions: tuple[RevisionRow, ...]
    lines: tuple[InvoiceLine, ...]
    findings: tuple[SiteFinding, ...]
    history: tuple[HistoryRow, ...]
    verbs: tuple[tuple[str, str], ...]


def list_invoices(
    session: Session,
    actor: Actor,
    *,
    wanted: InvoiceFilter | None = None,
    before: int | None = None,
    limit: int = 50,
) -> InvoicePage:
    """Return a page of invoices below the id `before`; its cost does not grow with how far one has paged."""
    statement = _filtered(_headers(), actor, wanted or InvoiceFilter())
    if before is not None:
        statement = statement.where(col(Invoice.id) < before)
    found = session.execute(statement.order_by(col(Invoice.id).desc()).limit(limit + 1)).all()
    rows = tuple(_row(row) for row in found[:limit])
    return InvoicePage(rows, rows[-1].id if len(found) > limit else None)


def ageing(session: Session, actor: Actor) -> tuple[AgeBucket, ...]:
    """Return what is owed by age in days since delivery, or since finalising while nobody has it; one query."""
    age = func.coalesce(col(Invoice.delivered_at), col(Invoice.finalized_at))
    bucket = case(*((age >= _days_ago(limit + 1), limit) for limit in AGE_LIMITS), else_=0)
    statement = (
        select(bucket, func.count(), func.sum(col(Invoice.total_amount)))
        .join(Matter, col(Matter.id) == col(Invoice.matter_id))
        .where(col(Invoice.cash_status).in_(_OWED), col(Invoice.document_status).not_in(_GONE))
        .group_by(bucket)
    )
    found = {limit: (count, amount) for limit, count, amount in session.execute(_own(statement, actor))}
    labels = {30: "0-30 days", 60: "31-60 days", 90: "61-90 days", 0: "over 90 days"}
    return tuple(AgeBucket(label, *found.get(limit, (0, ZERO))) for limit, label in labels.items())


def get_invoice(session: Session, actor: Actor, *, invoice_id: int) -> InvoiceDetail:
    """Return one invoice.

    Raises:
        NotFoundError: there is none, or it is of another attorney's matter.
    """
    invoice = visible_invoice(session, actor, invoice_id)
    header = session.execute(_headers().where(col(Invoice.id) == invoice_id)).one()
    revisions = _revisions(session, invoice_id)
    current = next(revision.id for revision in revisions if revision.number == invoice.revision_number)
    who: User = lifecycle.get(session, User, invoice.finalized_by_id)
    return InvoiceDetail(
        row=_row(header),
        finalized_by=who.name,
        replaces_invoice_id=invoice.replaces_invoice_id,
        revisions=revisions,
        lines=_lines(session, current),
        findings=tuple(
            session.scalars(
                select(SiteFinding).where(col(SiteFinding.invoice_id) == invoice_id).order_by(col(SiteFinding.id))
            )
        ),
        history=history_of(session, "invoice", invoice_id),
        verbs=tuple((found.verb, found.label) for found in lifecycle.available(actor, invoice)),
    )


def _headers() -> _Rows:
    return (
        select(
            Invoice,
            col(Matter.number).label("matter_number"),
            col(Matter.name).label("matter_name"),
            col(Carrier.name).label("carrier_name"),
            col(MatterPayor.claim_number).label("claim_number"),
        )
        .join(Matter, col(Matter.id) == col(Invoice.matter_id))
        .join(Carrier, col(Carrier.id) == col(Invoice.carrier_id))
        .join(MatterPayor, col(MatterPayor.id) == col(Invoice.matter_payor_id))
    )


def _own(statement: _Rows | Any, actor: Actor) -> Any:  # noqa: ANN401 -- a select of any columns, joined to Matter
    if sees_all_matters(actor):
        return statement
    return statement.where(col(Matter.responsible_attorney_id) == actor.user_id)


def _filtered(statement: _Rows, actor: Actor, wanted: InvoiceFilter) -> _Rows:
    statement = _own(statement, actor)
    in_lists = (
        (Invoice.document_status, wanted.document),
        (Invoice.decision_status, wanted.decision),
        (Invoice.cash_status, wanted.cash),
    )
    for column, values in in_lists:
        if values:
            statement = statement.where(col(column).in_(values))
    for key, value in ((Invoice.carrier_id, wanted.carrier_id), (Invoice.matter_id, wanted.matter_id)):
        if value is not None:
            statement = statement.where(col(key) == value)
    if wanted.min_age_days is not None:
        age = func.coalesce(col(Invoice.delivered_at), col(Invoice.finalized_at))
        statement = statement.where(age <= _days_ago(wanted.min_age_days))
    if wanted.condition is not None:
        statement = statement.where(wanted.condition)
    return _searched(statement, wanted.text.strip())


def _searched(statement: _Rows, text: str) -> _Rows:
    if not text:
        return statement
    columns = (Invoice.number, Matter.number, MatterPayor.claim_number)
    return statement.where(or_(*(col(column).startswith(text, autoescape=True) for column in columns)))


def _days_ago(days: int) -> datetime:
    return now() - timedelta(days=days)


def _row(found: Row[*tuple[Any, ...]]) -> InvoiceRow:
    invoice: Invoice = found.Invoice
    since = invoice.delivered_at or invoice.finalized_at
    return InvoiceRow(
        id=row_id(invoice),
        version=invoice.version,
        number=invoice.number,
        matter_number=found.matter_number,
        matter_name=found.matter_name,
        carrier_name=found.carrier_name,
        claim_number=found.claim_number,
        document_status=invoice.document_status,
        decision_status=invoice.decision_status,
        cash_status=invoice.cash_status,
        total_amount=invoice.total_amount,
        approved_amount=invoice.approved_amount,
        revision_number=invoice.revision_number,
        finalized_at=invoice.finalized_at,
        delivered_at=invoice.delivered_at,
        decided_at=invoice.decided_at,
        age_days=(now() - (since if since.tzinfo else since.replace(tzinfo=UTC))).days,
    )


def _revisions(session: Session, invoice_id: int) -> tuple[RevisionRow, ...]:
    revision = InvoiceRevision
    columns: tuple[Any, ...] = (
        revision.id,
        revision.number,
        revision.reason,
        revision.invoice_date,
        revision.total_amount,
        revision.line_count,
        revision.file_name,
        revision.file_sha256,
        revision.created_at,
    )
    statement = select(*columns).where(col(revision.invoice_id) == invoice_id)
    return tuple(RevisionRow(*row) for row in session.execute(statement.order_by(col(revision.number).desc())))


def _lines(session: Session, revision_id: int) -> tuple[InvoiceLine, ...]:
    statement = select(InvoiceLine).where(col(InvoiceLine.invoice_revision_id) == revision_id)
    return tuple(session.scalars(statement.order_by(col(InvoiceLine.line_number))))
