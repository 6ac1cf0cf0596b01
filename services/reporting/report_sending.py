"""Sending reports by mail, at most once a turn: the intent stands in the turn's row before anything leaves.

Whoever dies in between leaves the intent, and nobody sends after it: the page says that the mail may have come.
"""

from dataclasses import dataclass
from email.message import EmailMessage

from sqlalchemy import ColumnElement, select
from sqlmodel import Session, col

from adapters.mailer import Mailer, MailRefusedError, MailUncertainError
from core.clock import now
from core.db import Database, db_now_ms
from core.errors import BillingError, DeniedError, UnavailableError
from core.log import get_logger
from core.settings import Settings
from models import ReportMail, ReportSchedule, SavedReport, User
from models.enums import NoticeKind
from services import audit
from services.actor import system_actor
from services.notices import tell
from services.notifications.addresses import mark_bouncing
from services.notifications.mails import new_message_id
from services.notifications.preferences import is_bouncing
from services.notifications.settings import find_settings, lock_setting
from services.reporting.report_mail import MadeReport, compose_report_mail, read_report
from services.reporting.schedules import end_for_good, may_get
from services.row_ids import row_id

GIVEN_UP_MS = 3 * 24 * 3_600_000
"""How long after its turn began a mail is still tried."""
_MINUTES = (1, 5, 15, 60, 240)
_log = get_logger(__name__)


class AddressBouncesError(UnavailableError):
    """Mail to the reader's address comes back; it is tried again once the address was mended."""

    code = "address_bounces"


@dataclass(frozen=True)
class ReportTools:
    """What a worker sends with."""

    database: Database
    settings: Settings
    mailer: Mailer


def list_due_report_mails(session: Session) -> list[int]:
    """Return the turns whose mail may be sent now, the longest waiting first."""
    statement = (
        select(col(ReportMail.id)).where(_is_due()).order_by(col(ReportMail.due_at_ms), col(ReportMail.id)).limit(100)
    )
    return [found for found in session.scalars(statement) if found is not None]


def send_report_mail(tools: ReportTools, mail_id: int) -> None:
    """Send one turn's mail that is due; asked twice, it is sent once."""
    try:
        made = _read(tools, mail_id)
        if made is None:
            return
        message = compose_report_mail(made, new_message_id(tools.settings), tools.settings)
    except DeniedError:
        tools.database.transact(lambda session: _end(session, mail_id))
        return
    except BillingError as wrong:
        _note(tools, mail_id, wrong)
        return
    if not tools.database.transact(lambda session: _declare(session, mail_id, message)):
        return
    try:
        tools.mailer.send(message)
    except BillingError as wrong:
        _note(tools, mail_id, wrong, str(message["Message-ID"]))
        return
    tools.database.transact(lambda session: _record_sent(session, mail_id))
    _log.info("report_mail:sent", report_mail_id=mail_id)


def _read(tools: ReportTools, mail_id: int) -> MadeReport | None:
    """Make the report; None where it is not due any more.

    Raises:
        DeniedError: the person left, lost the right, or the saved report is gone.
        BillingError: it cannot be made or sent now.
    """
    with tools.database.read_only() as session:
        mail = session.scalars(select(ReportMail).where(_is_due(), col(ReportMail.id) == mail_id)).first()
        if mail is None:
            return None
        schedule, saved, user = _whose(session, mail)
        if schedule.ended_at is not None or not may_get(user, saved):
            raise DeniedError("The person does not get this report any more. It was not sent.")
        if is_bouncing(user, find_settings(session, [schedule.user_id]).get(schedule.user_id)):
            raise AddressBouncesError("Mail to your address comes back, so the report waits until it is mended.")
        return read_report(session, schedule, saved, user)


def _declare(session: Session, mail_id: int, message: EmailMessage) -> bool:
    """Write down that the mail is about to leave; False where somebody else has it, or it was ended."""
    mail = session.get_one(ReportMail, mail_id, with_for_update=True, populate_existing=True)
    schedule, _, _ = _whose(session, mail)
    if mail.sent_at is not None or mail.intent_at_ms is not None or not mail.due_at_ms or schedule.ended_at is not None:
        return False
    mail.intent_at_ms = session.scalars(select(db_now_ms())).one()
    mail.message_id, mail.tries, mail.error_message = str(message["Message-ID"]), mail.tries + 1, ""
    session.add(mail)
    return True


def _record_sent(session: Session, mail_id: int) -> None:
    mail = session.get_one(ReportMail, mail_id, with_for_update=True, populate_existing=True)
    schedule, saved, _ = _whose(session, mail)
    mail.sent_at = now()
    session.add(mail)
    session.flush()
    actor, schedule_id = system_actor(schedule.user_id), row_id(schedule)
    audit.record(session, actor, "report_schedule:sent", "report_schedule", schedule_id, slot=mail.slot)
    occasion = f"{mail.slot}/{schedule_id}"
    tell(session, [schedule.user_id], NoticeKind.REPORT_READY, "report", row_id(saved), occasion=occasion)


def _note(tools: ReportTools, mail_id: int, wrong: BillingError, message_id: str = "") -> None:
    _log.warning("report_mail:not_sent", report_mail_id=mail_id, reason=wrong.code)
    tools.database.transact(lambda session: _record_failure(session, mail_id, wrong, message_id, tools.settings))


def _record_failure(session: Session, mail_id: int, wrong: BillingError, message_id: str, settings: Settings) -> None:
    """Keep the intent where the mail may have left; else take it back, and try again later or give up.

    `message_id` is the mail's that was about to leave, '' before: another worker's intent is left alone.
    """
    schedule, _, _ = _whose(session, session.get_one(ReportMail, mail_id))
    is_refused = isinstance(wrong, MailRefusedError) and bool(wrong.recipient)
    if is_refused:
        lock_setting(session, schedule.user_id)  # before the mail, as everywhere
    mail = session.get_one(ReportMail, mail_id, with_for_update=True, populate_existing=True)
    if mail.sent_at is not None or (mail.intent_at_ms is not None and mail.message_id != message_id):
        return
    mail.error_message = wrong.user_message[:1000]
    if not isinstance(wrong, MailUncertainError):
        mail.intent_at_ms = None
        mail.tries += 0 if message_id else 1
        mail.due_at_ms = _next_try(session, mail, settings) if isinstance(wrong, UnavailableError) else 0
    session.add(mail)
    session.flush()
    tag, subject = "report_schedule:not_sent", "report_schedule"
    audit.record(session, system_actor(schedule.user_id), tag, subject, row_id(schedule), code=wrong.code)
    if isinstance(wrong, MailRefusedError) and is_refused:
        occasion, reason = f"report-{mail_id}", wrong.user_message
        mark_bouncing(session, schedule.user_id, address=wrong.recipient, reason=reason, occasion=occasion)


def _next_try(session: Session, mail: ReportMail, settings: Settings) -> int:
    """Return when a mail is tried again, by the database's clock; 0 where its turn is long past."""
    at_ms = session.scalars(select(db_now_ms())).one()
    if at_ms - mail.created_at.timestamp() * 1000 > GIVEN_UP_MS:
        return 0
    minutes = _MINUTES[min(max(mail.tries, 1), len(_MINUTES)) - 1]
    return at_ms + int(minutes * 60_000 * settings.retry_scale)


def _end(session: Session, mail_id: int) -> None:
    """End the schedule of somebody who may not get it, and with it what waits to be sent."""
    mail = session.get_one(ReportMail, mail_id, with_for_update=True, populate_existing=True)
    schedule, saved, user = _whose(session, mail)
    if mail.sent_at is None and mail.intent_at_ms is None:
        mail.due_at_ms, mail.error_message = 0, "Nobody gets this report any more. It was not sent."
        session.add(mail)
    if not may_get(user, saved):
        session.refresh(schedule, with_for_update=True)
        end_for_good(session, schedule)


def _whose(session: Session, mail: ReportMail) -> tuple[ReportSchedule, SavedReport, User]:
    schedule = session.get_one(ReportSchedule, mail.report_schedule_id)
    saved = session.get_one(SavedReport, schedule.saved_report_id)
    return schedule, saved, session.get_one(User, schedule.user_id)


def _is_due() -> ColumnElement[bool]:
    is_open = col(ReportMail.sent_at).is_(None) & col(ReportMail.intent_at_ms).is_(None)
    return is_open & (col(ReportMail.due_at_ms) > 0) & (col(ReportMail.due_at_ms) <= db_now_ms())
