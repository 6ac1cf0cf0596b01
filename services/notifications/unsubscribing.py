"""Ending mails by one click, without a log-in: links that are signed with a key of the reader's own.

The key stands in the database, so that every machine signs and reads alike, and a new one ends all links there are.
"""

from dataclasses import dataclass

from itsdangerous import BadData, URLSafeSerializer
from sqlmodel import Session

from core.errors import NotFoundError
from models import NotificationSetting, User
from models.enums import NoticeKind, NotificationChannel, Rhythm
from services.actor import actor_of
from services.notice_kinds import KINDS
from services.notifications.preferences import choose

_SALT = "unsubscribe"
_ALL = "all"
_LONGEST = 300


@dataclass(frozen=True)
class Unsubscription:
    """What a link ends: the mails of one kind, or all of them where `kind` is None."""

    user_id: int
    kind: NoticeKind | None

    @property
    def what(self) -> str:
        """The mails in words."""
        return "all notification mails" if self.kind is None else f"mails of “{KINDS[self.kind].title}”"


def unsubscribe_token(setting: NotificationSetting, kind: NoticeKind | None = None) -> str:
    """Return the signed part of a link that ends a person's mails."""
    return _signer(setting).dumps([setting.user_id, kind.value if kind else _ALL])


def read_token(session: Session, token: str) -> Unsubscription:
    """Return what a link ends; reading it changes nothing.

    Raises:
        NotFoundError: nobody here signed it.
    """
    try:
        # Whose key signed it stands in it; only then can the signature be checked.
        _, claimed = URLSafeSerializer("", salt=_SALT).loads_unsafe(token[:_LONGEST])
        setting = session.get(NotificationSetting, int(claimed[0]))
        if setting is None:
            raise _unknown()
        user_id, kind = _signer(setting).loads(token)
        return Unsubscription(int(user_id), None if kind == _ALL else NoticeKind(kind))
    except (BadData, ValueError, TypeError, LookupError, OverflowError) as wrong:
        raise _unknown() from wrong


def unsubscribe(session: Session, token: str) -> Unsubscription:
    """End the mails that a link names; twice does no harm. The bell, phone and chat go on.

    Raises:
        NotFoundError: nobody here signed the link.
    """
    found = read_token(session, token)
    kinds = list(KINDS) if found.kind is None else [found.kind]
    actor = actor_of(session.get_one(User, found.user_id))
    choose(session, actor, wishes={(kind, NotificationChannel.EMAIL): Rhythm.OFF for kind in kinds})
    return found


def _signer(setting: NotificationSetting) -> URLSafeSerializer:
    return URLSafeSerializer(setting.unsubscribe_key, salt=_SALT)


def _unknown() -> NotFoundError:
    message = "This link is damaged or no longer holds, so nothing was changed. Sign in and choose what reaches you."
    return NotFoundError(message)
