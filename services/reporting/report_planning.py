"""Planning the turns of reports by mail: one row a turn; schedules of people who left end here."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from core.clock import now
from core.db import db_now_ms
from core.settings import get_settings
from models import ReportMail, ReportSchedule, SavedReport, User
from services.notifications.quiet_hours import Clock, clock_of
from services.notifications.settings import find_settings
from services.reporting.schedules import end_for_good, may_get, plan_mail
from services.reporting.turns import Turn, turn_at
from services.row_ids import row_id


def plan_report_mails(session: Session) -> int:
    """Plan the mail of every turn that has begun and has none; return how many were planned.

    A turn that nobody planned while it lasted is not made up for. Quiet hours put a mail off, as they do any other.
    """
    running = _running(session)
    zone = get_settings().firm_time_zone
    settings = find_settings(session, [schedule.user_id for schedule, _, _ in running])
    planned, at = 0, now()
    for schedule, saved, user in running:
        if not may_get(user, saved):
            end_for_good(session, schedule)
            continue
        clock = clock_of(settings.get(schedule.user_id), zone)
        planned += _plan(session, schedule, clock, turn_at(schedule.cadence, clock, at), at)
    return planned


def _plan(session: Session, schedule: ReportSchedule, clock: Clock, turn: Turn, at: datetime) -> bool:
    mine = (col(ReportMail.report_schedule_id) == schedule.id) & (col(ReportMail.slot) == turn.slot)
    if session.scalars(select(col(ReportMail.id)).where(mine)).first() is not None:
        return False
    waits_ms = round((clock.held_until(at) - at).total_seconds() * 1000)
    at_ms = session.scalars(select(db_now_ms())).one()
    plan_mail(session, row_id(schedule), turn.slot, due_at_ms=at_ms + waits_ms)
    return True


def _running(session: Session) -> Sequence[tuple[ReportSchedule, SavedReport, User]]:
    statement = (
        select(ReportSchedule, SavedReport, User)
        .join(SavedReport, col(SavedReport.id) == col(ReportSchedule.saved_report_id))
        .join(User, col(User.id) == col(ReportSchedule.user_id))
        .where(col(ReportSchedule.ended_at).is_(None))
        .order_by(col(ReportSchedule.id))
    )
    return [(schedule, saved, user) for schedule, saved, user in session.execute(statement)]
