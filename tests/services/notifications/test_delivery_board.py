"""What administrators see of messages, what they may do with them, and tests that people send to themselves."""

from datetime import timedelta

import pytest

from core.clock import now
from core.errors import DeniedError, InvalidInputError, StaleVersionError, WrongStateError
from core.key_ring import KeyRing
from models.enums import DeliveryStatus, NotificationChannel, Role
from services.notifications.chat_addresses import store_webhook
from services.notifications.delivery_board import (
    TROUBLE,
    count_deliveries,
    list_bouncing,
    list_deliveries,
    resend,
    withdraw,
)
from services.notifications.self_tests import latest_tests, send_test
from tests.builders import actor_for, id_of, make_delivery, make_notice, make_phone, make_setting, make_user

S, C = DeliveryStatus, NotificationChannel


@pytest.fixture
def admin(session):
    return actor_for(make_user(session, Role.ADMIN))


@pytest.fixture
def ann(session):
    return make_user(session, Role.ATTORNEY, name="Ann Reyes")


def test_list_messages_newest_first_with_what_may_be_done(session, admin, ann):
    first = make_delivery(session, ann, status=S.FAILED, failure="why", address=ann.email)
    second = make_delivery(session, ann, notices=(make_notice(session, ann), make_notice(session, ann)))
    newest, oldest = list_deliveries(session, admin, limit=10)
    assert (newest.delivery_id, newest.notices, newest.verbs) == (second.id, 2, ("drop",))
    assert (oldest.delivery_id, oldest.person, oldest.failure, oldest.verbs) == (
        first.id, "Ann Reyes", "why", ("resend",),
    )  # fmt: skip


def test_list_messages_by_state_text_and_page(session, admin, ann):
    rows = [make_delivery(session, ann, status=status, address=ann.email) for status in (*TROUBLE, S.SENT)]
    make_delivery(session, status=S.SENT, address="other@hwr.example")
    assert len(list_deliveries(session, admin, statuses=TROUBLE, limit=10)) == 3
    assert len(list_deliveries(session, admin, search="reyes", limit=10)) == 4
    assert len(list_deliveries(session, admin, search="OTHER@", limit=10)) == 1
    assert list_deliveries(session, admin, search="100%", limit=10) == []
    assert [one.delivery_id for one in list_deliveries(session, admin, before_id=id_of(rows[1]), limit=10)] == [
        rows[0].id
    ]
    assert count_deliveries(session, admin) == {S.FAILED: 1, S.BOUNCED: 1, S.UNCERTAIN: 1, S.SENT: 2}


@pytest.mark.parametrize("role", [Role.BILLER, Role.ATTORNEY])
def test_nobody_else_sees_or_sends_the_messages_of_others(session, role):
    who = actor_for(make_user(session, role))
    row = make_delivery(session, status=S.FAILED)
    for ask in (
        lambda: list_deliveries(session, who, limit=5),
        lambda: count_deliveries(session, who),
        lambda: list_bouncing(session, who),
        lambda: resend(session, who, delivery_id=id_of(row), expected_version=1),
        lambda: withdraw(session, who, delivery_id=id_of(make_delivery(session)), expected_version=1),
    ):
        with pytest.raises(DeniedError):
            ask()


@pytest.mark.parametrize("status", TROUBLE)
def test_resend_goes_as_a_new_message(session, admin, ann, status):
    row = make_delivery(
        session, ann, status=status, attempts=8, message_id="<1@x>", failure="x", due_at=now() - timedelta(days=2)
    )
    resend(session, admin, delivery_id=id_of(row), expected_version=1)
    assert (row.status, row.attempts, row.message_id, row.failure) == (S.QUEUED, 0, None, "")
    assert now() - row.due_at < timedelta(minutes=1)


def test_resend_to_an_address_that_bounces_says_what_to_do_first(session, admin, ann):
    make_setting(session, ann, bounced_address=ann.email)
    row = make_delivery(session, ann, status=S.BOUNCED)
    with pytest.raises(InvalidInputError, match="say first that the address works again"):
        resend(session, admin, delivery_id=id_of(row), expected_version=1)


def test_resend_what_was_sent_or_changed_is_refused(session, admin):
    sent, failed = make_delivery(session, status=S.SENT), make_delivery(session, status=S.FAILED)
    with pytest.raises(WrongStateError):
        resend(session, admin, delivery_id=id_of(sent), expected_version=1)
    with pytest.raises(StaleVersionError):
        resend(session, admin, delivery_id=id_of(failed), expected_version=7)


def test_withdraw_what_waits(session, admin):
    row = make_delivery(session)
    withdraw(session, admin, delivery_id=id_of(row), expected_version=1)
    assert row.status is S.DROPPED


def test_list_people_whose_mail_comes_back_with_what_waits(session, admin, ann):
    make_setting(session, ann, bounced_address=ann.email, bounce_reason="5.1.1 no such user", bounced_at=now())
    moved = make_user(session)
    make_setting(session, moved, bounced_address="old@hwr.example", bounced_at=now())
    make_delivery(session, ann)
    make_delivery(session, ann, channel=C.SMS)
    [row] = list_bouncing(session, admin)
    assert (row.user_id, row.address, row.reason, row.waiting) == (ann.id, ann.email, "5.1.1 no such user", 1)


def test_send_a_test_by_each_channel_that_reaches_me(session, ann, tmp_path):
    me = actor_for(ann)
    make_phone(session, ann)
    store_webhook(session, me, typed="https://hooks.slack.com/services/x", ring=KeyRing.load_or_create(tmp_path / "r"))
    ids = [send_test(session, me, channel=channel) for channel in C]
    found = latest_tests(session, me)
    assert [found[channel].id for channel in C] == ids
    assert all(row.is_test and row.due_at <= now() for row in found.values())
    assert latest_tests(session, actor_for(make_user(session))) == {}


@pytest.mark.parametrize(("channel", "words"), [(C.SMS, "type the code"), (C.SLACK, "store yours")])
def test_send_a_test_where_nothing_reaches_me_says_what_to_do(session, ann, channel, words):
    with pytest.raises(InvalidInputError, match=words):
        send_test(session, actor_for(ann), channel=channel)


def test_send_a_test_to_an_address_that_bounces_is_refused(session, ann):
    make_setting(session, ann, bounced_address=ann.email)
    with pytest.raises(InvalidInputError, match="say first that it works"):
        send_test(session, actor_for(ann), channel=C.EMAIL)


def test_send_no_more_than_five_tests_in_ten_minutes(session, ann):
    me = actor_for(ann)
    rows = [send_test(session, me, channel=C.EMAIL) for _ in range(5)]
    with pytest.raises(InvalidInputError, match="wait a little"):
        send_test(session, me, channel=C.EMAIL)
    latest_tests(session, me)[C.EMAIL].created_at -= timedelta(minutes=11)
    session.flush()
    assert send_test(session, me, channel=C.EMAIL) > rows[-1]
