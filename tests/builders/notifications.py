"""Notices, messages, and what people chose."""

from datetime import datetime
from typing import Any

from sqlmodel import Session

from core.clock import now
from core.ids import new_token
from models import Notice, NotificationDelivery, NotificationItem, NotificationPreference, NotificationSetting, User
from models.enums import DeliveryStatus, NoticeKind, NotificationChannel, Rhythm
from tests.builders.base import NUMBERS, add, id_of
from tests.builders.people import make_user
from tests.builders.proformas import make_proforma


def make_setting(session: Session, user: User, **columns: Any) -> NotificationSetting:
    """Make a person's settings; without quiet hours, in UTC, unless the columns say otherwise."""
    given = {"time_zone": "Europe/London", "unsubscribe_key": new_token(), **columns}
    return add(session, NotificationSetting(user_id=id_of(user), **given))


def make_phone(session: Session, user: User, number: str = "+12125550123", **columns: Any) -> NotificationSetting:
    """Make a person's settings with a phone that takes texts."""
    return make_setting(session, user, phone=number, phone_verified_at=now(), **columns)


def make_notice(
    session: Session,
    user: User,
    kind: NoticeKind = NoticeKind.PROFORMA_WAITS,
    *,
    subject: tuple[str, int] | None = None,
    occasion: str = "",
    planned_at: datetime | None = None,
    read_at: datetime | None = None,
) -> Notice:
    """Tell a person something, of a proforma of its own unless another subject is named."""
    subject_type, subject_id = subject or ("proforma", id_of(make_proforma(session, lines=0)))
    return add(
        session,
        Notice(
            user_id=id_of(user),
            kind=kind,
            subject_type=subject_type,
            subject_id=subject_id,
            occasion=occasion or f"{next(NUMBERS)}",
            created_at=now(),
            read_at=read_at,
            planned_at=planned_at,
        ),
    )


def make_delivery(
    session: Session,
    user: User | None = None,
    *,
    status: DeliveryStatus = DeliveryStatus.QUEUED,
    channel: NotificationChannel = NotificationChannel.EMAIL,
    notices: tuple[Notice, ...] = (),
    **columns: Any,
) -> NotificationDelivery:
    """Make a message to a person, due now, with notices in it."""
    given = {"rhythm": Rhythm.AT_ONCE, "created_at": now(), "due_at": now(), **columns}
    owner = user or make_user(session)
    delivery = add(session, NotificationDelivery(user_id=id_of(owner), channel=channel, status=status, **given))
    for notice in notices:
        notice.planned_at = now()
        add(session, NotificationItem(delivery_id=id_of(delivery), notice_id=id_of(notice), channel=channel))
    return delivery


def wish(
    session: Session, user: User, kind: NoticeKind, channel: NotificationChannel, rhythm: Rhythm
) -> NotificationPreference:
    """Store what a person chose for one kind on one channel."""
    return add(session, NotificationPreference(user_id=id_of(user), kind=kind, channel=channel, rhythm=rhythm))
