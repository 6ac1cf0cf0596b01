"""Reading the mailbox for results: each mail in one transaction with the cursor, so nothing is lost or twice."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from adapters.mailbox import Mailbox, MailboxRefusedError, MailCursor
from adapters.object_store import ObjectStore
from core.clock import now
from core.db import Database, on_commit
from core.errors import UnavailableError
from core.log import get_logger
from core.queue import MAILBOX, ring
from core.settings import Settings
from models import MailboxState
from services.actor import system_actor
from services.mailing.bounces import take_mail_report
from services.notifications.bounces import take_report
from services.notifications.delivery_reports import read_delivery_report
from services.responses import result_mails
from services.row_ids import row_id

_NAME = "results"
_MOST = 500
_AFTER_REFUSAL = timedelta(hours=1)
_FAILURE = 500
_log = get_logger(__name__)


@dataclass(frozen=True)
class ReadingTools:
    """What a reading needs."""

    database: Database
    settings: Settings
    mailbox: Mailbox
    store: ObjectStore


def ask_to_read(session: Session) -> None:
    """Ring a worker for the mailbox, once the transaction has committed."""
    mailbox_id = row_id(mailbox_state(session))
    on_commit(session, lambda: _ring(mailbox_id))


def mailbox_state(session: Session) -> MailboxState:
    """Return the mailbox's row, made when it is first asked for."""
    statement = select(MailboxState).where(col(MailboxState.name) == _NAME)
    found = session.scalars(statement).first()
    if found is None:
        try:
            with session.begin_nested():
                session.execute(insert(MailboxState).values(name=_NAME, uid_validity=0, uid=0, failure=""))
        except IntegrityError:
            _log.info("mailbox:made_by_another")
        found = session.scalars(statement).one()
    return found


def read_mailbox(tools: ReadingTools, mailbox_id: int) -> int:
    """Read what came after the cursor and what waited for a delivery; return how many mails were new.

    Reports of mail servers about our own notifications and invoice mails are recorded with those and kept nowhere else.

    A mailbox that refused us is left alone for an hour, so that a wrong password locks no account.
    """
    with tools.database.read_only() as session:
        state = session.get_one(MailboxState, mailbox_id)
    if state.retry_at is not None and state.retry_at > now():
        return 0
    count = 0
    try:
        for mail in tools.mailbox.new_mails(MailCursor(state.uid_validity, state.uid), limit=_MOST):
            with tools.database.unit_of_work() as session:
                if not _is_report_of_ours(session, mail.raw):
                    count += result_mails.keep_mail(session, mail, store=tools.store, settings=tools.settings)
                _move(session, mailbox_id, mail.cursor)
    except UnavailableError as away:
        _note_failure(tools.database, mailbox_id, away)
        return count
    _note_success(tools.database, mailbox_id)
    _read_waiting(tools)
    return count


def _is_report_of_ours(session: Session, raw: bytes) -> bool:
    """Whether a mail reports on a mail of ours; what it says is recorded then."""
    report = read_delivery_report(raw)
    return report is not None and (take_report(session, report) or take_mail_report(session, report))


def _read_waiting(tools: ReadingTools) -> None:
    """Read mails again that were here before the ledger knew that their files were delivered."""
    with tools.database.read_only() as session:
        waiting = result_mails.list_waiting(session)
    for mail_id in waiting:
        with tools.database.unit_of_work() as session:
            result_mails.read_again(session, system_actor(), mail_id=mail_id, store=tools.store)


def _move(session: Session, mailbox_id: int, cursor: MailCursor) -> None:
    state = session.get_one(MailboxState, mailbox_id, with_for_update=True)
    if state.uid_validity != cursor.uid_validity or state.uid < cursor.uid:
        state.uid_validity, state.uid = cursor.uid_validity, cursor.uid
        session.add(state)


def _note_failure(database: Database, mailbox_id: int, error: UnavailableError) -> None:
    with database.unit_of_work() as session:
        state = session.get_one(MailboxState, mailbox_id, with_for_update=True)
        state.failed_at = state.failed_at or now()
        state.failure = error.user_message[:_FAILURE]
        state.retry_at = now() + _AFTER_REFUSAL if isinstance(error, MailboxRefusedError) else None
        session.add(state)
    _log.warning("mailbox:unreadable", error=error.code, kept="Every mail stays in the mailbox.")


def _note_success(database: Database, mailbox_id: int) -> None:
    with database.unit_of_work() as session:
        state = session.get_one(MailboxState, mailbox_id, with_for_update=True)
        state.read_at, state.failed_at, state.retry_at, state.failure = now(), None, None, ""
        session.add(state)


def _ring(mailbox_id: int) -> None:
    ring(MAILBOX, mailbox_id, 0)
