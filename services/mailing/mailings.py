"""Mailings as people handle them: queued, withdrawn, tried again, decided when nobody knows whether a mail left."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import insert, select
from sqlmodel import Session, col

from core.clock import now, today
from core.db import db_now_ms, on_commit
from core.errors import InvalidInputError, WrongStateError
from core.ids import correlation_id
from core.queue import INVOICE_MAIL, ring
from models import Carrier, Mailing
from models.enums import DeliveryChannel, MailingStatus, NoticeKind, Role
from services import audit
from services.access import person_id, require
from services.actor import Actor
from services.lifecycle import apply, apply_many, get
from services.mailing.readiness import MailCandidate
from services.notices import settle_notices
from services.responses.decisions import mark_delivered
from services.row_ids import row_id

_NOTE = 1000


def queue_mailings(session: Session, actor: Actor, *, candidates: Sequence[MailCandidate]) -> None:
    """Put ready invoices into the queue of mails or of the printer; one that was withdrawn takes its row again.

    Raises:
        DeniedError: the actor is no biller.
    """
    require(actor, Role.BILLER, what="Sending invoices")
    again = [one for one in candidates if one.withdrawn_id is not None]
    for one in again:
        _queue_again(session, actor, one)
    _insert(session, actor, [one for one in candidates if one.withdrawn_id is None])
    by_mail = [one for one in candidates if one.channel is DeliveryChannel.EMAIL and one.withdrawn_id is None]
    _ring_for(session, [one.invoice_revision_id for one in by_mail])


def withdraw(session: Session, actor: Actor, *, mailing_id: int, expected_version: int, note: str) -> None:
    """Take an invoice out of the queue before it leaves, so that it can be corrected or voided.

    Raises:
        StaleVersionError, WrongStateError, InvalidInputError, DeniedError: as in `lifecycle.apply`.
    """
    row = _change(session, actor, mailing_id, expected_version, "withdraw", note)
    row.print_batch_id = None
    _forget_trouble(session, row)


def retry(session: Session, actor: Actor, *, mailing_id: int, expected_version: int, note: str = "") -> None:
    """Send a mail that was refused, now that its cause is mended; to the addresses that the payor has by now.

    Raises:
        InvalidInputError: the payor has no address.
        StaleVersionError, WrongStateError, DeniedError: as in `lifecycle.apply`.
    """
    row = _change(session, actor, mailing_id, expected_version, "retry", note)
    _ready_now(session, row)


def confirm_sent(session: Session, actor: Actor, *, mailing_id: int, expected_version: int, note: str) -> None:
    """A person knows that the mail left: the payor said so, or the mail server's log does.

    Raises:
        StaleVersionError, WrongStateError, InvalidInputError, DeniedError: as in `lifecycle.apply`.
    """
    row = _change(session, actor, mailing_id, expected_version, "confirm_sent", note)
    settle_sent(session, actor, row, on=today(), note=note)


def confirm_unsent(session: Session, actor: Actor, *, mailing_id: int, expected_version: int, note: str) -> None:
    """A person knows that the mail did not leave: it is sent, under the Message-ID that it had.

    Raises:
        StaleVersionError, WrongStateError, InvalidInputError, DeniedError: as in `lifecycle.apply`.
    """
    row = _change(session, actor, mailing_id, expected_version, "confirm_unsent", note)
    _ready_now(session, row)


def send_again(session: Session, actor: Actor, *, mailing_id: int, expected_version: int, note: str) -> None:
    """Send or print an invoice once more, because it came back or was lost; it stays delivered.

    It goes by the way that its payor takes by now: a mail that came back can be posted.

    Raises:
        StaleVersionError, WrongStateError, InvalidInputError, DeniedError: as in `lifecycle.apply`.
    """
    row = _change(session, actor, mailing_id, expected_version, "send_again", note)
    carrier: Carrier = get(session, Carrier, row.carrier_id)
    if carrier.delivery_channel is not DeliveryChannel.SITE:
        row.channel = carrier.delivery_channel
    row.attempt += 1
    row.print_batch_id = None
    _ready_now(session, row)


def confirm_arrived(session: Session, actor: Actor, *, mailing_id: int, expected_version: int, note: str) -> None:
    """A person knows that a mail that came back reached its payor: another of its addresses has it, or they said so.

    Raises:
        StaleVersionError, WrongStateError, InvalidInputError, DeniedError: as in `lifecycle.apply`.
    """
    row = _change(session, actor, mailing_id, expected_version, "confirm_arrived", note)
    settle_sent(session, actor, row, on=row.sent_on or today(), note=note)


def print_again(session: Session, actor: Actor, *, mailing_id: int, expected_version: int, note: str) -> None:
    """Put a printed invoice back to those that wait for the printer, as after a jam.

    Raises:
        StaleVersionError, WrongStateError, InvalidInputError, DeniedError: as in `lifecycle.apply`.
    """
    row = _change(session, actor, mailing_id, expected_version, "print_again", note)
    row.print_batch_id = None
    _ready_now(session, row)


def record_posted(
    session: Session, actor: Actor, *, mailing_ids: Sequence[int], posted_on: date, note: str = ""
) -> int:
    """Record that printed invoices were posted on a day, by the actor; return how many.

    Raises:
        DeniedError: the actor is no biller.
        InvalidInputError: none was chosen, or the day lies ahead.
        WrongStateError: one of them is not printed, or was posted already; nothing was changed.
    """
    require(actor, Role.BILLER, what="Recording what was posted")
    wanted = sorted(set(mailing_ids))
    if not wanted:
        raise InvalidInputError("No invoice was chosen. Nothing was recorded; choose what was posted.")
    if posted_on > today():
        raise InvalidInputError("That day has not come. Nothing was recorded; enter the day it was posted.")
    moved = apply_many(session, actor, Mailing, "post", col(Mailing.id).in_(wanted), note)
    if moved != len(wanted):
        message = (
            f"{len(wanted) - moved} of {len(wanted)} invoices are not printed any more, or were posted already. "
            "Nothing was recorded; look at the list again."
        )
        raise WrongStateError(message, mailing_ids=wanted)
    rows = session.scalars(select(Mailing).where(col(Mailing.id).in_(wanted)).order_by(col(Mailing.id))).all()
    for row in rows:
        session.refresh(row)
        settle_sent(session, actor, row, on=posted_on, note=note)
    return moved


def settle_sent(session: Session, actor: Actor, row: Mailing, *, on: date, note: str = "") -> None:
    """Write down that an invoice left: when, by whom, and that its payor has it; called in the state `sent`."""
    row.sent_at, row.sent_on, row.sent_by_id = now(), on, actor.user_id
    row.note = note.strip()[:_NOTE]
    _forget_trouble(session, row)
    session.flush()
    mark_delivered(session, actor, invoice_id=row.invoice_id, look_after_ms=None)


def ring_mail(session: Session, mailing_id: int) -> None:
    """Ring a worker for a mail once the transaction has committed."""
    on_commit(session, lambda: _rung(mailing_id))


def _rung(mailing_id: int) -> None:
    ring(INVOICE_MAIL, mailing_id, 0)


def _change(session: Session, actor: Actor, mailing_id: int, expected_version: int, verb: str, note: str) -> Mailing:
    row: Mailing = get(session, Mailing, mailing_id)
    apply(session, actor, row, verb, note, expected_version=expected_version)
    return row


def _ready_now(session: Session, row: Mailing) -> None:
    carrier: Carrier = get(session, Carrier, row.carrier_id)
    if row.channel is DeliveryChannel.EMAIL and not carrier.invoice_emails:
        raise InvalidInputError(f"{carrier.name} has no e-mail address. Nothing was changed; enter one, then send.")
    row.addresses = carrier.invoice_emails if row.channel is DeliveryChannel.EMAIL else ""
    row.due_at_ms = session.scalars(select(db_now_ms())).one()
    row.intent_at_ms, row.tries = None, 0
    _forget_trouble(session, row)
    session.flush()
    if row.channel is DeliveryChannel.EMAIL:
        ring_mail(session, row_id(row))


def _queue_again(session: Session, actor: Actor, candidate: MailCandidate) -> None:
    row: Mailing = get(session, Mailing, candidate.withdrawn_id or 0)
    apply(session, actor, row, "queue_again")
    row.channel, row.queued_by_id, row.queued_at = candidate.channel, person_id(actor), now()
    _ready_now(session, row)


def _insert(session: Session, actor: Actor, candidates: Sequence[MailCandidate]) -> None:
    if not candidates:
        return
    due_at_ms, queued_by_id = session.scalars(select(db_now_ms())).one(), person_id(actor)
    rows = [
        {
            "invoice_id": one.invoice_id,
            "invoice_revision_id": one.invoice_revision_id,
            "carrier_id": one.carrier_id,
            "channel": one.channel,
            "status": MailingStatus.READY,
            "queued_by_id": queued_by_id,
            "queued_at": now(),
            "addresses": one.addresses,
            "due_at_ms": due_at_ms,
            "correlation_id": correlation_id(),
        }
        for one in candidates
    ]
    session.execute(insert(Mailing), rows)
    revisions = [one.invoice_revision_id for one in candidates]
    made = session.scalars(select(col(Mailing.id)).where(col(Mailing.invoice_revision_id).in_(revisions)))
    audit.record_many(session, actor, "mailing:queue", "mailing", [found for found in made if found is not None])


def _ring_for(session: Session, revision_ids: Sequence[int]) -> None:
    if not revision_ids:
        return
    due = select(col(Mailing.id)).where(col(Mailing.invoice_revision_id).in_(revision_ids))
    for mailing_id in session.scalars(due):
        ring_mail(session, mailing_id or 0)


def _forget_trouble(session: Session, row: Mailing) -> None:
    row.error_code, row.error_message = "", ""
    session.add(row)
    settle_notices(session, NoticeKind.MAILING_STOPPED, "invoice", row.invoice_id)
