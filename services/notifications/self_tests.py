"""A message to oneself, to see that a channel works: it goes the whole way through the queue."""

from datetime import timedelta

from sqlalchemy import func, select
from sqlmodel import Session, col

from core.clock import now
from core.errors import InvalidInputError
from models import NotificationDelivery, User
from models.enums import DeliveryStatus, NotificationChannel, Rhythm
from services import audit
from services.access import person_id
from services.actor import Actor
from services.notifications.chat_addresses import sealed_webhook
from services.notifications.deliveries import open_delivery
from services.notifications.preferences import is_bouncing
from services.notifications.settings import lock_setting

_MOST = 5
_WINDOW = timedelta(minutes=10)


def send_test(session: Session, actor: Actor, *, channel: NotificationChannel) -> int:
    """Queue a test to the actor by one channel and return its id; it goes in quiet hours too.

    Raises:
        InvalidInputError: the channel cannot reach them, or they asked for several just now.
    """
    user_id = person_id(actor)
    setting = lock_setting(session, user_id)
    if channel is NotificationChannel.EMAIL and is_bouncing(session.get_one(User, user_id), setting):
        raise InvalidInputError("Mail to your address comes back. Nothing was sent; say first that it works again.")
    if channel is NotificationChannel.SMS and setting.phone_verified_at is None:
        raise InvalidInputError("No phone number is confirmed. Nothing was sent; enter yours and type the code.")
    if channel is NotificationChannel.SLACK and sealed_webhook(session, user_id) is None:
        raise InvalidInputError("No webhook is stored. Nothing was sent; store yours first.")
    if _asked_lately(session, user_id) >= _MOST:
        raise InvalidInputError(f"{_MOST} tests were sent within ten minutes. Nothing was sent; wait a little.")
    delivery_id = open_delivery(session, user_id, channel, Rhythm.AT_ONCE, now(), is_test=True)
    audit.record(
        session, actor, "notification_delivery:test_asked", "notification_delivery", delivery_id, channel=channel.value
    )
    return delivery_id


def latest_tests(session: Session, actor: Actor) -> dict[NotificationChannel, NotificationDelivery]:
    """Return the actor's newest test by each channel, to tell how it went."""
    mine = (col(NotificationDelivery.user_id) == person_id(actor)) & col(NotificationDelivery.is_test)
    newest = select(func.max(col(NotificationDelivery.id))).where(mine).group_by(col(NotificationDelivery.channel))
    rows = session.scalars(select(NotificationDelivery).where(col(NotificationDelivery.id).in_(newest)))
    return {row.channel: row for row in rows}


def _asked_lately(session: Session, user_id: int) -> int:
    mine = (col(NotificationDelivery.user_id) == user_id) & col(NotificationDelivery.is_test)
    lately = select(func.count(col(NotificationDelivery.id))).where(
        mine,
        col(NotificationDelivery.created_at) > now() - _WINDOW,
        col(NotificationDelivery.status) != DeliveryStatus.DROPPED,
    )
    return session.scalar(lately) or 0
