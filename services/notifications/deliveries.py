"""The queue of messages: who takes one up owns it for a while and writes down that it leaves, and what became of it.

A message is never sent by two at a time: it is claimed under the row's lock, and every later write wants the version
that the claim made.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, Select, func, or_, select, update
from sqlmodel import Session, col

from core.clock import now
from core.db import db_now_ms
from core.errors import BillingError, FencedError
from core.ids import correlation_id
from core.settings import Settings
from models import Notice, NotificationDelivery, NotificationItem, NotificationSetting, User
from models.enums import DeliveryStatus, NotificationChannel, Rhythm
from services.actor import system_actor
from services.lifecycle import apply
from services.notifications.preferences import chosen_rhythms, rhythm_of
from services.notifications.quiet_hours import clock_of
from services.notifications.settings import find_settings
from services.row_ids import row_id

LEASE_MS = 120_000
PAUSE_MINUTES = (1, 5, 15, 60, 240, 720, 1440)
_FAILURE = 500
_D, _S = NotificationDelivery, DeliveryStatus


@dataclass(frozen=True)
class Claim:
    """A message that is ours to send, as it was when we took it."""

    delivery_id: int
    version: int


def open_delivery(
    session: Session,
    user_id: int,
    channel: NotificationChannel,
    rhythm: Rhythm,
    due: datetime,
    *,
    is_test: bool = False,
) -> int:
    """Put a message without notices into the queue and return its id."""
    delivery = _D(
        user_id=user_id,
        channel=channel,
        rhythm=rhythm,
        is_test=is_test,
        created_at=now(),
        due_at=due,
        correlation_id=correlation_id(),
    )
    session.add(delivery)
    session.flush()
    return row_id(delivery)


def has_due(session: Session) -> bool:
    """Whether a message is to be sent now, or one is left over from a worker that died."""
    if session.scalars(_due().limit(1)).first() is not None:
        return True
    return session.scalars(select(col(_D.id)).where(_left_over()).limit(1)).first() is not None


def list_due(session: Session, *, limit: int) -> list[int]:
    """Return the messages to be sent now, the longest due first."""
    statement = _due().order_by(col(_D.due_at), col(_D.id)).limit(limit)
    return [found for found in session.scalars(statement) if found is not None]


def claim(session: Session, delivery_id: int, settings: Settings) -> Claim | None:
    """Take a message up, together with what else waits for its reader by the same channel; None when it is not to go.

    In quiet hours it is put off to their end; without a notice that is still unread and wished for it is dropped.
    """
    found = session.get(_D, delivery_id, with_for_update=True, populate_existing=True)
    if found is None or found.status is not _S.QUEUED or found.due_at > now():
        return None
    if not session.get_one(User, found.user_id).is_active:
        apply(session, system_actor(), found, "drop", "The person's account is switched off.")
        return None
    if not found.is_test and not _is_wanted(session, found, settings):
        return None
    apply(session, system_actor(), found, "claim")
    found.attempts += 1
    session.add(found)
    session.flush()
    _set(session, found, lease_until_ms=db_now_ms() + LEASE_MS)
    return Claim(row_id(found), found.version)


def live_notices(session: Session, delivery: NotificationDelivery) -> Sequence[Notice]:
    """Return the notices of a message that its reader has not read and still wishes by its channel, oldest first."""
    statement = (
        select(Notice)
        .join(NotificationItem, col(NotificationItem.notice_id) == col(Notice.id))
        .where(col(NotificationItem.delivery_id) == delivery.id, col(Notice.read_at).is_(None))
        .order_by(col(Notice.id))
    )
    chosen = chosen_rhythms(session, [delivery.user_id])[delivery.user_id]
    notices = session.scalars(statement).all()
    return [one for one in notices if rhythm_of(chosen, one.kind, delivery.channel) is not Rhythm.OFF]


def hand_over(session: Session, held: Claim, *, address: str, message_id: str | None) -> None:
    """Write down that the message leaves now, and to where.

    Raises:
        FencedError: it is not ours any more; it must not be sent.
    """
    values = {"handed_over_at": now(), "address": address, "message_id": message_id}
    ours = (col(_D.id) == held.delivery_id) & (col(_D.version) == held.version)
    statement = update(_D).where(ours, col(_D.status) == _S.SENDING, col(_D.lease_until_ms) > db_now_ms())
    done = session.execute(statement.values(values).execution_options(synchronize_session=False))
    if cast("CursorResult[Any]", done).rowcount != 1:
        raise FencedError("Another worker has taken this message over. It was not sent.", delivery_id=held.delivery_id)


def record_sent(session: Session, held: Claim, *, service_id: str = "", is_delivered: bool = False) -> None:
    """Write down that the message was taken; `is_delivered` where the channel itself shows it."""
    found = _ours(session, held, "record_delivered" if is_delivered else "record_sent")
    found.sent_at, found.failure = now(), ""
    if found.channel is NotificationChannel.SMS and service_id:
        found.message_id = service_id
    _let_go(session, found)


def put_off(session: Session, held: Claim, error: BillingError, settings: Settings) -> None:
    """Put the message back to be tried again after a pause that grows; after the last try it has failed."""
    found = session.get_one(_D, held.delivery_id)
    if found.attempts > len(PAUSE_MINUTES):
        record_failure(session, held, error)
        return
    found = _ours(session, held, "requeue", reason=error.code)
    found.due_at = now() + _pause(found.attempts, settings)
    found.failure = error.user_message[:_FAILURE]
    found.handed_over_at = None
    _let_go(session, found)


def hold_back(session: Session, channel: NotificationChannel, settings: Settings) -> None:
    """Let all of a channel wait for the first pause: its server is away, and each try would cost its time-out."""
    due = (col(_D.status) == _S.QUEUED) & (col(_D.channel) == channel) & (col(_D.due_at) <= now())
    waits = update(_D).where(due).values(due_at=now() + _pause(1, settings))
    session.execute(waits.execution_options(synchronize_session=False))


def record_failure(session: Session, held: Claim, error: BillingError) -> NotificationDelivery:
    """Write down that the message cannot be sent, and why."""
    found = _ours(session, held, "fail", reason=error.code)
    found.failure = error.user_message[:_FAILURE]
    _let_go(session, found)
    return found


def record_doubt(session: Session, held: Claim, error: BillingError) -> None:
    """Write down that nobody knows whether the message arrived; a machine does not send it again."""
    found = _ours(session, held, "doubt", reason=error.code)
    found.failure = error.user_message[:_FAILURE]
    _let_go(session, found)


def recover_left_over(session: Session, settings: Settings) -> int:
    """Settle messages whose sender died: what had not left waits again, so does a mail; the rest is in doubt."""
    found = session.scalars(select(_D).where(_left_over()).order_by(col(_D.id)).with_for_update(skip_locked=True)).all()
    for delivery in found:
        held = Claim(row_id(delivery), delivery.version)
        if delivery.handed_over_at is None or delivery.channel is NotificationChannel.EMAIL:
            put_off(session, held, _LeftOverError(), settings)
        else:
            record_doubt(session, held, _LeftOverError())
    return len(found)


class _LeftOverError(BillingError):
    """The worker that sent a message ended in the middle of it."""

    code = "sender_ended"

    def __init__(self) -> None:
        super().__init__("The worker that sent it ended in the middle, so nobody knows whether it left.")


def _is_wanted(session: Session, delivery: NotificationDelivery, settings: Settings) -> bool:
    """Whether the message goes now; otherwise it is put off or dropped here."""
    setting = find_settings(session, [delivery.user_id]).get(delivery.user_id)
    held_until = clock_of(setting, settings.firm_time_zone).held_until(now())
    if held_until > now():
        delivery.due_at = held_until
        session.add(delivery)
        session.flush()
        return False
    _absorb(session, delivery)
    if live_notices(session, delivery):
        return True
    apply(session, system_actor(), delivery, "drop", "Everything in it was read, or is not wished for any more.")
    return False


def _absorb(session: Session, delivery: NotificationDelivery) -> None:
    """Take along what else is due for the same reader by the same channel, so that they get one message."""
    others = select(_D).where(
        col(_D.user_id) == delivery.user_id,
        col(_D.channel) == delivery.channel,
        col(_D.status) == _S.QUEUED,
        col(_D.attempts) == 0,
        col(_D.is_test).is_(False),
        col(_D.due_at) <= now(),
        col(_D.id) != delivery.id,
    )
    for other in session.scalars(others.order_by(col(_D.id)).with_for_update(skip_locked=True)).all():
        moved = update(NotificationItem).where(col(NotificationItem.delivery_id) == other.id)
        session.execute(moved.values(delivery_id=delivery.id).execution_options(synchronize_session=False))
        apply(session, system_actor(), other, "drop", f"It went along with message {delivery.id}.")


def _ours(session: Session, held: Claim, verb: str, **facts: str) -> NotificationDelivery:
    found = session.get_one(_D, held.delivery_id, with_for_update=True, populate_existing=True)
    apply(session, system_actor(), found, verb, expected_version=held.version, **facts)
    return found


def _let_go(session: Session, delivery: NotificationDelivery) -> None:
    delivery.lease_until_ms = None
    session.add(delivery)
    session.flush()


def _set(session: Session, delivery: NotificationDelivery, **values: object) -> None:
    mine = col(_D.id) == delivery.id
    session.execute(update(_D).where(mine).values(values).execution_options(synchronize_session=False))


def _pause(attempts: int, settings: Settings) -> timedelta:
    minutes = PAUSE_MINUTES[min(attempts, len(PAUSE_MINUTES)) - 1]
    return timedelta(minutes=minutes * settings.retry_scale)


def _due() -> Select[Any]:
    """Return what selects messages that are due; mail to an address that bounces waits until that is mended."""
    bounces = (col(_D.channel) == NotificationChannel.EMAIL) & (
        func.lower(col(NotificationSetting.bounced_address)) == func.lower(col(User.email))
    )
    return (
        select(col(_D.id))
        .join(User, col(User.id) == col(_D.user_id))
        .outerjoin(NotificationSetting, col(NotificationSetting.user_id) == col(_D.user_id))
        .where(
            col(_D.status) == _S.QUEUED,
            col(_D.due_at) <= now(),
            or_(col(NotificationSetting.user_id).is_(None), ~bounces),
        )
    )


def _left_over() -> ColumnElement[bool]:
    return (col(_D.status) == _S.SENDING) & (col(_D.lease_until_ms) <= db_now_ms())
