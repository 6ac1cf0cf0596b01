"""What was read and settled long ago is forgotten by night, in batches; what is still to be sent or in doubt never."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlmodel import Session, col

from core.clock import now
from core.log import get_logger
from core.settings import Settings, get_settings
from models import Notice, NotificationDelivery, NotificationItem
from models.enums import DeliveryStatus

BATCH = 500
MOST_BATCHES = 20
# Written out, so that a new state is kept until somebody has thought of it.
SETTLED = (
    DeliveryStatus.SENT,
    DeliveryStatus.DELIVERED,
    DeliveryStatus.FAILED,
    DeliveryStatus.BOUNCED,
    DeliveryStatus.DROPPED,
)
_log = get_logger(__name__)


def forget_old(session: Session, *, settings: Settings | None = None) -> int:
    """Delete settled messages and read notices beyond the days they are kept; return how many rows. Nightly work.

    A notice stays as long as any message tells of it, so messages go first.
    """
    days = (settings or get_settings()).notices_kept_days
    if not days:
        return 0
    until = now() - timedelta(days=days)
    messages = _in_batches(session, until, _old_messages, _delete_messages)
    notices = _in_batches(session, until, _old_notices, _delete_notices)
    if messages or notices:
        _log.info("notifications:forgotten", messages=messages, notices=notices, until=until.isoformat())
    return messages + notices


def _in_batches(
    session: Session,
    until: datetime,
    old: Callable[[Session, datetime], Sequence[int]],
    forget: Callable[[Session, Sequence[int]], None],
) -> int:
    count = 0
    for _ in range(MOST_BATCHES):
        found = old(session, until)
        if found:
            forget(session, found)
        count += len(found)
        if len(found) < BATCH:
            break
    return count


def _old_messages(session: Session, until: datetime) -> Sequence[int]:
    """Return settled messages; the later of when one was made and when it left counts."""
    left_at = func.coalesce(col(NotificationDelivery.sent_at), col(NotificationDelivery.due_at))
    statement = (
        select(col(NotificationDelivery.id))
        .where(
            col(NotificationDelivery.status).in_(SETTLED),
            col(NotificationDelivery.created_at) < until,
            left_at < until,
        )
        .order_by(col(NotificationDelivery.id))
        .limit(BATCH)
    )
    return [found for found in session.scalars(statement) if found is not None]


def _delete_messages(session: Session, ids: Sequence[int]) -> None:
    session.execute(delete(NotificationItem).where(col(NotificationItem.delivery_id).in_(ids)))
    session.execute(delete(NotificationDelivery).where(col(NotificationDelivery.id).in_(ids)))


def _old_notices(session: Session, until: datetime) -> Sequence[int]:
    told = select(col(NotificationItem.id)).where(col(NotificationItem.notice_id) == col(Notice.id)).exists()
    statement = (
        select(col(Notice.id))
        .where(col(Notice.read_at) < until, col(Notice.planned_at).is_not(None), ~told)
        .order_by(col(Notice.id))
        .limit(BATCH)
    )
    return [found for found in session.scalars(statement) if found is not None]


def _delete_notices(session: Session, ids: Sequence[int]) -> None:
    session.execute(delete(Notice).where(col(Notice.id).in_(ids)))
