"""Sessions end by time, by wish, and with their person's account."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from core.clock import now
from core.errors import DeniedError, NotFoundError
from core.ids import sha256_hex
from models import AuditEvent
from models.enums import Role
from models.person import User, UserSession
from services.actor import Actor
from services.sessions import disable_person, end_session, find_principal, open_session, touch_session

ADMIN = Actor(None, "Admin", frozenset({Role.ADMIN}))


@pytest.fixture
def user(session: Session) -> User:
    made = User(subject="s", email="a@b.example", name="Ana Reyes", roles=["attorney"], created_at=now())
    session.add(made)
    session.flush()
    return made


def row(session: Session) -> UserSession:
    return session.exec(select(UserSession)).one()


def test_find_person_behind_cookie(session: Session, user: User):
    found = find_principal(session, open_session(session, user))
    assert found is not None
    assert (found.actor.user_id, found.actor.roles, found.email) == (user.id, frozenset({Role.ATTORNEY}), "a@b.example")


def test_store_only_hash_of_cookie(session: Session, user: User):
    cookie = open_session(session, user)
    assert row(session).id_sha256 == sha256_hex(cookie)
    assert cookie not in str(row(session).model_dump())


@pytest.mark.parametrize("cookie", ["", "unknown", "x" * 5000])
def test_know_nobody_by_wrong_cookie(session: Session, user: User, cookie: str):
    open_session(session, user)
    assert find_principal(session, cookie) is None


@pytest.mark.parametrize(
    ("field", "ago"),
    [("expires_at", timedelta(0)), ("last_seen_at", timedelta(minutes=61)), ("revoked_at", timedelta(0))],
)
def test_end_by_expiry_idleness_or_revocation(session: Session, user: User, field: str, ago: timedelta):
    cookie = open_session(session, user)
    setattr(row(session), field, now() - ago)
    assert find_principal(session, cookie) is None


def test_stay_awake_by_touching(session: Session, user: User):
    cookie = open_session(session, user)
    row(session).last_seen_at = now() - timedelta(minutes=50)
    found = find_principal(session, cookie)
    assert found is not None
    assert found.needs_touch
    session.flush()
    touch_session(session, found.session_sha256)
    session.expire_all()
    again = find_principal(session, cookie)
    assert again is not None
    assert not again.needs_touch


def test_see_changed_roles_at_once(session: Session, user: User):
    cookie = open_session(session, user)
    user.roles = ["biller"]
    session.flush()
    found = find_principal(session, cookie)
    assert found is not None
    assert found.actor.roles == {Role.BILLER}


def test_end_one_browser_only(session: Session, user: User):
    first, second = open_session(session, user), open_session(session, user)
    found = find_principal(session, first)
    assert found is not None
    end_session(session, found)
    assert find_principal(session, first) is None
    assert find_principal(session, second) is not None


def test_end_all_sessions_of_disabled_person(session: Session, user: User):
    cookies = [open_session(session, user), open_session(session, user)]
    disable_person(session, ADMIN, user_id=user.id or 0)
    session.expire_all()
    assert [find_principal(session, cookie) for cookie in cookies] == [None, None]
    assert session.exec(select(AuditEvent.tag)).all()[-1] == "user:disabled"
    with pytest.raises(DeniedError, match="switched off"):
        open_session(session, user)


def test_refuse_disabling_to_others(session: Session, user: User):
    with pytest.raises(DeniedError):
        disable_person(session, Actor(1, "x", frozenset({Role.BILLER})), user_id=user.id or 0)
    with pytest.raises(NotFoundError):
        disable_person(session, ADMIN, user_id=999)
    assert user.is_active
