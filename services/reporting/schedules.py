"""Reports by mail: who gets which saved report how often, and its end by the person, by the link, or with the right."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from core.clock import now
from core.db import db_now_ms
from core.errors import DeniedError, InvalidInputError, NotFoundError
from core.ids import new_token
from models import ReportMail, ReportSchedule, SavedReport, User
from models.enums import Cadence, Role
from services import audit
from services.access import person_id, require
from services.actor import Actor, actor_of, system_actor
from services.notifications.quiet_hours import clock_of
from services.notifications.settings import find_settings
from services.reporting.saved_reports import READERS, visible_saved
from services.reporting.turns import next_turn, turn_at
from services.row_ids import row_id

_MOST, _MAILS_SHOWN, _LONGEST_TOKEN = 20, 5, 64


@dataclass(frozen=True)
class MailRow:
    """One mail of a schedule: `sent_at` when it was sent; with `has_intent` alone it may have been."""

    slot: str
    sent_at: datetime | None
    has_intent: bool
    is_over: bool
    error: str


@dataclass(frozen=True)
class ScheduleRow:
    """A saved report that the reader gets by mail, its next turn, and its last mails, newest first."""

    id: int
    saved_id: int
    name: str
    cadence: Cadence
    next_at: datetime
    mails: tuple[MailRow, ...]


def subscribe(session: Session, actor: Actor, *, saved_id: int, cadence: Cadence, firm_zone: str) -> int:
    """Send a saved report to the actor's own mailbox from now on; the first comes at once. Return the schedule's id.

    Asked for again with another rhythm, it changes the rhythm; with the same, nothing.

    Raises:
        NotFoundError: the saved report is gone or not shared with the actor.
        InvalidInputError: the actor gets twenty reports already.
    """
    require(actor, *READERS, what="Reports")
    me = person_id(actor)
    visible_saved(session, me, saved_id, is_locked=True)
    running = _running(session, me)
    same = [row for row in running if row.saved_report_id == saved_id]
    if kept := next((row for row in same if row.cadence is cadence), None):
        return row_id(kept)
    if not same and len(running) >= _MOST:
        raise InvalidInputError(f"You get {_MOST} reports by mail, which is the most. End one first.")
    _end(session, actor, same, "another rhythm")
    schedule = ReportSchedule(
        saved_report_id=saved_id, user_id=me, cadence=cadence, token=new_token(), created_at=now()
    )
    session.add(schedule)
    session.flush()
    clock = clock_of(find_settings(session, [me]).get(me), firm_zone)
    at_ms = session.scalars(select(db_now_ms())).one()
    plan_mail(session, row_id(schedule), turn_at(cadence, clock, now()).slot, due_at_ms=at_ms)
    tag, subject = "report_schedule:started", "report_schedule"
    audit.record(session, actor, tag, subject, row_id(schedule), saved_report=saved_id, cadence=cadence.value)
    return row_id(schedule)


def end_schedule(session: Session, actor: Actor, *, schedule_id: int) -> None:
    """Send a report no more; twice does no harm.

    Raises:
        NotFoundError: there is no such schedule.
        DeniedError: somebody else gets it.
    """
    found = session.get(ReportSchedule, schedule_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFoundError("There is no such schedule. Reload the page.")
    if found.user_id != person_id(actor):
        raise DeniedError("Only who gets this report can end it. Nothing was changed.")
    _end(session, actor, [found], "the person")


def schedule_of_token(session: Session, token: str) -> tuple[ReportSchedule, str]:
    """Return the schedule whose mails carry a token, and its report's name; reading it changes nothing.

    Raises:
        NotFoundError: no mail carries it.
    """
    statement = (
        select(ReportSchedule, col(SavedReport.name))
        .join(SavedReport, col(SavedReport.id) == col(ReportSchedule.saved_report_id))
        .where(col(ReportSchedule.token) == token[:_LONGEST_TOKEN])
    )
    found = session.execute(statement).first()
    if found is None or found[0].token != token:
        raise NotFoundError(
            "This link is damaged or no longer holds, so nothing was changed. Sign in and see your reports."
        )
    return found[0], found[1]


def end_by_token(session: Session, token: str) -> str:
    """End the schedule whose mails carry a token and return its report's name; twice does no harm.

    Raises:
        NotFoundError: no mail carries it.
    """
    schedule, name = schedule_of_token(session, token)
    session.refresh(schedule, with_for_update=True)
    _end(session, actor_of(session.get_one(User, schedule.user_id)), [schedule], "the mail's link")
    return name


def end_schedules_of(session: Session, actor: Actor, saved: SavedReport) -> int:
    """End what nobody may get any more after a saved report was removed or is shared no longer; return how many."""
    statement = select(ReportSchedule).where(
        col(ReportSchedule.saved_report_id) == saved.id, col(ReportSchedule.ended_at).is_(None)
    )
    gone = [
        row
        for row in session.scalars(statement.with_for_update())
        if saved.removed_at is not None or (not saved.is_shared and row.user_id != saved.owner_id)
    ]
    _end(session, actor, gone, "the saved report")
    return len(gone)


def may_get(user: User, saved: SavedReport) -> bool:
    """Whether a person may still get a saved report: at the firm, with a role that reads reports, and it is theirs."""
    is_reader = user.is_active and any(role in user.roles for role in READERS)
    return is_reader and saved.removed_at is None and (saved.is_shared or saved.owner_id == user.id)


def end_for_good(session: Session, schedule: ReportSchedule) -> None:
    """End the schedule of a person who left or lost the right."""
    _end(session, system_actor(schedule.user_id), [schedule], "the right")


def list_schedules(session: Session, actor: Actor, *, firm_zone: str) -> list[ScheduleRow]:
    """Return the reports that the actor gets by mail, by name.

    Raises:
        DeniedError: the actor is neither biller, attorney nor admin.
    """
    require(actor, Role.BILLER, Role.ATTORNEY, Role.ADMIN, what="Reports")
    me = person_id(actor)
    clock, at = clock_of(find_settings(session, [me]).get(me), firm_zone), now()
    rows = []
    for schedule in _running(session, me):
        saved = session.get_one(SavedReport, schedule.saved_report_id)
        next_at = next_turn(schedule.cadence, clock, at).begins_at
        mails = _mails(session, row_id(schedule))
        rows.append(ScheduleRow(row_id(schedule), row_id(saved), saved.name, schedule.cadence, next_at, mails))
    return sorted(rows, key=lambda row: (row.name.casefold(), row.id))


def plan_mail(session: Session, schedule_id: int, slot: str, *, due_at_ms: int) -> None:
    """Write down that a turn's mail is to be sent."""
    session.add(ReportMail(report_schedule_id=schedule_id, slot=slot, due_at_ms=due_at_ms, created_at=now()))
    session.flush()


def _mails(session: Session, schedule_id: int) -> tuple[MailRow, ...]:
    statement = (
        select(ReportMail)
        .where(col(ReportMail.report_schedule_id) == schedule_id)
        .order_by(col(ReportMail.id).desc())
        .limit(_MAILS_SHOWN)
    )
    return tuple(
        MailRow(mail.slot, mail.sent_at, mail.intent_at_ms is not None, not mail.due_at_ms, mail.error_message)
        for mail in session.scalars(statement)
    )


def _running(session: Session, user_id: int) -> list[ReportSchedule]:
    statement = select(ReportSchedule).where(
        col(ReportSchedule.user_id) == user_id, col(ReportSchedule.ended_at).is_(None)
    )
    return list(session.scalars(statement.order_by(col(ReportSchedule.id))))


def _end(session: Session, actor: Actor, schedules: Iterable[ReportSchedule], by: str) -> None:
    for schedule in schedules:
        if schedule.ended_at is None:
            schedule.ended_at = now()
            session.add(schedule)
            session.flush()
            audit.record(session, actor, "report_schedule:ended", "report_schedule", row_id(schedule), by=by)
