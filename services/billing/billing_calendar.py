"""The calendar of the billing cycle: each month's dates by the firm's rule, moved by hand where it must be."""

from calendar import monthrange
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy import select
from sqlmodel import Session, col

from core.clock import now, today
from core.errors import InvalidInputError
from core.settings import Settings, get_settings
from models import BillingPeriod, ClosingDay
from models.enums import Role
from services import audit, lifecycle
from services.access import person_id, require
from services.actor import Actor, system_actor
from services.billing.business_days import BusinessDays, business_days, holiday_name
from services.lifecycle import check_version
from services.row_ids import row_id

MONTHS_AHEAD: Final = 12
# The dates of a period in their order, and what people call them.
DATES: Final = {
    "cut_off_on": "Cut-off",
    "run_on": "Billing run",
    "review_due_on": "Review due",
    "send_by_on": "Send by",
}
_EDITORS = (Role.BILLER, Role.ADMIN)
_LONGEST_NAME, _LONGEST_NOTE = 80, 500


@dataclass(frozen=True)
class ClosingDayRow:
    """One day on which the firm is closed by its own choice."""

    id: int
    day: date
    name: str


def make_calendar(session: Session) -> int:
    """Make the periods from last month to a year ahead that are not there; return how many were made. Daily work."""
    first = (today().replace(day=1) - timedelta(days=1)).replace(day=1)
    there = set(session.scalars(select(col(BillingPeriod.starts_on)).where(col(BillingPeriod.starts_on) >= first)))
    missing = [start for start in _months(first, MONTHS_AHEAD + 2) if start not in there]
    days = business_days(session)
    for start in missing:
        session.add(_period(start, dates_by_rule(start, days)))
    session.flush()
    for period in session.scalars(select(BillingPeriod).where(col(BillingPeriod.starts_on).in_(missing))):
        audit.record(session, system_actor(), "billing_period:made", "billing_period", row_id(period))
    return len(missing)


def dates_by_rule(starts_on: date, days: BusinessDays, settings: Settings | None = None) -> dict[str, date]:
    """Return the dates of a month's bills, each so many business days after the month's end."""
    rule, end = settings or get_settings(), _last_day(starts_on)
    counts = (rule.cycle_cut_off_days, rule.cycle_run_days, rule.cycle_review_days, rule.cycle_send_days)
    return {name: days.after(end, count) for name, count in zip(DATES, counts, strict=True)}


def send_by(session: Session, ends_on: date) -> date:
    """Return the day by which a month's bills must have left: by the calendar, or by the rule where it has no entry."""
    starts_on = ends_on.replace(day=1)
    of_month = select(col(BillingPeriod.send_by_on)).where(col(BillingPeriod.starts_on) == starts_on)
    return session.scalars(of_month).one_or_none() or dates_by_rule(starts_on, business_days(session))["send_by_on"]


def period_end_of_calendar(session: Session, ends_on: date) -> BillingPeriod | None:
    """Return the period that ends on a day; None where the calendar has none."""
    return session.scalars(select(BillingPeriod).where(col(BillingPeriod.ends_on) == ends_on)).one_or_none()


def move_dates(
    session: Session,
    actor: Actor,
    *,
    period_id: int,
    expected_version: int,
    dates: Mapping[str, date],
    note: str = "",
) -> BillingPeriod:
    """Move dates of a period by hand; no rule moves those again.

    Raises:
        InvalidInputError: the dates would not follow each other, or there is no such date.
        DeniedError, StaleVersionError, NotFoundError: nothing was changed.
    """
    require(actor, *_EDITORS, what="Moving the dates of the billing calendar")
    period: BillingPeriod = lifecycle.get(session, BillingPeriod, period_id)
    session.refresh(period, with_for_update=True)
    check_version(period, expected_version)
    moved = {name: day for name, day in dates.items() if name in DATES and getattr(period, name) != day}
    wanted = {name: moved.get(name, getattr(period, name)) for name in DATES}
    _check_order(period, wanted)
    changes = {name: [getattr(period, name).isoformat(), day.isoformat()] for name, day in moved.items()}
    for name, day in moved.items():
        setattr(period, name, day)
    period.moved = sorted({*period.moved, *moved})
    period.note, period.version = note.strip()[:_LONGEST_NOTE], period.version + 1
    session.add(period)
    session.flush()
    audit.record(session, actor, "billing_period:moved", "billing_period", period_id, note=period.note, **changes)
    return period


def list_closing_days(session: Session, actor: Actor) -> list[ClosingDayRow]:
    """Return the firm's own closing days from this year on."""
    require(actor, *_EDITORS, what="Reading the billing calendar")
    first = date(today().year, 1, 1)
    statement = select(ClosingDay).where(col(ClosingDay.day) >= first).order_by(col(ClosingDay.day))
    return [ClosingDayRow(row_id(found), found.day, found.name) for found in session.scalars(statement)]


def add_closing_day(session: Session, actor: Actor, *, day: date, name: str) -> int:
    """Close the firm on a day; dates to come that nobody moved follow. Return how many periods changed.

    Raises:
        InvalidInputError: it has no name, or the firm is closed on that day anyway.
        DeniedError: the actor is no administrator.
    """
    require(actor, Role.ADMIN, what="Changing the firm's closing days")
    if not name.strip():
        raise InvalidInputError("Say what the closing day is for. Nothing was changed.")
    if not business_days(session).is_open(day):
        why = holiday_name(day) or ("a weekend" if day.weekday() > 4 else "closed already")  # noqa: PLR2004 -- Friday
        raise InvalidInputError(f"{day:%d %b %Y} is no business day: {why}. Nothing was changed.")
    closing = ClosingDay(day=day, name=name.strip()[:_LONGEST_NAME], created_by_id=person_id(actor), created_at=now())
    session.add(closing)
    session.flush()
    audit.record(session, actor, "closing_day:added", "closing_day", row_id(closing), day=day.isoformat())
    return _follow(session, actor)


def remove_closing_day(session: Session, actor: Actor, *, closing_day_id: int) -> int:
    """Work on a day again; dates to come that nobody moved follow. Return how many periods changed."""
    require(actor, Role.ADMIN, what="Changing the firm's closing days")
    closing: ClosingDay = lifecycle.get(session, ClosingDay, closing_day_id)
    day = closing.day
    session.delete(closing)
    session.flush()
    audit.record(session, actor, "closing_day:removed", "closing_day", closing_day_id, day=day.isoformat())
    return _follow(session, actor)


def _follow(session: Session, actor: Actor) -> int:
    """Give the dates to come that nobody moved their days by the rule; days that have passed stay."""
    days, changed = business_days(session), 0
    for period in session.scalars(select(BillingPeriod).where(col(BillingPeriod.send_by_on) > today())):
        by_rule = dates_by_rule(period.starts_on, days)
        free = {name for name in DATES if name not in period.moved and getattr(period, name) > today()}
        new = {name: day for name, day in by_rule.items() if name in free and getattr(period, name) != day}
        wanted = {name: new.get(name, getattr(period, name)) for name in DATES}
        if not new or not _is_in_order(period.ends_on, wanted.values()):
            continue
        for name, day in new.items():
            setattr(period, name, day)
        period.version += 1
        changed += 1
        told = {name: day.isoformat() for name, day in new.items()}
        audit.record(session, actor, "billing_period:followed", "billing_period", row_id(period), **told)
    session.flush()
    return changed


def _check_order(period: BillingPeriod, dates: Mapping[str, date]) -> None:
    if not _is_in_order(period.ends_on, dates.values()):
        message = (
            "The dates must follow each other after the end of the month: cut-off, billing run, review due, send by. "
            "Nothing was changed."
        )
        raise InvalidInputError(message)


def _is_in_order(ends_on: date, dates: Iterable[date]) -> bool:
    days = list(dates)
    return ends_on < days[0] and days == sorted(days)


def _period(starts_on: date, dates: Mapping[str, date]) -> BillingPeriod:
    period = BillingPeriod.model_validate({"starts_on": starts_on, "ends_on": _last_day(starts_on), **dates})
    period.moved = []
    return period


def _months(first: date, count: int) -> Iterator[date]:
    for number in range(count):
        month = first.month - 1 + number
        yield date(first.year + month // 12, month % 12 + 1, 1)


def _last_day(starts_on: date) -> date:
    return starts_on.replace(day=monthrange(starts_on.year, starts_on.month)[1])
