"""The running and the next billing cycles: their dates, and what is late of each by the person who has it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from core.clock import today
from core.money import ZERO
from models import BillingPeriod, Expense, Invoice, InvoiceRevision, Proforma, TimeEntry, Timekeeper, User
from models.enums import DocumentStatus, EntryStatus, ProformaStatus, Role
from services.access import require
from services.actor import Actor
from services.row_ids import row_id

_UNRELEASED = (EntryStatus.DRAFT, EntryStatus.SUBMITTED)
_CYCLES = 4


@dataclass(frozen=True)
class OpenWork:
    """What one person still has of a cycle, and its dollars where they are known."""

    who: str
    count: int
    amount: Decimal = ZERO


@dataclass(frozen=True)
class CycleRow:
    """One cycle. `unreleased` is by timekeeper, `unreviewed` by attorney; `unsent` are its open invoices.

    `moved` names the dates that somebody moved by hand.
    """

    period_id: int
    version: int
    starts_on: date
    ends_on: date
    cut_off_on: date
    run_on: date
    review_due_on: date
    send_by_on: date
    note: str
    moved: frozenset[str]
    unreleased: tuple[OpenWork, ...]
    unreviewed: tuple[OpenWork, ...]
    unsent: OpenWork

    @property
    def is_done(self) -> bool:
        """Whether its last day has passed and nothing of it is open."""
        return self.send_by_on < today() and not (self.unreleased or self.unreviewed or self.unsent.count)


def list_cycles(session: Session, actor: Actor) -> list[CycleRow]:
    """Return the cycles that matter now: those not sent yet, and the last one before them while anything is late."""
    require(actor, Role.BILLER, Role.ADMIN, what="Reading the billing calendar")
    order = col(BillingPeriod.ends_on)
    running = select(BillingPeriod).where(col(BillingPeriod.send_by_on) >= today()).order_by(order).limit(_CYCLES)
    before = select(BillingPeriod).where(col(BillingPeriod.send_by_on) < today()).order_by(order.desc()).limit(1)
    periods = [*session.scalars(before), *session.scalars(running)]
    rows = [_row(session, period) for period in periods]
    return [row for row in rows if not row.is_done]


def _row(session: Session, period: BillingPeriod) -> CycleRow:
    has_begun = period.starts_on <= today()
    return CycleRow(
        period_id=row_id(period),
        version=period.version,
        starts_on=period.starts_on,
        ends_on=period.ends_on,
        cut_off_on=period.cut_off_on,
        run_on=period.run_on,
        review_due_on=period.review_due_on,
        send_by_on=period.send_by_on,
        note=period.note,
        moved=frozenset(period.moved),
        # Work of a month that is still under way is not counted as open: there is more of it every day.
        unreleased=_unreleased(session, period) if period.ends_on <= today() else (),
        unreviewed=_unreviewed(session, period) if has_begun else (),
        unsent=_unsent(session, period) if has_begun else OpenWork("Billing", 0),
    )


def _unreleased(session: Session, period: BillingPeriod) -> tuple[OpenWork, ...]:
    counts: dict[str, int] = {}
    for who, count in _unreleased_rows(session, period):
        counts[who] = counts.get(who, 0) + count
    return tuple(OpenWork(who, count) for who, count in sorted(counts.items(), key=lambda one: (-one[1], one[0])))


def _unreleased_rows(session: Session, period: BillingPeriod) -> Iterator[tuple[str, int]]:
    models: tuple[tuple[Any, Any], ...] = ((TimeEntry, TimeEntry.worked_on), (Expense, Expense.incurred_on))
    for model, day in models:
        columns = (col(Timekeeper.last_name), col(Timekeeper.first_name))
        statement = (
            select(*columns, func.count())
            .select_from(model)
            .outerjoin(Timekeeper, col(Timekeeper.id) == model.timekeeper_id)
            .where(model.status.in_(_UNRELEASED), day <= period.ends_on)
            .group_by(*columns)
        )
        for last, first, count in session.execute(statement):
            yield (f"{last}, {first}" if last else "Nobody named"), count


def _unreviewed(session: Session, period: BillingPeriod) -> tuple[OpenWork, ...]:
    statement = (
        select(col(User.name), func.count(), func.sum(col(Proforma.billed_amount)))
        .join(User, col(User.id) == col(Proforma.reviewer_id))
        .where(col(Proforma.status) == ProformaStatus.IN_REVIEW, col(Proforma.period_end) == period.ends_on)
        .group_by(col(User.id), col(User.name))
        .order_by(func.count().desc(), col(User.name))
    )
    return tuple(OpenWork(*row) for row in session.execute(statement))


def _unsent(session: Session, period: BillingPeriod) -> OpenWork:
    current = (col(InvoiceRevision.invoice_id) == col(Invoice.id)) & (
        col(InvoiceRevision.number) == col(Invoice.revision_number)
    )
    statement = (
        select(func.count(), func.sum(col(Invoice.total_amount)))
        .join(InvoiceRevision, current)
        .where(col(Invoice.document_status) == DocumentStatus.OPEN, col(InvoiceRevision.period_end) == period.ends_on)
    )
    count, amount = session.execute(statement).one()
    return OpenWork("Billing", count, amount or ZERO)
