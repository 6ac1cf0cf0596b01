"""From notices to messages: each new notice is put into the waiting message of its reader, by every channel they chose.

Planning is done once a notice, whoever does it, and may be broken off anywhere: it is one transaction.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import insert, select, update
from sqlmodel import Session, col

from core.clock import now
from core.settings import Settings
from models import (
    Notice,
    NotificationDelivery,
    NotificationItem,
    NotificationSetting,
    PersonSecret,
    User,
)
from models.enums import DeliveryStatus, NotificationChannel, Rhythm
from services.notifications.chat_addresses import WEBHOOK
from services.notifications.deliveries import has_due, open_delivery
from services.notifications.preferences import Wish, chosen_rhythms, rhythm_of
from services.notifications.quiet_hours import clock_of, due_at
from services.notifications.settings import lock_settings
from services.row_ids import row_id

_MOST = 500


@dataclass(frozen=True)
class _Reader:
    """One person as planning needs them: what they chose, and by what they can be reached at all."""

    setting: NotificationSetting
    chosen: dict[Wish, Rhythm]
    channels: frozenset[NotificationChannel]
    waiting: dict[tuple[NotificationChannel, Rhythm], int] = field(default_factory=dict)


def has_work(session: Session) -> bool:
    """Whether somebody was told something that is not in the queue yet, or something in the queue is due."""
    unplanned = select(col(Notice.id)).where(col(Notice.planned_at).is_(None)).limit(1)
    return session.scalars(unplanned).first() is not None or has_due(session)


def plan_notices(session: Session, settings: Settings) -> int:
    """Put the oldest notices that are not planned yet into the queue; return how many notices that were."""
    unplanned = select(Notice).where(col(Notice.planned_at).is_(None)).order_by(col(Notice.id)).limit(_MOST)
    notices = session.scalars(unplanned.with_for_update(skip_locked=True)).all()
    if not notices:
        return 0
    readers = _readers(session, {one.user_id for one in notices})
    taken = _taken(session, notices)
    items = [
        item
        for one in notices
        if one.read_at is None and (reader := readers.get(one.user_id)) is not None
        for item in _items(session, settings, one, reader, taken)
    ]
    if items:
        session.execute(insert(NotificationItem), items)
    planned = col(Notice.id).in_([one.id for one in notices])
    session.execute(update(Notice).where(planned).values(planned_at=now()).execution_options(synchronize_session=False))
    return len(notices)


def _items(
    session: Session,
    settings: Settings,
    notice: Notice,
    reader: _Reader,
    taken: set[tuple[int, NotificationChannel]],
) -> Iterator[dict[str, Any]]:
    for channel, rhythm in _ways(notice, reader):
        if (row_id(notice), channel) in taken:
            continue
        if (channel, rhythm) not in reader.waiting:
            reader.waiting[channel, rhythm] = _open(session, settings, reader.setting, channel, rhythm)
        yield {"delivery_id": reader.waiting[channel, rhythm], "notice_id": notice.id, "channel": channel}


def _ways(notice: Notice, reader: _Reader) -> Iterator[tuple[NotificationChannel, Rhythm]]:
    for channel in NotificationChannel:
        rhythm = rhythm_of(reader.chosen, notice.kind, channel)
        if channel in reader.channels and rhythm is not Rhythm.OFF:
            yield channel, rhythm


def _open(
    session: Session,
    settings: Settings,
    setting: NotificationSetting,
    channel: NotificationChannel,
    rhythm: Rhythm,
) -> int:
    clock = clock_of(setting, settings.firm_time_zone)
    due = due_at(clock, rhythm, now(), timedelta(seconds=settings.gather_seconds))
    return open_delivery(session, setting.user_id, channel, rhythm, due)


def _readers(session: Session, user_ids: set[int]) -> dict[int, _Reader]:
    """Return the people who can be told, with their settings locked, so that one at a time plans for a person."""
    active = select(col(User.id)).where(col(User.id).in_(sorted(user_ids)), col(User.is_active))
    wanted = [found for found in session.scalars(active) if found is not None]
    settings, chosen = lock_settings(session, wanted), chosen_rhythms(session, wanted)
    chats = set(
        session.scalars(
            select(col(PersonSecret.user_id)).where(
                col(PersonSecret.user_id).in_(wanted), col(PersonSecret.field) == WEBHOOK
            )
        )
    )
    readers = {
        user_id: _Reader(setting, chosen[user_id], _channels(setting, has_chat=user_id in chats))
        for user_id, setting in settings.items()
    }
    for delivery in _waiting(session, wanted):
        readers[delivery.user_id].waiting[delivery.channel, delivery.rhythm] = row_id(delivery)
    return readers


def _channels(setting: NotificationSetting, *, has_chat: bool) -> frozenset[NotificationChannel]:
    found = {NotificationChannel.EMAIL}
    if setting.phone and setting.phone_verified_at is not None:
        found.add(NotificationChannel.SMS)
    if has_chat:
        found.add(NotificationChannel.SLACK)
    return frozenset(found)


def _waiting(session: Session, user_ids: Iterable[int]) -> Sequence[NotificationDelivery]:
    """Return the messages that still gather notices, locked: the one who sends them must not read them meanwhile."""
    statement = select(NotificationDelivery).where(
        col(NotificationDelivery.user_id).in_(list(user_ids)),
        col(NotificationDelivery.status) == DeliveryStatus.QUEUED,
        col(NotificationDelivery.attempts) == 0,
        col(NotificationDelivery.is_test).is_(False),
    )
    locked = statement.order_by(col(NotificationDelivery.id)).with_for_update()
    return session.scalars(locked.execution_options(populate_existing=True)).all()


def _taken(session: Session, notices: Sequence[Notice]) -> set[tuple[int, NotificationChannel]]:
    """Return which notices went into a channel already; planned anew, they go into the others only."""
    wanted = col(NotificationItem.notice_id).in_([one.id for one in notices])
    rows = session.execute(select(col(NotificationItem.notice_id), col(NotificationItem.channel)).where(wanted))
    return {(notice_id, channel) for notice_id, channel in rows}
