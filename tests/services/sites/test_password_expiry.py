"""Passwords that end: the day from a rule or by hand, and reminders that come once each."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from core.crypto import Secret
from core.errors import DeniedError, InvalidInputError
from models import AuditEvent, Site, SiteAccount
from models.enums import NoticeKind, Role
from services.notices import count_unread, list_notices
from services.sites import password_expiry
from services.sites.account_secrets import store_secret
from services.sites.password_expiry import remind_of_expiring_passwords, set_expiry
from tests.builders import actor, actor_for, id_of, make_site_account, make_user

ENDS = date(2026, 12, 20)


class Calendar:
    """The day it is, as a test says."""

    def __init__(self, day: date) -> None:
        self.day = day

    def __call__(self) -> date:
        return self.day


@pytest.fixture
def calendar(monkeypatch: pytest.MonkeyPatch) -> Calendar:
    calendar = Calendar(ENDS - timedelta(days=30))
    monkeypatch.setattr(password_expiry, "today", calendar)
    return calendar


@pytest.fixture
def admin(session):
    return actor_for(make_user(session, Role.ADMIN))


@pytest.fixture
def account(session, admin, calendar) -> int:
    found = id_of(make_site_account(session))
    set_expiry(session, admin, site_account_id=found, expires_on=ENDS, every_days=None)
    return found


def reminders_on(session, calendar, *days_left: int) -> list[int]:
    told = []
    for left in days_left:
        calendar.day = ENDS - timedelta(days=left)
        told.append(remind_of_expiring_passwords(session))
    return told


def test_remind_at_14_7_3_1_and_on_the_day_once_each(session, account, admin, calendar):
    days = range(20, -3, -1)
    heard = [left for left, told in zip(days, reminders_on(session, calendar, *days), strict=True) if told]
    assert heard == [14, 7, 3, 1, 0]
    assert count_unread(session, admin) == 5
    assert {row.kind for row in list_notices(session, admin)} == {NoticeKind.PASSWORD_EXPIRES}
    events = session.scalars(select(AuditEvent).filter_by(tag="site_account:password_reminded")).all()
    assert [event.data["days_left"] for event in events] == [14, 7, 3, 1, 0]


def test_remind_is_idempotent_and_makes_up_for_missed_days(session, account, calendar):
    assert reminders_on(session, calendar, 14, 14, 5, 5, 4, -2, -9) == [1, 0, 1, 0, 0, 1, 0]


def test_remind_reaches_an_administrator_who_came_later(session, account, calendar):
    reminders_on(session, calendar, 14)
    late = actor_for(make_user(session, Role.ADMIN))
    assert reminders_on(session, calendar, 13, 13) == [1, 0]
    assert count_unread(session, late) == 1


def test_a_new_password_settles_the_reminders_and_another_day_reminds_anew(session, account, admin, calendar):
    reminders_on(session, calendar, 7)
    store_secret(session, admin, site_account_id=account, field="password", value=Secret("new"))
    assert count_unread(session, admin) == 0
    later = ENDS + timedelta(days=90)
    set_expiry(session, admin, site_account_id=account, expires_on=later, every_days=None, has_new_password=True)
    calendar.day = later - timedelta(days=3)
    assert remind_of_expiring_passwords(session) == 1


@pytest.mark.parametrize(
    ("given", "has_new_password", "kept"),
    [
        (ENDS, True, date(2026, 11, 20) + timedelta(days=90)),
        (ENDS, False, ENDS),
        (date(2027, 1, 5), True, date(2027, 1, 5)),
        (None, True, None),
    ],
)
def test_set_expiry_follows_the_rule_of_the_site_unless_a_day_is_given(
    session, account, admin, given, has_new_password, kept
):
    set_expiry(
        session,
        admin,
        site_account_id=account,
        expires_on=given,
        every_days=90,
        has_new_password=has_new_password,
    )
    found = session.get_one(SiteAccount, account)
    assert (found.expires_on, session.get_one(Site, found.site_id).password_days) == (kept, 90)


@pytest.mark.parametrize("days", [0, -1, 4000])
def test_set_expiry_refuses_a_number_of_days_that_is_none(session, account, admin, days):
    with pytest.raises(InvalidInputError, match="Nothing was changed"):
        set_expiry(session, admin, site_account_id=account, expires_on=None, every_days=days)
    assert session.get_one(SiteAccount, account).expires_on == ENDS


def test_set_expiry_is_for_administrators_and_on_record_once(session, account, admin):
    with pytest.raises(DeniedError):
        set_expiry(session, actor(Role.BILLER), site_account_id=account, expires_on=None, every_days=None)
    set_expiry(session, admin, site_account_id=account, expires_on=ENDS, every_days=None)
    [event] = session.scalars(select(AuditEvent).filter_by(tag="site_account:expiry_set")).all()
    assert event.data == {"expires_on": "2026-12-20", "every_days": None}
