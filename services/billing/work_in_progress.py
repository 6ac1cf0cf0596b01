"""Work not yet billed, read once for a whole billing run: matters, entries, expenses, what is on a live proforma."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, literal, null, select
from sqlmodel import Session, col

from models import Expense, Matter, Proforma, ProformaLine, TimeEntry, Timekeeper, User
from models.enums import BillingFrequency, EntryKind, EntryStatus, LineTreatment, MatterStatus, ProformaStatus
from models.person import ledes_name
from services.billing.receipt_marks import has_receipt
from services.tables import table_of

_AnySelect = Select[*tuple[Any, ...]]
LIVE_PROFORMA = (
    ProformaStatus.DRAFT,
    ProformaStatus.IN_REVIEW,
    ProformaStatus.IN_APPROVAL,
    ProformaStatus.RETURNED,
    ProformaStatus.APPROVED,
    ProformaStatus.HELD,
)
_UNBILLED = (EntryStatus.DRAFT, EntryStatus.SUBMITTED, EntryStatus.RELEASED, EntryStatus.HELD)


@dataclass(frozen=True, slots=True)
class MatterFacts:
    """What a run needs to know of a matter; `held_from` is when its last hold began, `hold_until` when it ends."""

    id: int
    number: str
    name: str
    status: MatterStatus
    reviewer_id: int
    reviewer_name: str
    frequency: BillingFrequency = BillingFrequency.MONTHLY
    closed_on: date | None = None
    hold_until: date | None = None
    hold_reason: str = ""
    held_from: date | None = None


@dataclass(frozen=True, slots=True)
class TimekeeperFacts:
    """Whose work it is; `name` is 'Last, First'."""

    id: int
    code: str
    name: str
    classification: str


@dataclass(frozen=True, slots=True)
class WorkItem:
    """One unbilled time entry or expense; `unit_cost` is None for time, whose rate is looked up.

    `held_until` is the day on which its hold ends, or ended.
    """

    kind: EntryKind
    id: int
    matter_id: int
    timekeeper_id: int | None
    worked_on: date
    worked_units: Decimal
    entered_units: Decimal
    unit_cost: Decimal | None
    narrative: str
    task_code: str
    activity_code: str
    expense_code: str
    status: EntryStatus
    is_confidential: bool
    started_at: time | None = None
    ended_at: time | None = None
    held_until: date | None = None
    hold_reason: str = ""
    has_receipt: bool = False

    @property
    def key(self) -> tuple[EntryKind, int]:
        """What tells it from all others: an entry and an expense may share an id."""
        return (self.kind, self.id)

    @property
    def has_codes(self) -> bool:
        """Whether a fee has task and activity, an expense its expense code; no code is ever filled in."""
        if self.kind is EntryKind.EXPENSE:
            return bool(self.expense_code)
        return bool(self.task_code and self.activity_code)


def load_matters(session: Session, matter_ids: Collection[int] | None, *, lock: bool = False) -> list[MatterFacts]:
    """Return matters by number; None = all. `lock` makes rival runs wait until this one has ended."""
    columns = (
        Matter.id,
        Matter.number,
        Matter.name,
        Matter.status,
        Matter.responsible_attorney_id,
        User.name,
        Matter.billing_frequency,
        Matter.closed_on,
        Matter.billing_hold_until,
        Matter.billing_hold_reason,
        Matter.billing_held_from,
    )
    statement = (
        select(*(col(column) for column in columns))
        .join(User, col(User.id) == col(Matter.responsible_attorney_id))
        .order_by(col(Matter.number))
    )
    if matter_ids is not None:
        statement = statement.where(col(Matter.id).in_(matter_ids))
    if lock:
        statement = statement.with_for_update(of=Matter)
    return [MatterFacts(*row) for row in session.execute(statement)]


def load_timekeepers(session: Session, ids: Collection[int] | None = None) -> dict[int, TimekeeperFacts]:
    """Return timekeepers by id; None = every one."""
    asked = {} if ids is None else {"ids": list(ids)}
    return {
        key: TimekeeperFacts(key, code, ledes_name(first_name, last_name), classification)
        for key, code, first_name, last_name, classification in session.execute(_timekeepers(bool(asked)), asked)
    }


# Asked at every edit, so it is built once.
@cache
def _timekeepers(of_some: bool) -> _AnySelect:  # noqa: FBT001 -- a cache's key
    who = table_of(Timekeeper).c
    statement = select(who.id, who.code, who.first_name, who.last_name, who.classification)
    return statement.where(who.id.in_(bindparam("ids", expanding=True))) if of_some else statement


def load_work(session: Session, period_end: date, matter_ids: Collection[int] | None) -> list[WorkItem]:
    """Return what is unbilled up to a day, by matter and date, fees before expenses; two queries."""
    time = session.execute(_of_matters(_time(period_end), TimeEntry.matter_id, matter_ids))
    expenses = session.execute(_of_matters(_expenses(period_end), Expense.matter_id, matter_ids))
    fees = [WorkItem(EntryKind.FEE, *row) for row in time]
    return [*fees, *(WorkItem(EntryKind.EXPENSE, *row) for row in expenses)]


def work_page(
    session: Session,
    until: date,
    *,
    after: tuple[EntryKind, int] | None,
    attorney_id: int | None,
    limit: int,
) -> list[WorkItem]:
    """Return the next unbilled work up to a day: fees by id, then expenses by id; None = of every attorney."""
    kind, key = after or (EntryKind.FEE, 0)
    items: list[WorkItem] = []
    if kind is EntryKind.FEE:
        fees = _next(_time(until), TimeEntry, key, attorney_id, limit)
        items = [WorkItem(EntryKind.FEE, *row) for row in session.execute(fees)]
        key = 0
    if len(items) < limit:
        expenses = _next(_expenses(until), Expense, key, attorney_id, limit - len(items))
        items += [WorkItem(EntryKind.EXPENSE, *row) for row in session.execute(expenses)]
    return items


def _next(statement: _AnySelect, model: Any, key: int, attorney_id: int | None, limit: int) -> _AnySelect:  # noqa: ANN401
    own = statement.join(Matter, col(Matter.id) == model.matter_id).where(model.id > key)
    if attorney_id is not None:
        own = own.where(col(Matter.responsible_attorney_id) == attorney_id)
    return own.order_by(None).order_by(model.id).limit(limit)


def on_live_proformas(session: Session, matter_ids: Collection[int] | None) -> dict[tuple[EntryKind, int], str]:
    """Return what stands on a proforma that is neither final nor voided, with its reviewer's name."""
    statement: _AnySelect = (
        select(col(ProformaLine.kind), col(ProformaLine.time_entry_id), col(ProformaLine.expense_id), col(User.name))
        .join(Proforma, col(Proforma.id) == col(ProformaLine.proforma_id))
        .join(User, col(User.id) == col(Proforma.reviewer_id))
        .where(
            col(Proforma.status).in_(LIVE_PROFORMA),
            col(ProformaLine.treatment) != LineTreatment.TRANSFER,
            col(ProformaLine.kind).in_((EntryKind.FEE, EntryKind.EXPENSE)),
        )
    )
    rows = session.execute(_of_matters(statement, Proforma.matter_id, matter_ids))
    return {
        (kind, time_entry_id if kind is EntryKind.FEE else expense_id): reviewer
        for kind, time_entry_id, expense_id, reviewer in rows
    }


def _time(period_end: date) -> _AnySelect:
    entry = TimeEntry
    columns: tuple[Any, ...] = (
        col(entry.id),
        col(entry.matter_id),
        col(entry.timekeeper_id),
        col(entry.worked_on),
        col(entry.worked_hours),
        col(entry.entered_hours),
        null(),
        col(entry.entered_narrative),
        col(entry.task_code),
        col(entry.activity_code),
        literal(""),
        col(entry.status),
        col(entry.is_confidential),
        col(entry.started_at),
        col(entry.ended_at),
        col(entry.held_until),
        col(entry.hold_reason),
    )
    return (
        select(*columns)
        .where(col(entry.status).in_(_UNBILLED), col(entry.worked_on) <= period_end)
        .order_by(col(entry.matter_id), col(entry.worked_on), col(entry.id))
    )


def _expenses(period_end: date) -> _AnySelect:
    expense = Expense
    columns: tuple[Any, ...] = (
        col(expense.id),
        col(expense.matter_id),
        col(expense.timekeeper_id),
        col(expense.incurred_on),
        col(expense.units),
        col(expense.units).label("entered_units"),
        col(expense.unit_cost),
        col(expense.narrative),
        literal(""),
        literal("").label("activity_code"),
        col(expense.expense_code),
        col(expense.status),
        literal(False),
        null().label("started_at"),
        null().label("ended_at"),
        col(expense.held_until),
        col(expense.hold_reason),
        has_receipt(),
    )
    return (
        select(*columns)
        .where(col(expense.status).in_(_UNBILLED), col(expense.incurred_on) <= period_end)
        .order_by(col(expense.matter_id), col(expense.incurred_on), col(expense.id))
    )


def _of_matters(statement: _AnySelect, column: Any, matter_ids: Collection[int] | None) -> _AnySelect:  # noqa: ANN401
    return statement if matter_ids is None else statement.where(column.in_(matter_ids))
