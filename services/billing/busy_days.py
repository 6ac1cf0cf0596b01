"""The few days of a month on which somebody's time elsewhere can matter to a rule, found by one grouped statement.

A month of thousands of bills would else read everybody's whole month again and again.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from sqlalchemy import distinct, func, or_, select
from sqlmodel import Session, col

from carriers.profile import CarrierProfile
from models import TimeEntry, Timekeeper
from services.rules.past_work import COUNTED, PersonDay


def least_daily_limit(profiles: Iterable[CarrierProfile]) -> Decimal | None:
    """Return the fewest hours a day that any of the carriers pays, None where none sets a limit."""
    limits = (
        getattr(rule, "hours", None)
        for profile in profiles
        for rule in profile.guidelines
        if rule.kind == "max_hours_per_day"
    )
    return min((limit for limit in limits if limit is not None), default=None)


def busy_days(session: Session, *, first: date | None, last: date, limit: Decimal | None) -> frozenset[PersonDay]:
    """Return the days with more than `limit` hours, with the same hours on two entries, or with timed work twice."""
    entry = TimeEntry
    twice = func.count(col(entry.id)) > func.count(distinct(col(entry.entered_hours)))
    timed = func.count(col(entry.started_at)) > 1
    over = () if limit is None else (func.sum(col(entry.entered_hours)) > limit,)
    statement = (
        select(col(Timekeeper.code), col(entry.worked_on))
        .join(Timekeeper, col(Timekeeper.id) == col(entry.timekeeper_id))
        .where(col(entry.status).in_(COUNTED), col(entry.worked_on) <= last)
        .group_by(col(Timekeeper.code), col(entry.worked_on))
        .having(or_(twice, timed, *over))
    )
    if first is not None:
        statement = statement.where(col(entry.worked_on) >= first)
    return frozenset(PersonDay(code, day) for code, day in session.execute(statement))
