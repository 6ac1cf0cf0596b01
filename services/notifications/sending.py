"""Draining the queue: plan what is new, then send what is due, one message after another, each with its outcome."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from sqlmodel import Session

from adapters.chat import Chat, ChatUncertainError
from adapters.mailer import MailDeferredError, Mailer, MailRefusedError, MailUncertainError
from adapters.texting import Texter, TextUncertainError
from core.crypto import Keys
from core.db import Database
from core.errors import BillingError, FencedError, StaleVersionError, UnavailableError, WrongStateError
from core.log import get_logger
from core.settings import Settings
from models import NotificationDelivery
from services.notifications import deliveries
from services.notifications.addresses import mark_bouncing
from services.notifications.chat_addresses import open_webhook
from services.notifications.deliveries import Claim
from services.notifications.outgoing import NothingLeftError, Outgoing, compose_message
from services.notifications.planning import plan_notices
from services.notifications.settings import lock_setting

_BATCH = 50
_MOST_PLANS = 20
_log = get_logger(__name__)


@dataclass(frozen=True)
class SendingTools:
    """What sending needs. A drain ends after `seconds`, or when it is asked to; the dispatcher rings again."""

    database: Database
    settings: Settings
    mailer: Mailer
    texter: Texter
    chat: Chat
    keys: Keys | None = None
    is_asked_to_stop: Callable[[], bool] = lambda: False
    seconds: float = 30.0


def drain(tools: SendingTools) -> int:
    """Plan and send all that is due; return how many messages were tried. Safe with several at a time."""
    until, tried = time.monotonic() + tools.seconds, 0
    for _ in range(_MOST_PLANS):
        if not tools.database.transact(lambda session: plan_notices(session, tools.settings)):
            break
    tools.database.transact(lambda session: deliveries.recover_left_over(session, tools.settings))
    while due := _due(tools):
        done = 0
        for delivery_id in due:
            if tools.is_asked_to_stop() or time.monotonic() > until:
                return tried + done
            done += deliver(tools, delivery_id)
        if not done:
            break
        tried += done
    return tried


def deliver(tools: SendingTools, delivery_id: int) -> bool:
    """Send one message and write down what became of it; False when it was not to be sent now."""
    held = tools.database.transact(lambda session: deliveries.claim(session, delivery_id, tools.settings))
    if held is None:
        return False
    try:
        _send(tools, held)
    except (FencedError, StaleVersionError, WrongStateError) as late:
        # Somebody settled it meanwhile: a bounce that was quicker, or another worker after we were away too long.
        _log.warning("notifications:overtaken", delivery_id=delivery_id, reason=late.code)
    return True


def _send(tools: SendingTools, held: Claim) -> None:
    try:
        with tools.database.read_only() as session:
            found = session.get_one(NotificationDelivery, held.delivery_id)
            outgoing = compose_message(session, found, tools.settings)
        service_id = _hand_over(tools, held, outgoing)
    except (FencedError, StaleVersionError, WrongStateError):
        raise
    except BillingError as error:
        _note(tools, held, error)
        return
    is_delivered = outgoing.webhook is not None
    tools.database.transact(
        lambda session: deliveries.record_sent(session, held, service_id=service_id, is_delivered=is_delivered)
    )
    _log.info("notifications:sent", delivery_id=held.delivery_id)


def _hand_over(tools: SendingTools, held: Claim, outgoing: Outgoing) -> str:
    """Open what is sealed, write down that the message leaves, and let it leave; return the service's id of it."""
    webhook = open_webhook(outgoing.webhook, tools.keys) if outgoing.webhook else None
    address, message_id = outgoing.address, outgoing.message_id
    tools.database.transact(lambda session: deliveries.hand_over(session, held, address=address, message_id=message_id))
    if outgoing.mail is not None:
        return tools.mailer.send(outgoing.mail)
    if webhook is not None:
        return tools.chat.post(webhook, outgoing.text, outgoing.blocks or [])
    return tools.texter.send(outgoing.number, outgoing.text)


def _note(tools: SendingTools, held: Claim, error: BillingError) -> None:
    _log.warning("notifications:not_sent", delivery_id=held.delivery_id, reason=error.code)
    tools.database.transact(lambda session: _settle(session, held, error, tools.settings))


def _settle(session: Session, held: Claim, error: BillingError, settings: Settings) -> None:
    if isinstance(error, (TextUncertainError, ChatUncertainError)):
        deliveries.record_doubt(session, held, error)
    elif isinstance(error, UnavailableError):
        deliveries.put_off(session, held, error, settings)
        if _is_of_the_server(error):
            channel = session.get_one(NotificationDelivery, held.delivery_id).channel
            deliveries.hold_back(session, channel, settings)
    else:
        found = session.get_one(NotificationDelivery, held.delivery_id)
        if isinstance(error, MailRefusedError) and error.recipient:
            lock_setting(session, found.user_id)
        failed = deliveries.record_failure(session, held, error)
        if isinstance(error, MailRefusedError) and error.recipient:
            reason, occasion = error.user_message, f"message-{held.delivery_id}"
            mark_bouncing(session, failed.user_id, address=error.recipient, reason=reason, occasion=occasion)


def _is_of_the_server(error: UnavailableError) -> bool:
    """Whether the next message by the same channel would fare alike."""
    if isinstance(error, (MailUncertainError, NothingLeftError)):
        return False
    return not (isinstance(error, MailDeferredError) and error.recipient)


def _due(tools: SendingTools) -> list[int]:
    with tools.database.read_only() as session:
        return deliveries.list_due(session, limit=_BATCH)
