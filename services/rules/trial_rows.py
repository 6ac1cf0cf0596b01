"""The rows behind a month of a carrier's bills: one statement each for invoices, proformas, and their lines."""

from calendar import monthrange
from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select, union

from models import Invoice, InvoiceLine, InvoiceRevision, Matter, MatterPayor, Proforma, ProformaLine, TimeEntry
from models.enums import DocumentStatus, EntryKind, LineTreatment
from services.billing.work_in_progress import LIVE_PROFORMA
from services.tables import one_of, table_of

# A discount on the whole bill is none of the lines that guidelines speak of.
_CHECKED = (EntryKind.FEE, EntryKind.EXPENSE)
_STANDING = (DocumentStatus.OPEN, DocumentStatus.DELIVERED)
_I, _R, _L = table_of(Invoice).c, table_of(InvoiceRevision).c, table_of(InvoiceLine).c
_P, _PL, _T = table_of(Proforma).c, table_of(ProformaLine).c, table_of(TimeEntry).c
_M, _MP = table_of(Matter).c, table_of(MatterPayor).c
Span = tuple[date, date]
_Rows = Select[*tuple[Any, ...]]


def month_of(day: date) -> Span:
    """Return the first and the last day of a day's month."""
    return day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1])


def ends(carrier_id: int) -> Select[date]:
    """Return the statement for the days on which bills of the carrier's matters end."""
    sent = select(_R.period_end).select_from(_current()).where(_I.carrier_id == carrier_id, _stands())
    drawn = select(_P.period_end).where(_is_live(), _is_payor(carrier_id))
    found = union(sent, drawn).subquery()
    return select(found.c.period_end)


def invoices(carrier_id: int, span: Span) -> _Rows:
    """Return the statement for the invoices that stand, as their current revisions are."""
    columns = (_I.id, _I.number, _I.matter_id, _I.delivered_at, _R.invoice_date, _R.period_start, _R.period_end)
    return (
        select(*columns, _M.number.label("matter_number"))
        .select_from(_current().join(table_of(Matter), _M.id == _I.matter_id))
        .where(*_of(carrier_id, span))
        .order_by(_I.number)
    )


def invoice_lines(carrier_id: int, span: Span) -> _Rows:
    """Return the statement for the lines of `invoices`, by invoice and place."""
    joined = (
        _current()
        .join(table_of(InvoiceLine), _L.invoice_revision_id == _R.id)
        .join(table_of(ProformaLine), _PL.id == _L.proforma_line_id)
        .outerjoin(table_of(TimeEntry), _T.id == _PL.time_entry_id)
    )
    as_sent = (_L.kind, _L.worked_on, _L.units, _L.unit_cost, _L.adjustment_amount, _L.narrative, _L.line_number)
    return (
        select(_I.id.label("bill_id"), *as_sent, _L.task_code, _L.activity_code, _L.expense_code, *_behind())
        .select_from(joined)
        .where(*_of(carrier_id, span), one_of(_L.kind, _CHECKED))
        .order_by(_I.id, _L.line_number)
    )


def proformas(carrier_id: int, span: Span) -> _Rows:
    """Return the statement for the proformas of matters that the carrier pays, alone or with others."""
    return (
        select(_P.id, _P.matter_id, _P.period_start, _P.period_end, _M.number.label("matter_number"))
        .join(table_of(Matter), _M.id == _P.matter_id)
        .where(_is_live(), _P.period_end.between(*span), _is_payor(carrier_id))
        .order_by(_M.number, _P.id)
    )


def proforma_lines(proforma_ids: Collection[int]) -> _Rows:
    """Return the statement for the lines that bill, by proforma and place."""
    as_drawn = (_PL.kind, _PL.worked_on, _PL.unit_cost, _PL.adjustment_amount, _PL.line_number)
    codes = (_PL.task_code, _PL.activity_code, _PL.expense_code)
    return (
        select(
            _PL.proforma_id.label("bill_id"),
            _PL.billed_units.label("units"),
            _PL.billed_narrative.label("narrative"),
            *as_drawn,
            *codes,
            *_behind(),
        )
        .outerjoin(table_of(TimeEntry), _T.id == _PL.time_entry_id)
        .where(_PL.proforma_id.in_(proforma_ids), _PL.treatment == LineTreatment.BILL, one_of(_PL.kind, _CHECKED))
        .order_by(_PL.proforma_id, _PL.line_number)
    )


def billed_ends(carrier_id: int, matter_ids: Collection[int]) -> _Rows:
    """Return the statement for when the periods of every standing invoice to the carrier on these matters end."""
    return (
        select(_I.id, _I.matter_id, _R.period_end)
        .select_from(_current())
        .where(_I.carrier_id == carrier_id, _I.matter_id.in_(matter_ids), _stands())
    )


def billed(carrier_id: int, matter_ids: Collection[int]) -> _Rows:
    """Return the statement for what those invoices bill, by task and day of work, as budgets count it."""
    what = (_I.id, _I.matter_id, _R.period_end, _L.task_code, _L.worked_on)
    return (
        select(*what, func.sum(_L.total_amount).label("amount"))
        .select_from(_current().join(table_of(InvoiceLine), _L.invoice_revision_id == _R.id))
        .where(_I.carrier_id == carrier_id, _I.matter_id.in_(matter_ids), _stands())
        .group_by(*what)
    )


def _behind() -> tuple[Any, ...]:
    """Return the columns of the proforma's line and of its entry."""
    line = (_PL.timekeeper_id, _PL.time_entry_id, _PL.expense_id, _PL.split_from_id)
    return (*line, _T.started_at, _T.ended_at)


def _current() -> Any:  # noqa: ANN401 -- a join
    is_current = and_(_R.invoice_id == _I.id, _R.number == _I.revision_number)
    return table_of(Invoice).join(table_of(InvoiceRevision), is_current)


def _of(carrier_id: int, span: Span) -> tuple[ColumnElement[bool], ...]:
    return (_I.carrier_id == carrier_id, _R.period_end.between(*span), _stands())


def _stands() -> ColumnElement[bool]:
    return one_of(_I.document_status, _STANDING)


def _is_live() -> ColumnElement[bool]:
    return one_of(_P.status, LIVE_PROFORMA)


def _is_payor(carrier_id: int) -> ColumnElement[bool]:
    return _P.matter_id.in_(select(_MP.matter_id).where(_MP.carrier_id == carrier_id))
