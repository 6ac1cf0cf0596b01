"""What waits is planned anew when a person's choices change: nothing is lost, and nothing goes out as before."""

from sqlalchemy import delete, select, update
from sqlmodel import Session, col

from models import Notice, NotificationDelivery, NotificationItem
from models.enums import DeliveryStatus
from services.actor import system_actor
from services.lifecycle import apply

_WHY = "The person's choices changed, so its notices were planned anew."


def plan_again(session: Session, user_id: int) -> int:
    """Take a person's waiting messages apart and let their notices be planned once more; return how many messages.

    One that was tried already stays as it is; so do tests. Call with the person's settings locked.
    """
    waiting = select(NotificationDelivery).where(
        col(NotificationDelivery.user_id) == user_id,
        col(NotificationDelivery.status) == DeliveryStatus.QUEUED,
        col(NotificationDelivery.attempts) == 0,
        col(NotificationDelivery.is_test).is_(False),
    )
    found = session.scalars(waiting.order_by(col(NotificationDelivery.id)).with_for_update()).all()
    for delivery in found:
        apply(session, system_actor(), delivery, "drop", _WHY)
        items = col(NotificationItem.delivery_id) == delivery.id
        notices = list(session.scalars(select(col(NotificationItem.notice_id)).where(items)))
        session.execute(delete(NotificationItem).where(items))
        session.execute(update(Notice).where(col(Notice.id).in_(notices)).values(planned_at=None))
    return len(found)
