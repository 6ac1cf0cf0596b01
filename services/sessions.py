"""Sign-in sessions: the browser holds a random id, the table its SHA-256; each ends by itself or at once."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import bindparam, select, update
from sqlmodel import Session, col

from core.clock import now
from core.errors import DeniedError, NotFoundError
from core.ids import new_token, sha256_hex
from core.settings import get_settings
from models.enums import Role
from models.person import User, UserSession
from services import audit
from services.actor import Actor, actor_of
from services.tables import table_of

_TOUCH_EVERY = timedelta(minutes=1)
_LONGEST_COOKIE = 128
# Asked before every event of everybody, so it is built once and reads plain columns.
_OPEN, _PERSON = table_of(UserSession), table_of(User)
_BEHIND_COOKIE = (
    select(
        _OPEN.c.revoked_at,
        _OPEN.c.expires_at,
        _OPEN.c.last_seen_at,
        _PERSON.c.id,
        _PERSON.c.name,
        _PERSON.c.email,
        _PERSON.c.roles,
        _PERSON.c.timekeeper_id,
        _PERSON.c.is_active,
    )
    .join(_PERSON, _PERSON.c.id == _OPEN.c.user_id)
    .where(_OPEN.c.id_sha256 == bindparam("key"))
)


@dataclass(frozen=True)
class Principal:
    """Who is behind an event or request, read afresh for each; `needs_touch` asks for `touch_session`."""

    session_sha256: str
    actor: Actor
    email: str
    needs_touch: bool = False


def open_session(session: Session, user: User) -> str:
    """Start a session and return its cookie value, which is stored nowhere.

    Raises:
        DeniedError: the person's account is switched off.
    """
    if not user.is_active or user.id is None:
        raise DeniedError("This account is switched off. You were not signed in; ask an administrator.")
    cookie, at = new_token(), now()
    lifetime = timedelta(hours=get_settings().session_absolute_hours)
    session.add(
        UserSession(
            id_sha256=sha256_hex(cookie), user_id=user.id, created_at=at, last_seen_at=at, expires_at=at + lifetime
        )
    )
    audit.record(session, actor_of(user), "session:opened", "user", user.id)
    return cookie


def find_principal(session: Session, cookie: str) -> Principal | None:
    """Return who a cookie stands for; None when it is unknown, ended, expired, idle too long or its user is off."""
    if not cookie or len(cookie) > _LONGEST_COOKIE:
        return None
    key, at = sha256_hex(cookie), now()
    row = session.execute(_BEHIND_COOKIE, {"key": key}).one_or_none()
    if row is None or row.revoked_at is not None or row.expires_at <= at or not row.is_active:
        return None
    idle_for = at - row.last_seen_at
    if idle_for > timedelta(minutes=get_settings().session_idle_minutes):
        return None
    roles = frozenset(Role(role) for role in row.roles)
    who = Actor(row.id, row.name, roles, timekeeper_id=row.timekeeper_id)
    return Principal(key, who, row.email, needs_touch=idle_for > _TOUCH_EVERY)


def touch_session(session: Session, session_sha256: str) -> None:
    """Note that the person is still there; the idle clock starts anew."""
    session.execute(
        update(UserSession)
        .where(col(UserSession.id_sha256) == session_sha256, col(UserSession.revoked_at).is_(None))
        .values(last_seen_at=now())
    )


def end_session(session: Session, principal: Principal) -> None:
    """Sign one browser out."""
    row = session.get(UserSession, principal.session_sha256)
    if row is not None and row.revoked_at is None:
        row.revoked_at = now()
        audit.record(session, principal.actor, "session:ended", "user", row.user_id)


def disable_person(session: Session, actor: Actor, *, user_id: int) -> None:
    """Switch an account off and end all its sessions at once.

    Raises:
        DeniedError: only an administrator may.
        NotFoundError: there is no such person.
    """
    if not actor.has(Role.ADMIN):
        raise DeniedError("Only an administrator can switch an account off. Nothing was changed.")
    user = session.get(User, user_id)
    if user is None:
        raise NotFoundError("There is no such person. Nothing was changed.")
    user.is_active = False
    session.execute(
        update(UserSession)
        .where(col(UserSession.user_id) == user_id, col(UserSession.revoked_at).is_(None))
        .values(revoked_at=now())
    )
    audit.record(session, actor, "user:disabled", "user", user_id)
