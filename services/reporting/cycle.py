"""The burn-down of one billing month: how many bills are to be made, to be delivered and delivered, day by day.

A bill is an invoice that stands, or a live proforma that has not become one. All bills that there are today count from
the first day on, so that the line goes down and never up.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session

from adapters.spreadsheets import Kind, SheetColumn
from core.clock import today
from models import Invoice, Matter, Proforma
from models.enums import DocumentStatus, ProformaStatus
from services.billing.billing_calendar import send_by
from services.reporting.question import AnySelect, ReportQuestion, month_end, of_invoices, of_proformas
from services.reporting.realisation import GONE
from services.reporting.table import Report, ReportTable, Span, added_up, count, money, text
from services.tables import one_of, table_of

_I, _M, _P = table_of(Invoice), table_of(Matter), table_of(Proforma)
_OVER = (ProformaStatus.VOIDED, ProformaStatus.FINALIZED)
# How long after the close late bills are still drawn day by day.
_LATE = timedelta(days=30)
_STATES = {
    ProformaStatus.DRAFT: "Draft",
    ProformaStatus.IN_REVIEW: "In review",
    ProformaStatus.IN_APPROVAL: "In approval",
    ProformaStatus.RETURNED: "Returned",
    ProformaStatus.HELD: "Held",
    ProformaStatus.APPROVED: "Approved",
}


@dataclass(frozen=True)
class BurnDay:
    """The end of one day: bills still to be made, made and to be delivered, delivered."""

    day: date
    to_make: int
    to_deliver: int
    delivered: int

    @property
    def left(self) -> int:
        """Bills that nobody has."""
        return self.to_make + self.to_deliver

    @property
    def total(self) -> int:
        """All bills of the month."""
        return self.left + self.delivered


@dataclass(frozen=True)
class BurnDown:
    """A billing month's bills day by day, and the day by which the billing calendar lets them leave."""

    days: tuple[BurnDay, ...]
    month_end: date
    closes: date

    def planned_left(self, day: date) -> int:
        """Return how many bills the plan leaves at the end of a day: a straight line from all of them to none.

        It begins with the last day of the billing month and ends with the close. Halves are rounded up.
        """
        total = self.days[0].total if self.days else 0
        days, left = max((self.closes - self.month_end).days, 1), (self.closes - day).days
        return (2 * total * min(max(left, 0), days) + days) // (2 * days)


def burn_down(session: Session, question: ReportQuestion) -> BurnDown:
    """Return the cycle of the question's last month, from the day after the month until today.

    It ends with the close, or with the last that happened after it; bills still left are drawn for a month more.
    """
    closes = send_by(session, question.last)
    waiting = session.execute(_unmade(question)).scalar_one()
    made: Counter[date] = Counter()
    delivered: Counter[date] = Counter()
    for made_on, delivered_on, bills in session.execute(_made(question)):
        made[_day(made_on)] += bills
        if delivered_on is not None:
            delivered[_day(delivered_on)] += bills
    total = waiting + sum(made.values())
    is_over = total == sum(delivered.values())
    calendar = list(_calendar(question, closes if is_over else closes + _LATE, [*made, *delivered]))
    found = tuple(_days(total, made, delivered, calendar)) if total else ()
    return BurnDown(found, month_end(question.last), closes)


def cycle(session: Session, question: ReportQuestion) -> tuple[ReportTable, ...]:
    """Return the burn-down and how the month's bills stand now."""
    names = ("To make", "To deliver", "Delivered", "Left", "Left by plan")
    columns = (SheetColumn("Day", Kind.DAY), *map(count, names))
    burn = burn_down(session, question)
    rows = tuple(
        (one.day, one.to_make, one.to_deliver, one.delivered, one.left, burn.planned_left(one.day)) for one in burn.days
    )
    closes = burn.closes
    note = f"The bills of {question.last:%B %Y}. By plan they go out evenly until {closes:%B} {closes.day}."
    return (
        ReportTable("burn-down", "Bills left, day by day", columns, rows, note=note, until=closes),
        _standing(session, question),
    )


def _standing(session: Session, question: ReportQuestion) -> ReportTable:
    columns = (text("State"), count("Bills"), money("Amount"))
    proformas = {status: (bills, amount) for status, bills, amount in session.execute(_proformas(question))}
    invoices = {status: (bills, amount) for status, bills, amount in session.execute(_invoices(question))}
    rows: list[tuple[Any, ...]] = [
        (word, *proformas[status]) for status, word in _STATES.items() if status in proformas
    ]
    words = {DocumentStatus.OPEN: "Invoice made, to deliver", DocumentStatus.DELIVERED: "Delivered"}
    rows += [(word, *invoices[status]) for status, word in words.items() if status in invoices]
    return ReportTable("states", "How they stand now", columns, tuple(rows), tuple(added_up(rows, columns)))


def _days(total: int, made: Counter[date], delivered: Counter[date], calendar: list[date]) -> Iterator[BurnDay]:
    first = calendar[0]
    so_far = sum(count for day, count in made.items() if day < first)
    gone = sum(count for day, count in delivered.items() if day < first)
    for day in calendar:
        so_far, gone = so_far + made[day], gone + delivered[day]
        yield BurnDay(day, total - so_far, so_far - gone, gone)


def _calendar(question: ReportQuestion, until: date, happened: Iterable[date]) -> Iterator[date]:
    """The days from the month's end to today; at most until a day, or the last on which something came later."""
    day = question.last + timedelta(days=1)
    last = max([min(today(), until), *(one for one in happened if one <= today()), day])
    while day <= last:
        yield day
        day += timedelta(days=1)


def _unmade(question: ReportQuestion) -> AnySelect:
    return _of_proformas(select(func.count()).select_from(_P), question)


def _proformas(question: ReportQuestion) -> AnySelect:
    return _of_proformas(select(_P.c.status, func.count(), func.sum(_P.c.billed_amount)), question).group_by(
        _P.c.status
    )


def _of_proformas(statement: AnySelect, question: ReportQuestion) -> AnySelect:
    return statement.join(_M, _M.c.id == _P.c.matter_id).where(
        _P.c.period_end.between(question.last.replace(day=1), month_end(question.last)),
        ~one_of(_P.c.status, _OVER),
        *of_proformas(question, _P, _M),
    )


def _made(question: ReportQuestion) -> AnySelect:
    made_on, delivered_on = func.date(_I.c.finalized_at), func.date(_I.c.delivered_at)
    return _of_invoices(select(made_on, delivered_on, func.count()), question).group_by(made_on, delivered_on)


def _invoices(question: ReportQuestion) -> AnySelect:
    status = _I.c.document_status
    return _of_invoices(select(status, func.count(), func.sum(_I.c.total_amount)), question).group_by(status)


def _of_invoices(statement: AnySelect, question: ReportQuestion) -> AnySelect:
    return (
        statement.select_from(_I)
        .join(_P, _P.c.id == _I.c.proforma_id)
        .join(_M, _M.c.id == _I.c.matter_id)
        .where(
            _P.c.period_end.between(question.last.replace(day=1), month_end(question.last)),
            ~one_of(_I.c.document_status, GONE),
            *of_invoices(question, _I, _M),
        )
    )


def _day(stored: date | datetime | str) -> date:
    """Return a day as the database gives it: SQLite has no dates of its own."""
    return date.fromisoformat(stored[:10]) if isinstance(stored, str) else date(stored.year, stored.month, stored.day)


CYCLE = Report("cycle", "Cycle", "Whether the month's bills are out in time.", cycle, Span.MONTH)
