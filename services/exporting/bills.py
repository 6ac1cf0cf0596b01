"""Proformas, invoices and rejections as files."""

from datetime import date
from typing import Any

from sqlmodel import Session

from adapters.spreadsheets import Kind
from services.actor import Actor
from services.asked import Asked
from services.exporting.export import PAGE_ROWS, Export, Field, Page, difference, word
from services.invoicing.invoice_queries import InvoiceRow
from services.invoicing.invoice_views import list_view, question_of
from services.responses.reductions import Reduction, ReductionBy, list_reductions
from services.responses.rejections import RejectionRow, list_rejections_by_id
from services.review.proforma_queries import ProformaRow
from services.review.queue_filters import filter_asked
from services.review.queue_list import list_queue

_QUEUE = ("scope", "status", "period", "carrier", "findings", "age", "amount")
_MOST_PROFORMAS = 50_000
_FAR_AHEAD = date.max


def _invoices(session: Session, actor: Actor, asked: Asked, before: int | None) -> Page[InvoiceRow]:
    found = list_view(session, actor, asked=question_of(asked), before=before, limit=PAGE_ROWS)
    return Page(found.rows, found.next_before)


def _proformas(session: Session, actor: Actor, asked: Asked, _key: Any | None) -> Page[ProformaRow]:  # noqa: ANN401
    wanted = filter_asked(actor, {**{name: asked.get(name) for name in _QUEUE}, "search": asked.text})
    return Page([item.row for item in list_queue(session, actor, wanted=wanted, limit=_MOST_PROFORMAS).items])


def _rejections(session: Session, actor: Actor, asked: Asked, before: int | None) -> Page[RejectionRow]:
    rows, next_before = list_rejections_by_id(session, actor, text=asked.text, before=before, limit=PAGE_ROWS)
    return Page(rows, next_before)


def _reductions(session: Session, actor: Actor, asked: Asked, _key: Any | None) -> Page[Reduction]:  # noqa: ANN401
    by = asked.choice(ReductionBy, "by") or ReductionBy.REASON
    return Page(list_reductions(session, actor, by=by))


INVOICES = Export(
    "invoices",
    "Invoices",
    (
        Field("Invoice", lambda row: row.number, width=16),
        Field("Revision", lambda row: row.revision_number, Kind.COUNT),
        Field("Matter", lambda row: row.matter_number, width=16),
        Field("Matter name", lambda row: row.matter_name, width=32),
        Field("Carrier", lambda row: row.carrier_name),
        Field("Claim", lambda row: row.claim_number, width=18),
        Field("Amount", lambda row: row.total_amount, Kind.MONEY),
        Field("Approved", lambda row: row.approved_amount, Kind.MONEY),
        Field("Billed here", lambda row: word(row.document_status), width=14),
        Field("Accepted there", lambda row: word(row.decision_status), width=15),
        Field("Cash", lambda row: word(row.cash_status), width=12),
        Field("Made (UTC)", lambda row: row.finalized_at, Kind.MOMENT),
        Field("Delivered (UTC)", lambda row: row.delivered_at, Kind.MOMENT),
        Field("Answered (UTC)", lambda row: row.decided_at, Kind.MOMENT),
        Field("Age in days", lambda row: row.age_days, Kind.COUNT),
    ),
    _invoices,
)
PROFORMAS = Export(
    "proformas",
    "Proformas",
    (
        Field("Matter", lambda row: row.matter_number, width=16),
        Field("Matter name", lambda row: row.matter_name, width=32),
        Field("Carrier", lambda row: row.carrier_name),
        Field("Attorney", lambda row: row.reviewer_name),
        Field("State", lambda row: word(row.status), width=14),
        Field("Services from", lambda row: row.period_start, Kind.DAY),
        Field("Services to", lambda row: row.period_end, Kind.DAY),
        Field("Review due", lambda row: row.due_on, Kind.DAY),
        Field("Overdue", lambda row: "yes" if row.is_overdue else "", width=9),
        Field("Lines", lambda row: row.line_count, Kind.COUNT),
        Field("Findings", lambda row: row.finding_count, Kind.COUNT),
        Field("As worked", lambda row: row.worked_amount, Kind.MONEY),
        Field("To bill", lambda row: row.billed_amount, Kind.MONEY),
        Field("Taken off", lambda row: difference(row.worked_amount, row.billed_amount), Kind.MONEY),
        Field("Returned with", lambda row: row.return_note, width=40),
    ),
    _proformas,
)
REJECTIONS = Export(
    "rejections",
    "Rejections",
    (
        Field("Invoice", lambda row: row.number, width=16),
        Field("Matter", lambda row: row.matter_number, width=16),
        Field("Matter name", lambda row: row.matter_name, width=32),
        Field("Carrier", lambda row: row.carrier_name),
        Field("Attorney", lambda row: row.attorney_name),
        Field("What happened", lambda row: word(row.kind), width=14),
        Field("Next", lambda row: word(row.step), width=14),
        Field("With", lambda row: row.owner_name),
        Field("Amount", lambda row: row.total_amount, Kind.MONEY),
        Field("At stake", lambda row: row.open_amount, Kind.MONEY),
        Field("Cuts", lambda row: row.cut_count, Kind.COUNT),
        Field("Last day", lambda row: row.due_on, Kind.DAY),
    ),
    _rejections,
)
REDUCTIONS = Export(
    "reductions",
    "Reductions of a year",
    (
        Field("Name", lambda row: row.name, width=40),
        Field("Invoices", lambda row: row.invoices, Kind.COUNT),
        Field("Lines", lambda row: row.lines, Kind.COUNT),
        Field("Cut", lambda row: row.cut_amount, Kind.MONEY),
        Field("Brought back", lambda row: row.restored_amount, Kind.MONEY),
        Field("Given up", lambda row: row.accepted_amount, Kind.MONEY),
        Field("Left", lambda row: row.left_amount, Kind.MONEY),
    ),
    _reductions,
)
