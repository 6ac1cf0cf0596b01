"""The cut-off is near: on the business day before and on the day itself, timekeepers with drafts and billing hear.

Nobody hears it twice: who bills and has drafts too gets one notice that says both.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from core.clock import today
from models import BillingPeriod, Expense, TimeEntry, User
from models.enums import EntryStatus, NoticeKind
from services.billing.business_days import business_days
from services.billing.waking import billers_of
from services.notices import tell
from services.row_ids import row_id

BEFORE, ON_THE_DAY = "before", "day"
# The end of an occasion that is told to who bills; "/billing" leads to the calendar.
BILLING, YOURS_TOO = "billing", "yours/billing"


def remind_of_cut_off(session: Session) -> int:
    """Tell everybody who has a part in it, once an occasion; return how many were told. Daily work."""
    told = 0
    for period, occasion in _near(session):
        people, billers = _people_with_drafts(session, period), set(billers_of(session))
        when = f"{period.cut_off_on}/{occasion}"
        told += _tell(session, people - billers, period, when)
        if anything_unreleased(session, period):
            told += _tell(session, people & billers, period, f"{when}/{YOURS_TOO}")
            told += _tell(session, billers - people, period, f"{when}/{BILLING}")
    return told


def _tell(session: Session, people: Iterable[int], period: BillingPeriod, occasion: str) -> int:
    kind, subject = NoticeKind.CUT_OFF_NEAR, "billing_period"
    return tell(session, people, kind, subject, row_id(period), occasion=occasion)


def anything_unreleased(session: Session, period: BillingPeriod) -> bool:
    """Whether work of a period is not released for billing yet."""
    models: tuple[tuple[Any, Any], ...] = ((TimeEntry, TimeEntry.worked_on), (Expense, Expense.incurred_on))
    for model, day in models:
        open_work = model.status.in_((EntryStatus.DRAFT, EntryStatus.SUBMITTED)) & (day <= period.ends_on)
        if session.scalar(select(model.id).where(open_work).limit(1)) is not None:
            return True
    return False


def _near(session: Session) -> Iterator[tuple[BillingPeriod, str]]:
    day = today()
    following = select(BillingPeriod).where(col(BillingPeriod.cut_off_on) >= day)
    days = business_days(session)
    for period in session.scalars(following.order_by(col(BillingPeriod.cut_off_on)).limit(2)).all():
        if period.cut_off_on == day:
            yield period, ON_THE_DAY
        elif days.before(period.cut_off_on) == day:
            yield period, BEFORE


def _people_with_drafts(session: Session, period: BillingPeriod) -> set[int]:
    found: set[int] = set()
    models: tuple[tuple[Any, Any], ...] = ((TimeEntry, TimeEntry.worked_on), (Expense, Expense.incurred_on))
    for model, day in models:
        drafts = (model.status == EntryStatus.DRAFT) & (day <= period.ends_on)
        theirs = col(User.timekeeper_id) == model.timekeeper_id
        people = select(col(User.id)).distinct().where(col(User.is_active), theirs, drafts)
        found |= {who for who in session.scalars(people) if who is not None}
    return found
