"""E-mail addresses that mail servers send our mail back from: nothing goes there until the address is mended."""

from sqlmodel import Session

from core.clock import now
from core.errors import DeniedError, WrongStateError
from models import User
from models.enums import NoticeKind, Role
from services import audit
from services.access import person_id
from services.actor import Actor, system_actor
from services.notices import settle_notices, tell_admins
from services.notifications.preferences import is_bouncing
from services.notifications.settings import lock_setting

_REASON = 300


def mark_bouncing(session: Session, user_id: int, *, address: str, reason: str, occasion: str) -> bool:
    """Note that mail to a person comes back for good and tell the administrators; False when it is not their address.

    What waits for the person stays in the queue and goes out once the address is mended.
    """
    user = session.get_one(User, user_id)
    if user.email.lower() != address.lower():
        return False
    setting = lock_setting(session, user_id)
    if is_bouncing(user, setting):
        return True
    setting.bounced_address, setting.bounced_at, setting.bounce_reason = user.email, now(), reason[:_REASON]
    session.add(setting)
    session.flush()
    audit.record(session, system_actor(), "user:mail_bounces", "user", user_id, reason=reason[:_REASON])
    tell_admins(session, NoticeKind.ADDRESS_BOUNCES, "user", user_id, occasion=occasion)
    return True


def trust_address(session: Session, actor: Actor, *, user_id: int) -> None:
    """Send mail to a person's address again: the person themselves or an administrator says that it works.

    Raises:
        DeniedError: the actor is neither.
        WrongStateError: nothing came back from the address.
    """
    if not actor.has(Role.ADMIN) and person_id(actor) != user_id:
        raise DeniedError("Only the person or an administrator may do this. Nothing was changed.")
    setting = lock_setting(session, user_id)
    if not setting.bounced_address:
        raise WrongStateError("Mail to this address does not come back. There is nothing to mend.")
    setting.bounced_address, setting.bounced_at, setting.bounce_reason = "", None, ""
    session.add(setting)
    session.flush()
    audit.record(session, actor, "user:mail_trusted", "user", user_id)
    settle_notices(session, NoticeKind.ADDRESS_BOUNCES, "user", user_id)
