"""One result mail: kept byte by byte, judged, read by its carrier's profile, and what fits is recorded.

A mail that is not trusted is kept and shown, and never changes anything.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from typing import cast

from sqlalchemy import delete, exists, select
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from adapters.mailbox import NewMail
from adapters.object_store import ObjectStore
from carriers.mail_trust import Trust, judge, sender_of
from carriers.result_channel import ResultChannel
from carriers.result_channel import ResultMail as MailRules
from carriers.result_mail import read_result_mail
from core.errors import BillingError, NotFoundError, UnavailableError
from core.ids import sha256_hex
from core.settings import Settings, get_settings
from models import CarrierResult, ResultMail, Submission
from models.enums import ResultMailStatus, ResultStanding, SubmissionStatus
from services import audit, lifecycle
from services.actor import Actor, system_actor
from services.mail_parsing import MALFORMED, clean, parsed
from services.responses.told_results import DONE, Source, record_results
from services.row_ids import row_id
from services.sites.profiles import active_profiles

_MEDIA_TYPE = "message/rfc822"
_TEXTS = {"message_id": 255, "sender": 255, "subject": 500}
_MOST_WAITING = 200


@dataclass(frozen=True)
class MailingCarrier:
    """A carrier whose profile names a sender of result mails."""

    carrier_id: int
    channel: ResultChannel

    @property
    def mail(self) -> MailRules:
        """How its mails look."""
        return cast("MailRules", self.channel.mail)


@dataclass(frozen=True)
class _Head:
    """What is said of a mail before its text is read; `carriers` are those whose profiles name its sender."""

    message_id: str
    subject: str
    trust: Trust
    carriers: tuple[MailingCarrier, ...]


def keep_mail(session: Session, mail: NewMail, *, store: ObjectStore, settings: Settings) -> bool:
    """Keep a mail and record what it says; False when it was kept before.

    Raises:
        UnavailableError: the object store is away; the mail stays in the mailbox for the next turn.
    """
    message = parsed(mail.raw)
    head = _head_of(session, message, settings.mail_authserv_id)
    sha256 = sha256_hex(mail.raw)
    mark = _fingerprint(head, mail.raw)
    if session.scalars(select(col(ResultMail.id)).where(col(ResultMail.fingerprint) == mark)).first() is not None:
        return False
    key = f"results/mail/{sha256}"
    store.put(key, mail.raw, _MEDIA_TYPE)
    row = ResultMail(
        fingerprint=mark,
        message_id=head.message_id,
        uid_validity=mail.cursor.uid_validity,
        uid=mail.cursor.uid,
        carrier_id=head.carriers[0].carrier_id if head.carriers else None,
        sender=clean(head.trust.sender, _TEXTS["sender"]),
        subject=head.subject,
        received_at=mail.received_at,
        size_bytes=mail.size_bytes,
        is_whole=mail.is_whole,
        is_trusted=head.trust.is_trusted,
        sha256=sha256,
        object_key=key,
        status=ResultMailStatus.UNMATCHED if head.trust.is_trusted else ResultMailStatus.NOT_TRUSTED,
        note=head.trust.why_not,
    )
    try:
        with session.begin_nested():
            session.add(row)
            session.flush()
    except IntegrityError:
        return False  # another worker was faster
    audit.record(session, system_actor(), "result_mail:kept", "result_mail", row_id(row), status=row.status.value)
    if row.is_trusted:
        _understand(session, system_actor(), row, message, head.carriers)
    return True


def list_waiting(session: Session) -> list[int]:
    """Return the mails with a result whose file has been delivered since they were read."""
    delivered = exists().where(
        col(Submission.invoice_id) == CarrierResult.invoice_id, col(Submission.status) == SubmissionStatus.DELIVERED
    )
    statement = (
        select(col(ResultMail.id))
        .join(CarrierResult, col(CarrierResult.result_mail_id) == col(ResultMail.id))
        .where(
            col(ResultMail.status) == ResultMailStatus.UNMATCHED,
            col(CarrierResult.standing) == ResultStanding.WAITING,
            delivered,
        )
        .distinct()
        .limit(_MOST_WAITING)
    )
    return [found for found in session.scalars(statement) if found is not None]


def read_again(session: Session, actor: Actor, *, mail_id: int, store: ObjectStore) -> ResultMail:
    """Read a kept mail by the profiles of today; its earlier reading is replaced, what was recorded stays recorded."""
    row: ResultMail = lifecycle.get(session, ResultMail, mail_id)
    session.refresh(row, with_for_update=True)
    if row.status is not ResultMailStatus.UNMATCHED or not row.is_trusted:
        return row
    session.execute(delete(CarrierResult).where(col(CarrierResult.result_mail_id) == mail_id))
    message = parsed(kept_bytes(row, store))
    _understand(session, actor, row, message, senders(session).get(row.sender, ()))
    return row


def senders(session: Session) -> dict[str, tuple[MailingCarrier, ...]]:
    """Return the carriers that tell results by mail, by the address they send from."""
    found: dict[str, tuple[MailingCarrier, ...]] = {}
    for carrier_id, active in sorted(active_profiles(session).items()):
        channel = active.profile.result_channel
        if channel.mail is not None:
            sender = channel.mail.sender.lower()
            found[sender] = (*found.get(sender, ()), MailingCarrier(carrier_id, channel))
    return found


def kept_bytes(row: ResultMail, store: ObjectStore) -> bytes:
    """Return the mail as it was kept.

    Raises:
        NotFoundError: the store has no such bytes, or others.
    """
    content = store.get(row.object_key)
    if sha256_hex(content) != row.sha256:
        raise NotFoundError("This mail was altered after it was kept, so it is not shown. Tell an administrator.")
    return content


def _head_of(session: Session, message: EmailMessage, authserv_id: str) -> _Head:
    try:
        sender = sender_of(message)
        carriers = senders(session).get(sender, ())
        trust = _trust(message, sender, carriers, authserv_id)
        message_id, subject = str(message["Message-ID"] or ""), str(message["Subject"] or "")
    except MALFORMED:
        return _Head("", "(unreadable)", Trust("", "Its headers cannot be read, so nobody knows whose it is."), ())
    return _Head(clean(message_id, _TEXTS["message_id"]), clean(subject, _TEXTS["subject"]), trust, carriers)


def _trust(message: EmailMessage, sender: str, carriers: Sequence[MailingCarrier], authserv_id: str) -> Trust:
    if carriers:
        return judge(message, dkim_domain=carriers[0].mail.dkim_domain, authserv_id=authserv_id)
    trust = judge(message, dkim_domain=sender.rpartition("@")[2], authserv_id=authserv_id)
    return Trust(sender, f"No carrier's profile names its sender. {trust.why_not}") if trust.why_not else trust


def _understand(
    session: Session, actor: Actor, row: ResultMail, message: EmailMessage, carriers: Sequence[MailingCarrier]
) -> None:
    """Record what fits; the mail is matched when all of it was understood and recorded, else its note says what not."""
    if not row.is_whole:
        row.note = f"It has {row.size_bytes:,} bytes, so only its headers were read. Open it in the mailbox itself."
    elif not carriers:
        row.note = "No carrier's profile names its sender."
    elif not (trust := _trust(message, row.sender, carriers, get_settings().mail_authserv_id)).is_trusted:
        row.note = trust.why_not
    else:
        try:
            with session.begin_nested():
                row.note = _read(session, actor, row, message, carriers)
        except UnavailableError:
            raise
        except BillingError as refused:
            row.note = refused.user_message
        except MALFORMED:
            row.note = "The mail breaks the rules of mails and cannot be read."
    session.add(row)
    session.flush()
    if not row.note:
        lifecycle.apply(session, actor, row, "match")


def _read(
    session: Session, actor: Actor, row: ResultMail, message: EmailMessage, carriers: Sequence[MailingCarrier]
) -> str:
    """Read by the first carrier whose layouts find an invoice in it; return what a person must know, '' for nothing."""
    readings = [(one, read_result_mail(one.mail, message)) for one in carriers]
    carrier, reading = next((pair for pair in readings if pair[1].results), readings[0])
    row.carrier_id = carrier.carrier_id
    source = Source(carrier.carrier_id, carrier.channel, row.received_at, mail_id=row_id(row))
    done = record_results(session, actor, source, reading.results)
    open_ones = [result.note for result in done if result.standing not in DONE]
    return clean(" ".join([*reading.unclear, *open_ones]), 2000)


def _fingerprint(head: _Head, raw: bytes) -> str:
    """Tell mails apart: a copy delivered on another way differs in its topmost headers alone."""
    body = raw.replace(b"\r\n", b"\n").partition(b"\n\n")[2]
    facts = f"{head.trust.is_trusted}\n{head.message_id}\n{sha256_hex(body)}"
    return sha256_hex((facts if head.message_id else f"{facts}\n{sha256_hex(raw)}").encode())
