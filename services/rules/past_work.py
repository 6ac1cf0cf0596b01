"""The work that a bill's own lines do not show: the same people's other time, and the matter's other expenses.

What counts is what somebody has attested: submitted, released, held and billed time on every matter, as billed where it
is billed and as entered where it is not. Drafts may still change or go, so a bill is never held up by them; only the
person who types an entry is shown their own. What was written off is charged to nobody and does not count.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, or_, select
from sqlmodel import Session, col

from guidelines.history import History, PastLine
from models import Expense, Invoice, Matter, Proforma, ProformaLine, TimeEntry, Timekeeper
from models.enums import DocumentStatus, EntryKind, EntryStatus, LineTreatment, ProformaStatus
from services.rules.past_references import marker

COUNTED = (EntryStatus.SUBMITTED, EntryStatus.RELEASED, EntryStatus.HELD, EntryStatus.BILLED)
_STANDING = (DocumentStatus.OPEN, DocumentStatus.DELIVERED)
_AT_ONCE = 5000
_Statement = Select[*tuple[Any, ...]]


@dataclass(frozen=True)
class PersonDay:
    """One timekeeper, by code, on one day of work."""

    timekeeper_code: str
    worked_on: date


@dataclass(frozen=True)
class _Billing:
    """What became of an entry on proformas: units billed so far, whether it bills at all, and its invoice."""

    units: Decimal | None
    is_written_off: bool
    is_invoiced: bool


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which past work to read.

    Attributes:
        days: whose time of which days, on any matter.
        matter_ids: matters whose own time and expenses count, from `since` (None = ever) to `until`.
        drafts_of: code of a timekeeper whose drafts count too.
    """

    days: frozenset[PersonDay] = frozenset()
    matter_ids: frozenset[int] = frozenset()
    since: date | None = None
    until: date | None = None
    drafts_of: str = ""


def load_past_work(session: Session, wanted: Wanted) -> History:
    """Read it in at most five statements, whatever the number of people, days and matters."""
    return History([*_fees(session, wanted), *_expenses(session, wanted)])


def _fees(session: Session, wanted: Wanted) -> Iterator[PastLine]:
    found: dict[int, Row[Any]] = {}
    if wanted.days:
        of_people = (
            col(Timekeeper.code).in_({day.timekeeper_code for day in wanted.days}),
            col(TimeEntry.worked_on).in_({day.worked_on for day in wanted.days}),
        )
        rows = session.execute(_time(wanted).where(*of_people))
        found = {row.id: row for row in rows if PersonDay(row.timekeeper_code, row.day) in wanted.days}
    if wanted.matter_ids:
        of_matters = _time(wanted).where(*_of_matters(wanted, TimeEntry.matter_id, TimeEntry.worked_on))
        found |= {row.id: row for row in session.execute(of_matters)}
    billing = _billing(session, ProformaLine.time_entry_id, list(found))
    return (past for row in found.values() if (past := _past_fee(row, billing.get(row.id))))


def _expenses(session: Session, wanted: Wanted) -> Iterator[PastLine]:
    if not wanted.matter_ids:
        return iter(())
    spent = _spent().where(*_of_matters(wanted, Expense.matter_id, Expense.incurred_on))
    rows = session.execute(spent).all()
    billing = _billing(session, ProformaLine.expense_id, [row.id for row in rows])
    return (past for row in rows if (past := _past_expense(row, billing.get(row.id))))


def _of_matters(wanted: Wanted, matter_id: Any, day: Any) -> Iterator[ColumnElement[bool]]:  # noqa: ANN401 -- columns
    yield col(matter_id).in_(wanted.matter_ids)
    if wanted.since is not None:
        yield col(day) >= wanted.since
    if wanted.until is not None:
        yield col(day) <= wanted.until


def _time(wanted: Wanted) -> _Statement:
    entry = TimeEntry
    counted: ColumnElement[bool] = col(entry.status).in_(COUNTED)
    if wanted.drafts_of:
        is_own_draft = and_(col(entry.status) == EntryStatus.DRAFT, col(Timekeeper.code) == wanted.drafts_of)
        counted = or_(counted, is_own_draft)
    return (
        select(
            col(entry.id),
            col(Matter.number).label("matter"),
            col(Timekeeper.code).label("timekeeper_code"),
            col(entry.worked_on).label("day"),
            col(entry.entered_hours).label("units"),
            col(entry.entered_narrative).label("narrative"),
            col(entry.task_code),
            col(entry.started_at),
            col(entry.ended_at),
        )
        .join(Matter, col(Matter.id) == col(entry.matter_id))
        .join(Timekeeper, col(Timekeeper.id) == col(entry.timekeeper_id))
        .where(counted)
        .order_by(col(entry.worked_on), col(entry.id))
    )


def _spent() -> _Statement:
    expense = Expense
    return (
        select(
            col(expense.id),
            col(Matter.number).label("matter"),
            col(Timekeeper.code).label("timekeeper_code"),
            col(expense.incurred_on).label("day"),
            col(expense.units),
            col(expense.unit_cost),
            col(expense.narrative),
            col(expense.expense_code),
        )
        .join(Matter, col(Matter.id) == col(expense.matter_id))
        .outerjoin(Timekeeper, col(Timekeeper.id) == col(expense.timekeeper_id))
        .where(col(expense.status).in_(COUNTED))
        .order_by(col(expense.incurred_on), col(expense.id))
    )


def _billing(session: Session, column: Any, ids: list[int]) -> dict[int, _Billing]:  # noqa: ANN401 -- a line's column
    found: dict[int, dict[int, Row[Any]]] = defaultdict(dict)
    for start in range(0, len(ids), _AT_ONCE):
        statement: _Statement = (
            select(
                col(column).label("entry_id"),
                col(ProformaLine.id),
                col(ProformaLine.billed_units),
                col(ProformaLine.treatment),
                col(Invoice.id).label("invoice_id"),
            )
            .join(Proforma, col(Proforma.id) == col(ProformaLine.proforma_id))
            .outerjoin(
                Invoice,
                and_(col(Invoice.proforma_id) == col(Proforma.id), col(Invoice.document_status).in_(_STANDING)),
            )
            .where(col(column).in_(ids[start : start + _AT_ONCE]), col(Proforma.status) != ProformaStatus.VOIDED)
        )
        for row in session.execute(statement):
            found[row.entry_id][row.id] = row
    return {entry_id: _settled(list(lines.values())) for entry_id, lines in found.items()}


# Combined expenses are billed by the line that they were combined into.
_INVOICED = frozenset({LineTreatment.BILL, LineTreatment.COMBINED})


def _settled(lines: list[Row[Any]]) -> _Billing:
    bills = [line for line in lines if line.treatment is LineTreatment.BILL]
    return _Billing(
        units=sum((line.billed_units for line in bills), start=Decimal(0)) if bills else None,
        is_written_off=not bills and any(line.treatment is LineTreatment.WRITE_OFF for line in lines),
        is_invoiced=any(line.invoice_id is not None for line in lines if line.treatment in _INVOICED),
    )


def _past_fee(row: Row[Any], billing: _Billing | None) -> PastLine | None:
    if billing is not None and billing.is_written_off:
        return None
    source = source_of(EntryKind.FEE, row.id)
    return PastLine(
        source=source,
        reference=marker(source),
        matter=row.matter,
        kind="F",
        worked_on=row.day,
        timekeeper_id=row.timekeeper_code,
        units=_units(row, billing),
        narrative=row.narrative,
        is_billed=billing is not None and billing.is_invoiced,
        task_code=row.task_code,
        started_at=row.started_at,
        ended_at=row.ended_at,
    )


def _past_expense(row: Row[Any], billing: _Billing | None) -> PastLine | None:
    if billing is not None and billing.is_written_off:
        return None
    source = source_of(EntryKind.EXPENSE, row.id)
    return PastLine(
        source=source,
        reference=marker(source),
        matter=row.matter,
        kind="E",
        worked_on=row.day,
        timekeeper_id=row.timekeeper_code or "",
        units=_units(row, billing),
        unit_cost=row.unit_cost,
        narrative=row.narrative,
        is_billed=billing is not None and billing.is_invoiced,
        expense_code=row.expense_code,
    )


def _units(row: Row[Any], billing: _Billing | None) -> Decimal:
    units: Decimal = row.units if billing is None or billing.units is None else billing.units
    return units


def source_of(kind: EntryKind, entry_id: int) -> str:
    """Return the identity of an entry: 'time:17' or 'expense:4'."""
    return f"{'time' if kind is EntryKind.FEE else 'expense'}:{entry_id}"
