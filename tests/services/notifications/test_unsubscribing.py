"""One click ends mails without a log-in: what a link ends, that none can be made up, that reading changes nothing."""

import pytest
from itsdangerous import URLSafeSerializer
from sqlalchemy import select

from core.errors import NotFoundError
from core.settings import get_settings
from models import NotificationDelivery, NotificationPreference
from models.enums import DeliveryStatus, NoticeKind, NotificationChannel, Rhythm, Role
from services.notice_kinds import KINDS
from services.notifications.planning import plan_notices
from services.notifications.preferences import my_preferences
from services.notifications.unsubscribing import read_token, unsubscribe, unsubscribe_token
from tests.builders import actor_for, make_notice, make_setting, make_user, wish

K, C, R = NoticeKind, NotificationChannel, Rhythm


@pytest.fixture
def user(session):
    return make_user(session, Role.ADMIN)


@pytest.fixture
def setting(session, user):
    return make_setting(session, user)


def wishes(session, user):
    return my_preferences(session, actor_for(user)).wishes


def test_read_a_link_changes_nothing(session, setting):
    found = read_token(session, unsubscribe_token(setting, K.MENTIONED))
    assert (found.user_id, found.kind, found.what) == (setting.user_id, K.MENTIONED, "mails of “Comments for you”")
    assert read_token(session, unsubscribe_token(setting)).what == "all notification mails"
    assert session.scalars(select(NotificationPreference)).all() == []


def test_unsubscribe_from_one_kind_ends_its_mails_alone(session, user, setting):
    wish(session, user, K.MENTIONED, C.SMS, R.AT_ONCE)
    for _ in range(2):
        unsubscribe(session, unsubscribe_token(setting, K.MENTIONED))
    found = wishes(session, user)
    assert (found[K.MENTIONED, C.EMAIL], found[K.MENTIONED, C.SMS]) == (R.OFF, R.AT_ONCE)
    assert found[K.PROFORMA_WAITS, C.EMAIL] is R.HOURLY


def test_unsubscribe_from_all_ends_every_mail_and_drops_what_waits(session, user, setting):
    make_notice(session, user)
    plan_notices(session, get_settings())
    unsubscribe(session, unsubscribe_token(setting))
    assert {wishes(session, user)[kind, C.EMAIL] for kind in KINDS} == {R.OFF}
    assert session.scalars(select(NotificationDelivery)).one().status is DeliveryStatus.DROPPED
    plan_notices(session, get_settings())
    assert len(session.scalars(select(NotificationDelivery)).all()) == 1


def test_a_link_of_somebody_else_ends_nothing_of_mine(session, user, setting):
    other = make_user(session)
    unsubscribe(session, unsubscribe_token(make_setting(session, other)))
    assert wishes(session, user)[K.MENTIONED, C.EMAIL] is R.HOURLY


def test_a_new_key_ends_all_links(session, setting):
    token = unsubscribe_token(setting)
    setting.unsubscribe_key = "another"
    session.flush()
    with pytest.raises(NotFoundError):
        read_token(session, token)


def forged(payload, key="guessed", salt="unsubscribe"):
    return URLSafeSerializer(key, salt=salt).dumps(payload)


@pytest.mark.parametrize(
    "token",
    [
        "", "x", ".", "a.b.c", "é", "\x00", "W10.x", "x" * 5000,
        forged([1, "all"]), forged([10**30, "all"]), forged("all"), forged([]), forged([None, None]), forged({"a": 1}),
        forged([-1, "all"]), forged([True, "all"]),
    ],
)  # fmt: skip
def test_a_link_that_nobody_signed_changes_nothing(session, setting, token):
    with pytest.raises(NotFoundError, match="nothing was changed"):
        unsubscribe(session, token)
    assert session.scalars(select(NotificationPreference)).all() == []


def test_a_link_of_another_purpose_or_a_kind_that_is_none_is_refused(session, setting):
    for token in (
        forged([setting.user_id, "all"], setting.unsubscribe_key, "something-else"),
        forged([setting.user_id, "no_such_kind"], setting.unsubscribe_key),
    ):
        with pytest.raises(NotFoundError):
            read_token(session, token)


def test_a_link_that_was_changed_on_the_way_is_refused(session, setting):
    payload, _, signature = unsubscribe_token(setting, K.MENTIONED).partition(".")
    every = unsubscribe_token(setting).partition(".")[0]
    for token in (f"{every}.{signature}", f"{payload}.{signature[:-2]}", f"{payload}"):
        with pytest.raises(NotFoundError):
            read_token(session, token)
