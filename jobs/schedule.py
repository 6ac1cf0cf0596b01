"""What runs by the clock: a table of schedules, and the loop that gives each its turn. The dispatcher carries it along.

A new schedule is a line of `SCHEDULES`. Its work runs in the transaction that takes the turn, so it is short; long work
writes a row that a worker is rung for.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from core.clock import now
from core.db import Database
from core.errors import BillingError
from core.log import get_logger
from core.settings import get_settings
from services.billing.billing_calendar import make_calendar
from services.billing.cut_off_reminders import remind_of_cut_off
from services.billing.waking import wake_holds
from services.ledes_desk.ledes_files import discard_expired
from services.notifications.retention import forget_old
from services.reporting.report_planning import plan_report_mails
from services.responses.appeal_clock import run_appeal_clock
from services.responses.mailbox_reading import ask_to_read
from services.review.presence import forget_the_gone
from services.review.review_clock import remind_of_reviews
from services.schedule import take_slot
from services.sites.health_walks import night_of, plan_walks
from services.sites.password_expiry import remind_of_expiring_passwords
from services.uploads.doubts import escalate_doubts

_RETRY_SECONDS = 60.0
_log = get_logger(__name__)


@dataclass(frozen=True)
class Schedule:
    """One kind of work by the clock; `slot_of` names the turn that an instant (UTC) belongs to."""

    name: str
    slot_of: Callable[[datetime], str]
    work: Callable[[Session], object]


def hourly(at: datetime) -> str:
    """Return the hour: '2026-11-28T18'."""
    return f"{at:%Y-%m-%dT%H}"


def every_ten_minutes(at: datetime) -> str:
    """Return the sixth of the hour: '2026-11-28T18:2'."""
    return f"{at:%Y-%m-%dT%H:%M}"[:-1]


def daily(at: datetime) -> str:
    """Return the day: '2026-11-28'."""
    return f"{at:%Y-%m-%d}"


def as_often_as_the_mailbox(at: datetime) -> str:
    """Return the number of the turn in which the mailbox is read: a minute's, unless the settings say otherwise."""
    return str(int(at.timestamp() / get_settings().mailbox_seconds))


def nightly(at: datetime) -> str:
    """Return the night, named by the day on which it begins: '2026-11-28'."""
    return f"{night_of(at, get_settings())[0]:%Y-%m-%d}"


SCHEDULES = (
    Schedule("mailbox", as_often_as_the_mailbox, ask_to_read),
    Schedule("password-reminders", hourly, remind_of_expiring_passwords),
    Schedule("ledes-files", hourly, discard_expired),
    Schedule("presence", hourly, forget_the_gone),
    Schedule("appeals", hourly, run_appeal_clock),
    Schedule("doubts", every_ten_minutes, escalate_doubts),
    Schedule("reviews", hourly, remind_of_reviews),
    Schedule("billing-calendar", daily, make_calendar),
    Schedule("holds", daily, wake_holds),
    Schedule("cut-off-reminders", daily, remind_of_cut_off),
    Schedule("report-mails", every_ten_minutes, plan_report_mails),
    Schedule("old-notices", nightly, forget_old),
    Schedule("health-walks", nightly, plan_walks),
)


class Scheduler:
    """Gives every schedule its turn, once whatever the number of dispatchers.

    Work that failed is tried again a minute later, as long as its turn lasts; a turn that passed is not made up for.
    """

    def __init__(
        self,
        database: Database,
        schedules: Sequence[Schedule] = SCHEDULES,
        *,
        clock: Callable[[], datetime] = now,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._schedules = schedules
        self._clock = clock
        self._monotonic = monotonic
        self._seen: dict[str, str] = {}
        self._not_before: dict[str, float] = {}

    def run_due(self) -> int:
        """Do the work of every turn that has come and was not taken; return how many were ours."""
        return sum(self._run(schedule) for schedule in self._schedules)

    def _run(self, schedule: Schedule) -> bool:
        at = self._clock()
        slot = schedule.slot_of(at)
        if self._seen.get(schedule.name) == slot or self._monotonic() < self._not_before.get(schedule.name, 0.0):
            return False
        try:
            taken = self._take(schedule, slot, at)
        except (SQLAlchemyError, BillingError) as wrong:
            self._not_before[schedule.name] = self._monotonic() + _RETRY_SECONDS
            _log.warning("schedule:failed", name=schedule.name, slot=slot, reason=type(wrong).__name__)
            return False
        self._seen[schedule.name] = slot
        return taken

    def _take(self, schedule: Schedule, slot: str, at: datetime) -> bool:
        with self._database.unit_of_work() as session:
            if not take_slot(session, name=schedule.name, slot=slot, at=at):
                return False
            schedule.work(session)
        _log.info("schedule:ran", name=schedule.name, slot=slot)
        return True
