"""One message as it leaves, made from its row at the last moment: what was read meanwhile is not in it."""

from dataclasses import dataclass
from email.message import EmailMessage

from sqlmodel import Session

from adapters.chat import Blocks
from adapters.texting import shown_number
from core.crypto import SealedSecret
from core.errors import InvalidInputError, UnavailableError
from core.settings import Settings
from models import NotificationDelivery, NotificationSetting, User
from models.enums import NoticeKind, NotificationChannel
from services.notice_kinds import KINDS
from services.notices import notice_rows
from services.notifications.chat_addresses import sealed_webhook
from services.notifications.deliveries import live_notices
from services.notifications.digests import Digest, compose
from services.notifications.mails import Reader, digest_mail, new_message_id, self_test_mail
from services.notifications.settings import find_settings
from services.notifications.short_texts import chat_blocks, phone_text, plain_blocks
from services.notifications.unsubscribing import unsubscribe_token

_TEST = "Billing: this is the test that you asked for. Notifications reach you here."


class NothingLeftError(UnavailableError):
    """Everything in a message was read between taking it up and sending it; the next look drops it."""

    code = "nothing_left"


@dataclass(frozen=True)
class Outgoing:
    """One message as it leaves: by exactly one of the three ways."""

    address: str
    message_id: str | None = None
    mail: EmailMessage | None = None
    number: str = ""
    text: str = ""
    webhook: tuple[SealedSecret, str] | None = None
    blocks: Blocks | None = None


def compose_message(session: Session, delivery: NotificationDelivery, settings: Settings) -> Outgoing:
    """Return the message as its reader gets it now.

    Raises:
        InvalidInputError: the reader cannot be reached by this channel any more.
        NothingLeftError: nothing is left to tell.
    """
    user = session.get_one(User, delivery.user_id)
    setting = find_settings(session, [delivery.user_id]).get(delivery.user_id)
    digest = None
    if not delivery.is_test:
        rows = notice_rows(session, live_notices(session, delivery))
        if not rows:
            raise NothingLeftError("Everything in it was read meanwhile. It was not sent.")
        digest = compose(rows, settings.public_url)
    match delivery.channel:
        case NotificationChannel.EMAIL:
            return _mail(delivery, user, setting, digest, settings)
        case NotificationChannel.SMS:
            return _text(setting, digest)
        case _:
            return _post(session, delivery, digest)


def _mail(
    delivery: NotificationDelivery,
    user: User,
    setting: NotificationSetting | None,
    digest: Digest | None,
    settings: Settings,
) -> Outgoing:
    message_id = delivery.message_id or new_message_id(settings)
    kinds = digest.kinds if digest else ()
    reader = _reader(user, setting, kinds, settings)
    mail = digest_mail(digest, reader, message_id, settings) if digest else self_test_mail(reader, message_id, settings)
    return Outgoing(user.email, message_id, mail=mail)


def _reader(
    user: User, setting: NotificationSetting | None, kinds: tuple[NoticeKind, ...], settings: Settings
) -> Reader:
    """Return the reader with the links that end their mails; a mail program's own button ends the only kind, or all."""
    if setting is None or not kinds:
        return Reader(user.name, user.email, f"{settings.public_url}/notifications/preferences")

    def link(kind: NoticeKind | None) -> str:
        return f"{settings.public_url}/unsubscribe/{unsubscribe_token(setting, kind)}"

    every = link(None)
    return Reader(
        user.name,
        user.email,
        every,
        tuple((KINDS[kind].title, link(kind)) for kind in kinds),
        link(kinds[0]) if len(kinds) == 1 else every,
    )


def _text(setting: NotificationSetting | None, digest: Digest | None) -> Outgoing:
    if setting is None or not setting.phone or setting.phone_verified_at is None:
        raise InvalidInputError("The person has no phone number that was confirmed. It was not sent.")
    text = phone_text(digest) if digest else _TEST
    return Outgoing(shown_number(setting.phone), number=setting.phone, text=text)


def _post(session: Session, delivery: NotificationDelivery, digest: Digest | None) -> Outgoing:
    webhook = sealed_webhook(session, delivery.user_id)
    if webhook is None:
        raise InvalidInputError("The person's webhook was deleted. It was not sent.")
    text = digest.subject if digest else _TEST
    return Outgoing("", text=text, webhook=webhook, blocks=chat_blocks(digest) if digest else plain_blocks(text))
