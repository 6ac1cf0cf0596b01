"""Reading invoices: keyset pages with both states side by side, ageing, and one invoice with its LEDES lines."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, String, bindparam, case, func, or_, select
from sqlmodel import Session, col

from core.clock import now, utc
from core.money import ZERO
from models import Carrier, Invoice, InvoiceLine, InvoiceRevision, Matter, MatterPayor, SiteFinding, User
from models.enums import CashStatus, DecisionStatus, DocumentStatus
from services import lifecycle
from services.access import sees_all_matters
from services.actor import Actor
from services.invoicing.invoice_documents import visible_invoice
from services.listing import ESCAPE, beginning
from services.review.proforma_queries import HistoryRow, history_of
from services.tables import one_of, table_of

_Rows = Select[*tuple[Any, ...]]
_OWED = (CashStatus.UNPAID, CashStatus.SHORT_PAID)
_GONE = (DocumentStatus.SUPERSEDED, DocumentStatus.VOIDED)
AGE_LIMITS = (30, 60, 90)
_I, _M, _C, _MP = table_of(Invoice), table_of(Matter), table_of(Carrier), table_of(MatterPayor)


@dataclass(frozen=True)
class InvoiceFilter:
    """Which invoices to list; what is left empty does not filter.

    `text` is the beginning of an invoice, matter or claim number. `min_age_days` counts from delivery, or from
    finalising while nobody has it. `condition` is any further one on the invoice, as of `invoice_views`, with the
    `values` of its parameters; it is kept by who made it, because the statement is kept with it.
    """

    document: Collection[DocumentStatus] = ()
    decision: Collection[DecisionStatus] = ()
    cash: Collection[CashStatus] = ()
    carrier_id: int | None = None
    matter_id: int | None = None
    text: str = ""
    min_age_days: int | None = None
    condition: ColumnElement[bool] | None = None
    values: Mapping[str, Any] = field(default_factory=dict)


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
    wanted = wanted or InvoiceFilter()
    asked = _asked(actor, wanted)
    if before is not None:
        asked["before"] = before
    statement = _listed(frozenset(asked), wanted.condition)
    found = session.execute(statement, {**asked, **wanted.values, "limit": limit + 1}).all()
    rows = tuple(_row(row) for row in found[:limit])
    return InvoicePage(rows, rows[-1].id if len(found) > limit else None)


def ageing(session: Session, actor: Actor) -> tuple[AgeBucket, ...]:
    """Return what is owed by age in days since delivery, or since finalising while nobody has it; one query."""
    asked = {"me": actor.user_id, **{f"since_{limit}": _days_ago(limit + 1) for limit in AGE_LIMITS}}
    owed = session.execute(_owed_by_age(sees_all_matters(actor)), asked)
    found = {limit: (count, amount) for limit, count, amount in owed}
    labels = {30: "0-30 days", 60: "31-60 days", 90: "61-90 days", 0: "over 90 days"}
    return tuple(AgeBucket(label, *found.get(limit, (0, ZERO))) for limit, label in labels.items())


def get_invoice(session: Session, actor: Actor, *, invoice_id: int) -> InvoiceDetail:
    """Return one invoice.

    Raises:
        NotFoundError: there is none, or it is of another attorney's matter.
    """
    invoice = visible_invoice(session, actor, invoice_id)
    header = session.execute(_headers().where(_I.c.id == invoice_id)).one()
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
            _I.c.id,
            _I.c.version,
            _I.c.number,
            _I.c.document_status,
            _I.c.decision_status,
            _I.c.cash_status,
            _I.c.total_amount,
            _I.c.approved_amount,
            _I.c.revision_number,
            _I.c.finalized_at,
            _I.c.delivered_at,
            _I.c.decided_at,
            _M.c.number.label("matter_number"),
            _M.c.name.label("matter_name"),
            _C.c.name.label("carrier_name"),
            _MP.c.claim_number,
        )
        .join(_M, _M.c.id == _I.c.matter_id)
        .join(_C, _C.c.id == _I.c.carrier_id)
        .join(_MP, _MP.c.id == _I.c.matter_payor_id)
    )


@lru_cache(maxsize=256)
def _listed(given: frozenset[str], condition: ColumnElement[bool] | None) -> _Rows:
    """Return the list's statement for the filters given, each by its name; built once for every set of them."""
    since, starts = func.coalesce(_I.c.delivered_at, _I.c.finalized_at), bindparam("beginning", type_=String())
    conditions = {
        "me": _M.c.responsible_attorney_id == bindparam("me"),
        "document": _I.c.document_status.in_(bindparam("document", expanding=True)),
        "decision": _I.c.decision_status.in_(bindparam("decision", expanding=True)),
        "cash": _I.c.cash_status.in_(bindparam("cash", expanding=True)),
        "carrier_id": _I.c.carrier_id == bindparam("carrier_id"),
        "matter_id": _I.c.matter_id == bindparam("matter_id"),
        "aged_since": since <= bindparam("aged_since"),
        "before": _I.c.id < bindparam("before"),
        "beginning": or_(
            *(column.like(starts, escape=ESCAPE) for column in (_I.c.number, _M.c.number, _MP.c.claim_number))
        ),
    }
    wanted = [found for name, found in conditions.items() if name in given]
    if condition is not None:
        wanted.append(condition)
    return _headers().where(*wanted).order_by(_I.c.id.desc()).limit(bindparam("limit"))


def _asked(actor: Actor, wanted: InvoiceFilter) -> dict[str, Any]:
    text, days = wanted.text.strip(), wanted.min_age_days
    values = {
        "document": list(wanted.document) or None,
        "decision": list(wanted.decision) or None,
        "cash": list(wanted.cash) or None,
        "carrier_id": wanted.carrier_id,
        "matter_id": wanted.matter_id,
        "aged_since": None if days is None else _days_ago(days),
        "beginning": beginning(text) if text else None,
    }
    asked = {name: value for name, value in values.items() if value is not None}
    return asked if sees_all_matters(actor) else {**asked, "me": actor.user_id}


@cache
def _owed_by_age(all_matters: bool) -> _Rows:  # noqa: FBT001 -- a cache's key
    since = func.coalesce(_I.c.delivered_at, _I.c.finalized_at)
    bucket = case(*((since >= bindparam(f"since_{limit}"), limit) for limit in AGE_LIMITS), else_=0).label("bucket")
    statement = (
        select(bucket, func.count(), func.sum(_I.c.total_amount))
        .join(_M, _M.c.id == _I.c.matter_id)
        .where(one_of(_I.c.cash_status, _OWED), ~one_of(_I.c.document_status, _GONE))
        .group_by(bucket)
    )
    return statement if all_matters else statement.where(_M.c.responsible_attorney_id == bindparam("me"))


def _days_ago(days: int) -> datetime:
    return now() - timedelta(days=days)


def _row(found: Row[*tuple[Any, ...]]) -> InvoiceRow:
    since = found.delivered_at or found.finalized_at
    return InvoiceRow(
        id=found.id,
        version=found.version,
        number=found.number,
        matter_number=found.matter_number,
        matter_name=found.matter_name,
        carrier_name=found.carrier_name,
        claim_number=found.claim_number,
        document_status=found.document_status,
        decision_status=found.decision_status,
        cash_status=found.cash_status,
        total_amount=found.total_amount,
        approved_amount=found.approved_amount,
        revision_number=found.revision_number,
        finalized_at=found.finalized_at,
        delivered_at=found.delivered_at,
        decided_at=found.decided_at,
        age_days=(now() - utc(since)).days,
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
