"""Sending one invoice by mail, at most once: the intent stands in its row before anything leaves.

Whoever dies in between leaves the intent, and nobody sends after it: after some minutes a person is asked.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP

from sqlalchemy import ColumnElement, select
from sqlmodel import Session, col

from adapters.mailer import Mailer, MailServerRefusedError, MailUncertainError
from adapters.object_store import ObjectStore
from core.clock import now, today
from core.db import Database, db_now_ms
from core.errors import BillingError, WrongStateError
from core.ids import sha256_hex
from core.log import get_logger
from core.settings import Settings
from models import Invoice, InvoiceRevision, Mailing
from models.enums import DeliveryChannel, DocumentStatus, MailingStatus, NoticeKind
from services.actor import system_actor
from services.lifecycle import apply, get
from services.mailing.mailings import settle_sent
from services.mailing.message import make_message, read_mail
from services.notices import tell
from services.row_ids import row_id

STALE_MS = 300_000
"""How long an intent may stand without an outcome; longer than a worker is given for one mail."""
_MINUTES = (1, 5, 15, 60, 120, 240, 480)
_WIRE = SMTP.clone(cte_type="7bit")
_log = get_logger(__name__)


@dataclass(frozen=True)
class MailTools:
    """What a worker sends with."""

    database: Database
    settings: Settings
    mailer: Mailer
    store: ObjectStore
    clock: Callable[[], datetime] = now


@dataclass(frozen=True)
class _Parcel:
    """A mail ready to leave, and the version of the row that it was made from."""

    mailing_id: int
    version: int
    message: EmailMessage
    object_key: str
    content: bytes


def list_due_mailings(session: Session) -> list[int]:
    """Return the mails that may be sent now, the longest waiting first."""
    statement = select(col(Mailing.id)).where(_is_due()).order_by(col(Mailing.due_at_ms), col(Mailing.id)).limit(200)
    return [found for found in session.scalars(statement) if found is not None]


def has_stale_mailings(session: Session) -> bool:
    """Whether an intent stands that nobody can be working on any more."""
    return session.scalars(select(col(Mailing.id)).where(_is_stale()).limit(1)).first() is not None


def doubt_stale_mailings(session: Session) -> int:
    """Ask a person about every mail whose sender vanished; return how many."""
    rows = session.scalars(select(Mailing).where(_is_stale()).with_for_update()).all()
    message = "The worker that sent this mail vanished: it may have left. Nothing is sent again by itself."
    for row in rows:
        _put(session, row, "doubt", error=MailUncertainError(message))
    return len(rows)


def send_mailing(tools: MailTools, mailing_id: int) -> None:
    """Send one mail that is due; asked twice, it is sent once."""
    try:
        parcel = _packed(tools, mailing_id)
    except BillingError as wrong:
        _stop_unsent(tools, mailing_id, wrong)
        return
    if parcel is None or not _declare(tools, parcel):
        return
    try:
        tools.mailer.send(parcel.message)
    except BillingError as wrong:
        _record_failure(tools, mailing_id, wrong)
        return
    _record_sent(tools, mailing_id)


def _packed(tools: MailTools, mailing_id: int) -> _Parcel | None:
    """Make the mail and keep it; None where it is not due any more.

    Raises:
        BillingError: it cannot be made, or another revision of the invoice took its place.
    """
    with tools.database.read_only() as session:
        due = _is_due() & (col(Mailing.id) == mailing_id)
        row = session.scalars(select(Mailing).where(due)).first()
        if row is None:
            return None
        _check_current(session, row)
        mail = read_mail(session, row, tools.settings)
    message = make_message(mail, tools.settings, at=tools.clock())
    key, content = f"mailings/{mailing_id}/{row.attempt}.eml", message.as_bytes(policy=_WIRE)
    tools.store.put(key, content, "message/rfc822")
    return _Parcel(mailing_id, row.version, message, key, content)


def _check_current(session: Session, row: Mailing) -> None:
    """Refuse where the invoice no longer stands as this revision; one that was sent before may be sent again."""
    invoice: Invoice = get(session, Invoice, row.invoice_id)
    revision: InvoiceRevision = get(session, InvoiceRevision, row.invoice_revision_id)
    stands = invoice.document_status in (DocumentStatus.OPEN, DocumentStatus.DELIVERED)
    if not stands or revision.number != invoice.revision_number:
        message = f"Invoice {invoice.number} was corrected or replaced since. This mail was not sent; withdraw it."
        raise WrongStateError(message, invoice_id=invoice.id)


def _declare(tools: MailTools, parcel: _Parcel) -> bool:
    """Write down that the mail is about to leave; False where somebody else has it, or took it back."""

    def write(session: Session) -> bool:
        row: Mailing = get(session, Mailing, parcel.mailing_id)
        session.refresh(row, with_for_update=True)
        if row.version != parcel.version or row.status is not MailingStatus.READY:
            return False
        row.message_id, row.subject = str(parcel.message["Message-ID"]), str(parcel.message["Subject"])
        row.object_key, row.sha256 = parcel.object_key, sha256_hex(parcel.content)
        row.intent_at_ms = session.scalars(select(db_now_ms())).one()
        row.tries += 1
        session.add(row)
        session.flush()
        actor = system_actor(row.queued_by_id)
        apply(session, actor, row, "declare", message_id=row.message_id, sha256=row.sha256, addresses=row.addresses)
        return True

    return tools.database.transact(write)


def _record_sent(tools: MailTools, mailing_id: int) -> None:
    def write(session: Session) -> None:
        row: Mailing = get(session, Mailing, mailing_id)
        session.refresh(row, with_for_update=True)
        if row.status not in (MailingStatus.INTENT, MailingStatus.IN_DOUBT):
            return  # a person decided meanwhile
        actor = system_actor(row.queued_by_id)
        apply(session, actor, row, "send", message_id=row.message_id)
        settle_sent(session, actor, row, on=today())

    tools.database.transact(write)
    _log.info("mailing:sent", mailing_id=mailing_id)


def _record_failure(tools: MailTools, mailing_id: int, wrong: BillingError) -> None:
    def write(session: Session) -> None:
        row: Mailing = get(session, Mailing, mailing_id)
        session.refresh(row, with_for_update=True)
        if row.status is not MailingStatus.INTENT:
            return  # a person was asked meanwhile, and may have decided
        verb = _verb_after(wrong, row.tries)
        if verb == "put_back":
            row.due_at_ms = session.scalars(select(db_now_ms())).one() + _delay_ms(row.tries, tools.settings)
        _put(session, row, verb, error=wrong)

    tools.database.transact(write)
    _log.warning("mailing:not_sent", mailing_id=mailing_id, error=wrong.code)


def _stop_unsent(tools: MailTools, mailing_id: int, wrong: BillingError) -> None:
    """Stop a mail that cannot even be made; nothing left, so there is no intent. An absent store is tried again."""

    def write(session: Session) -> None:
        row: Mailing = get(session, Mailing, mailing_id)
        session.refresh(row, with_for_update=True)
        if row.status is not MailingStatus.READY:
            return
        if wrong.retryable:
            row.tries += 1
            row.due_at_ms = session.scalars(select(db_now_ms())).one() + _delay_ms(row.tries, tools.settings)
            row.error_code, row.error_message = wrong.code, wrong.user_message[:1000]
            session.add(row)
            return
        _put(session, row, "stop", error=wrong)

    tools.database.transact(write)
    _log.warning("mailing:not_made", mailing_id=mailing_id, error=wrong.code)


def _verb_after(wrong: BillingError, tries: int) -> str:
    """Return what follows: a broken connection leaves it open, 'not now' is tried again for hours, a refusal is final.

    A server that takes no log-in of ours refuses every mail alike, so each waits until the settings are mended.
    """
    if isinstance(wrong, MailUncertainError):
        return "doubt"
    is_for_later = wrong.retryable or isinstance(wrong, MailServerRefusedError)
    return "put_back" if is_for_later and tries < len(_MINUTES) else "stop"


def _put(session: Session, row: Mailing, verb: str, *, error: BillingError) -> None:
    row.error_code, row.error_message = error.code, error.user_message[:1000]
    if verb == "put_back":
        row.intent_at_ms = None
    session.add(row)
    session.flush()
    apply(session, system_actor(row.queued_by_id), row, verb, error_code=error.code)
    if verb != "put_back":
        occasion = f"{row_id(row)}-v{row.version}"
        tell(session, [row.queued_by_id], NoticeKind.MAILING_STOPPED, "invoice", row.invoice_id, occasion=occasion)


def _delay_ms(tries: int, settings: Settings) -> int:
    minutes = _MINUTES[min(max(tries, 1), len(_MINUTES)) - 1]
    return int(minutes * 60_000 * settings.retry_scale)


def _is_due() -> ColumnElement[bool]:
    return (
        (col(Mailing.channel) == DeliveryChannel.EMAIL)
        & (col(Mailing.status) == MailingStatus.READY)
        & (col(Mailing.due_at_ms) <= db_now_ms())
    )


def _is_stale() -> ColumnElement[bool]:
    long_ago = col(Mailing.intent_at_ms) <= db_now_ms() - STALE_MS
    return (col(Mailing.status) == MailingStatus.INTENT) & long_ago
