"""From a Cookie header to a person."""

from datetime import timedelta

import pytest
from sqlmodel import select

from core.clock import now
from core.db import Database
from core.settings import get_settings
from models.person import User, UserSession
from services.sessions import open_session
from state.doorkeeper import cookie_name, recognise, session_cookie


@pytest.fixture
def cookie(database: Database) -> str:
    with database.unit_of_work() as session:
        user = User(subject="s", email="a@hwr.example", name="Ana Reyes", roles=["attorney"], created_at=now())
        session.add(user)
        session.flush()
        return open_session(session, user)


def test_recognise_person_among_other_cookies(cookie: str):
    found = recognise(f"theme=dark; billing_session={cookie}; other=1")
    assert found is not None
    assert found.actor.name == "Ana Reyes"


@pytest.mark.parametrize("header", ["", "billing_session=", "billing_session=wrong", "garbage;;;=", "billing_session"])
def test_recognise_nobody(cookie: str, header: str):
    assert cookie
    assert recognise(header) is None


def test_keep_session_awake(cookie: str, database: Database):
    with database.unit_of_work() as session:
        row = session.exec(select(UserSession)).one()
        row.last_seen_at = now() - timedelta(minutes=30)
    recognise(f"billing_session={cookie}")
    with database.read_only() as session:
        assert now() - session.exec(select(UserSession)).one().last_seen_at < timedelta(minutes=1)


def test_bind_cookie_to_host_where_secure(monkeypatch: pytest.MonkeyPatch):
    assert cookie_name() == "billing_session"
    monkeypatch.setenv("BILLING_PUBLIC_URL", "https://billing.firm.example")
    get_settings.cache_clear()
    assert cookie_name() == "__Host-billing_session"
    assert session_cookie("billing_session=planted; __Host-billing_session=mine") == "mine"
