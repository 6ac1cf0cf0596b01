"""Every message and what became of it, for administrators: what failed, which addresses bounce, and sending again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlmodel import Session, col

from core.clock import now
from core.errors import InvalidInputError
from models import NotificationDelivery, NotificationItem, NotificationSetting, User
from models.enums import DeliveryStatus, NotificationChannel, Role
from services.access import require
from services.actor import Actor
from services.lifecycle import apply, available, get
from services.listing import contains
from services.notifications.preferences import is_bouncing
from services.notifications.settings import lock_setting

TROUBLE = (DeliveryStatus.FAILED, DeliveryStatus.BOUNCED, DeliveryStatus.UNCERTAIN)
VIEWS: dict[str, tuple[DeliveryStatus, ...]] = {
    "": TROUBLE,
    "waiting": (DeliveryStatus.QUEUED, DeliveryStatus.SENDING),
    "sent": (DeliveryStatus.SENT, DeliveryStatus.DELIVERED),
    "all": (),
}
_WHAT = "The list of messages"


@dataclass(frozen=True)
class DeliveryRow:
    """One message; `notices` is how many it tells, `verbs` what the reader may do with it."""

    delivery_id: int
    version: int
    person: str
    channel: NotificationChannel
    status: DeliveryStatus
    is_test: bool
    notices: int
    address: str
    due_at: datetime
    sent_at: datetime | None
    failure: str
    attempts: int
    verbs: tuple[str, ...]


@dataclass(frozen=True)
class BouncingRow:
    """A person whose mail comes back; `waiting` messages go out once the address is mended."""

    user_id: int
    person: str
    address: str
    reason: str
    since: datetime | None
    waiting: int


def list_deliveries(
    session: Session,
    actor: Actor,
    *,
    statuses: Sequence[DeliveryStatus] = (),
    search: str = "",
    before_id: int | None = None,
    limit: int,
) -> list[DeliveryRow]:
    """Return messages below an id, the newest first; `search` looks at person and address.

    Raises:
        DeniedError: only administrators see the messages of others.
    """
    require(actor, Role.ADMIN, what=_WHAT)
    notices = (
        select(func.count(col(NotificationItem.id)))
        .where(col(NotificationItem.delivery_id) == col(NotificationDelivery.id))
        .scalar_subquery()
    )
    statement = (
        select(NotificationDelivery, col(User.name), notices)
        .join(User, col(User.id) == col(NotificationDelivery.user_id))
        .order_by(col(NotificationDelivery.id).desc())
        .limit(limit)
    )
    if statuses:
        statement = statement.where(col(NotificationDelivery.status).in_(list(statuses)))
    if search.strip():
        text = search.strip()
        statement = statement.where(
            or_(contains(col(User.name), text), contains(col(NotificationDelivery.address), text))
        )
    if before_id is not None:
        statement = statement.where(col(NotificationDelivery.id) < before_id)
    return [_row(actor, delivery, person, count) for delivery, person, count in session.execute(statement)]


def count_deliveries(session: Session, actor: Actor) -> dict[DeliveryStatus, int]:
    """Return how many messages are in each state.

    Raises:
        DeniedError: the actor is no administrator.
    """
    require(actor, Role.ADMIN, what=_WHAT)
    status = col(NotificationDelivery.status)
    counted = select(status, func.count().label("messages")).group_by(status)
    return {row.status: row.messages for row in session.execute(counted)}


def list_bouncing(session: Session, actor: Actor) -> list[BouncingRow]:
    """Return the people whose mail comes back, the newest first.

    Raises:
        DeniedError: the actor is no administrator.
    """
    require(actor, Role.ADMIN, what=_WHAT)
    waiting = (
        select(func.count(col(NotificationDelivery.id)))
        .where(
            col(NotificationDelivery.user_id) == col(User.id),
            col(NotificationDelivery.channel) == NotificationChannel.EMAIL,
            col(NotificationDelivery.status) == DeliveryStatus.QUEUED,
        )
        .scalar_subquery()
    )
    statement = (
        select(NotificationSetting, User, waiting)
        .join(User, col(User.id) == col(NotificationSetting.user_id))
        .where(func.lower(col(NotificationSetting.bounced_address)) == func.lower(col(User.email)))
        .order_by(col(NotificationSetting.bounced_at).desc(), col(User.id))
    )
    return [
        BouncingRow(row.user_id, user.name, user.email, row.bounce_reason, row.bounced_at, count)
        for row, user, count in session.execute(statement)
    ]


def resend(session: Session, actor: Actor, *, delivery_id: int, expected_version: int) -> None:
    """Put a message that failed, bounced or is in doubt back into the queue, to go now as a new one.

    Raises:
        DeniedError: the actor is no administrator.
        InvalidInputError: mail to the person's address still comes back.
        StaleVersionError, WrongStateError: somebody was faster.
    """
    found: NotificationDelivery = get(session, NotificationDelivery, delivery_id)
    if found.channel is NotificationChannel.EMAIL:
        setting = lock_setting(session, found.user_id)
        if is_bouncing(session.get_one(User, found.user_id), setting):
            message = "Mail to this address comes back. Nothing was sent; say first that the address works again."
            raise InvalidInputError(message)
    apply(session, actor, found, "resend", expected_version=expected_version)
    found.due_at, found.attempts, found.failure = now(), 0, ""
    found.message_id, found.handed_over_at, found.sent_at = None, None, None
    session.add(found)
    session.flush()


def withdraw(session: Session, actor: Actor, *, delivery_id: int, expected_version: int) -> None:
    """Take a message that waits out of the queue; its notices stay in the bell.

    Raises:
        DeniedError: the actor is no administrator.
        StaleVersionError, WrongStateError: somebody was faster.
    """
    found: NotificationDelivery = get(session, NotificationDelivery, delivery_id)
    apply(session, actor, found, "drop", expected_version=expected_version)


def _row(actor: Actor, delivery: NotificationDelivery, person: str, notices: int) -> DeliveryRow:
    return DeliveryRow(
        delivery.id or 0,
        delivery.version,
        person,
        delivery.channel,
        delivery.status,
        delivery.is_test,
        notices,
        delivery.address,
        delivery.due_at,
        delivery.sent_at,
        delivery.failure,
        delivery.attempts,
        tuple(transition.verb for transition in available(actor, delivery)),
    )
