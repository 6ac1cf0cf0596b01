"""Draining: told, planned, sent once, with the outcome written down, whatever the way out says."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlmodel import col

from adapters.chat import ChatDeferredError, ChatRefusedError, ChatUncertainError
from adapters.mailer import (
    MailDeferredError,
    MailRefusedError,
    MailServerRefusedError,
    MailUncertainError,
    UnusableMailer,
)
from adapters.texting import TextDeferredError, TextRefusedError, TextServiceRefusedError, TextUncertainError
from core.clock import now
from models import Notice, NotificationDelivery, PersonSecret, User
from models.enums import DeliveryStatus, NoticeKind, NotificationChannel, Rhythm, Role
from services.actor import system_actor
from services.lifecycle import apply
from services.notices import count_unread, tell
from services.notifications.addresses import trust_address
from services.notifications.chat_addresses import store_webhook
from services.notifications.deliveries import PAUSE_MINUTES
from services.notifications.preferences import choose
from services.notifications.sending import SendingTools, drain
from tests.builders import actor_for, id_of, make_delivery, make_notice, make_phone, make_proforma, make_user
from tests.services.notifications.conftest import ChatWay, MailWay, TextWay

S, C, K, R = DeliveryStatus, NotificationChannel, NoticeKind, Rhythm
WEBHOOK = "https://hooks.slack.com/services/T0/B0/hunter2"


@pytest.fixture
def people(database):
    """Return an attorney who can be reached by all three ways, and an administrator."""
    with database.unit_of_work() as session:
        attorney, admin = make_user(session, Role.ATTORNEY, name="Ann Reyes"), make_user(session, Role.ADMIN)
        make_phone(session, attorney)
        store_webhook(session, actor_for(attorney), typed=WEBHOOK)
    return attorney, admin


@pytest.fixture
def ann(people):
    return people[0]


def tell_ann(database, ann, kind=K.PROFORMA_FORWARDED, channels=(C.EMAIL,), count=1):
    """Tell something at once by the channels named and no other."""
    with database.unit_of_work() as session:
        rhythms = {(kind, channel): R.AT_ONCE if channel in channels else R.OFF for channel in C}
        choose(session, actor_for(ann), wishes=rhythms)
        for _ in range(count):
            tell(session, [id_of(ann)], kind, "proforma", id_of(make_proforma(session, lines=0)), occasion="x")


def rows(database):
    with database.read_only() as session:
        return session.scalars(select(NotificationDelivery).order_by(NotificationDelivery.id)).all()


def come_due(database):
    """Let every pause be over."""
    with database.unit_of_work() as session:
        session.execute(update(NotificationDelivery).values(due_at=now()))


def test_drain_sends_what_was_told_by_every_way_once(database, tools, ways, ann):
    tell_ann(database, ann, channels=tuple(C), count=2)
    assert drain(tools) == 3
    assert drain(tools) == 0
    assert (len(ways.mails), len(ways.texts), len(ways.posts)) == (1, 1, 1)
    assert {row.channel: row.status for row in rows(database)} == {
        C.EMAIL: S.SENT, C.SMS: S.SENT, C.SLACK: S.DELIVERED,
    }  # fmt: skip


def test_drain_sends_one_mail_with_a_link_to_each_row(database, tools, ways, ann):
    tell_ann(database, ann, count=3)
    drain(tools)
    [mail] = ways.mails
    assert mail["To"] == f"Ann Reyes <{ann.email}>"
    assert mail["Subject"] == "3 proformas forwarded to you"
    with database.read_only() as session:
        numbers = session.scalars(select(col(Notice.subject_id))).all()
    text = mail.get_body(("plain",)).get_content()
    assert all(f"https://billing.hwr.example/proforma/{number}" in text for number in numbers)


def test_drain_writes_the_message_id_before_the_mail_leaves(database, tools, ways, ann):
    tell_ann(database, ann)
    seen = []
    ways.before = lambda: seen.extend((row.message_id, row.handed_over_at, row.status) for row in rows(database))
    drain(tools)
    [(message_id, handed_over_at, status)] = seen
    assert (message_id, status) == (ways.mails[0]["Message-ID"], S.SENDING)
    assert handed_over_at is not None


def test_drain_covers_the_number_and_keeps_the_services_id(database, tools, ways, ann):
    tell_ann(database, ann, channels=(C.SMS,))
    drain(tools)
    [row] = rows(database)
    assert (row.address, row.message_id) == ("+1 ••• ••• ••23", "sns-1")
    [(number, text)] = ways.texts
    assert number == "+12125550123"
    assert text.endswith("https://billing.hwr.example/proforma/1")


def test_drain_posts_to_the_persons_own_webhook(database, tools, ways, ann):
    tell_ann(database, ann, channels=(C.SLACK,))
    drain(tools)
    [(webhook, text, blocks)] = ways.posts
    assert webhook == WEBHOOK
    assert text.endswith("was forwarded to you")
    assert "<https://billing.hwr.example/proforma/1|" in blocks[0]["text"]["text"]
    assert "hunter2" not in str([row.model_dump() for row in rows(database)])


LATER = [MailDeferredError("away"), MailServerRefusedError("no log-in"), MailUncertainError("may have been sent")]


@pytest.mark.parametrize("failure", LATER, ids=lambda failure: failure.code)
def test_drain_puts_off_mail_and_sends_it_later_under_the_same_message_id(database, tools, ways, ann, failure):
    tell_ann(database, ann)
    ways.failure = failure
    drain(tools)
    [row] = rows(database)
    assert (row.status, row.failure, row.attempts) == (S.QUEUED, failure.user_message, 1)
    assert timedelta(seconds=50) < row.due_at - now() <= timedelta(seconds=60)
    assert drain(tools) == 0
    ways.failure = None
    come_due(database)
    drain(tools)
    assert ways.mails[0]["Message-ID"] == row.message_id
    assert [(one.status, one.failure) for one in rows(database)] == [(S.SENT, "")]


@pytest.mark.parametrize(
    ("channel", "failure", "status"),
    [
        (C.SMS, TextDeferredError("x"), S.QUEUED),
        (C.SMS, TextServiceRefusedError("x"), S.QUEUED),
        (C.SMS, TextUncertainError("x"), S.UNCERTAIN),
        (C.SMS, TextRefusedError("x"), S.FAILED),
        (C.SLACK, ChatDeferredError("x"), S.QUEUED),
        (C.SLACK, ChatUncertainError("x"), S.UNCERTAIN),
        (C.SLACK, ChatRefusedError("x"), S.FAILED),
        (C.EMAIL, MailRefusedError("looks like spam"), S.FAILED),
    ],
)
def test_drain_writes_down_what_became_of_it(database, tools, ways, ann, channel, failure, status):
    tell_ann(database, ann, channels=(channel,))
    ways.failure = failure
    drain(tools)
    [row] = rows(database)
    assert (row.status, row.failure) == (status, failure.user_message)


@pytest.mark.parametrize("channel", [C.SMS, C.SLACK])
def test_drain_never_repeats_what_may_have_arrived(database, tools, ways, ann, channel):
    tell_ann(database, ann, channels=(channel,))
    ways.failure = TextUncertainError("x") if channel is C.SMS else ChatUncertainError("x")
    drain(tools)
    ways.failure = None
    come_due(database)
    assert drain(tools) == 0
    assert (ways.texts, ways.posts) == ([], [])


def test_drain_gives_up_after_the_last_pause(database, tools, ways, ann):
    tell_ann(database, ann)
    ways.failure = MailDeferredError("away")
    for _ in range(len(PAUSE_MINUTES) + 1):
        come_due(database)
        drain(tools)
    assert [row.status for row in rows(database)] == [S.FAILED]


def test_drain_with_a_recipient_that_is_refused_marks_the_address_and_tells_an_admin(database, tools, ways, people):
    ann, admin = people
    tell_ann(database, ann)
    ways.failure = MailRefusedError("no such person", recipient=ann.email, smtp_code=550)
    drain(tools)
    assert rows(database)[0].status is S.FAILED
    with database.read_only() as session:
        assert count_unread(session, actor_for(admin)) == 1
    ways.failure = None
    tell_ann(database, ann)
    drain(tools)
    assert ways.mails == []
    with database.unit_of_work() as session:
        trust_address(session, actor_for(admin), user_id=id_of(ann))
    drain(tools)
    assert len(ways.mails) == 1


def test_drain_goes_on_when_one_message_cannot_be_made(database, tools, ways, people):
    ann, admin = people
    tell_ann(database, ann)
    with database.unit_of_work() as session:
        session.execute(update(User).where(User.id == ann.id).values(email="no address"))
        make_delivery(session, admin, notices=(make_notice(session, admin),))
    drain(tools)
    assert sorted(row.status for row in rows(database)) == [S.FAILED, S.SENT]
    assert [str(mail["To"]) for mail in ways.mails] == [f"{admin.name} <{admin.email}>"]


def test_drain_with_a_webhook_that_cannot_be_opened_says_what_to_do(database, tools, ways, ann):
    tell_ann(database, ann, channels=(C.SLACK,))
    with database.unit_of_work() as session:
        session.execute(update(PersonSecret).values(wrapped_key=b"\0" * 60))
    drain(tools)
    [row] = rows(database)
    assert row.status is S.FAILED
    assert "store it again" in row.failure
    assert row.handed_over_at is None


def test_drain_sends_nothing_that_was_read_while_it_waited(database, tools, ways, ann):
    tell_ann(database, ann, count=2)
    with database.unit_of_work() as session:
        session.execute(update(Notice).values(read_at=now()))
    drain(tools)
    assert (ways.mails, rows(database)) == ([], [])


def test_drain_leaves_out_what_was_read_between_planning_and_sending(database, tools, ways, ann):
    tell_ann(database, ann, count=2)
    with database.unit_of_work() as session:
        session.execute(update(Notice).where(Notice.id == 1).values(read_at=now(), planned_at=None))
    drain(tools)
    assert [mail["Subject"].endswith("was forwarded to you") for mail in ways.mails] == [True]


def test_drain_records_no_send_over_a_bounce_that_was_quicker(database, tools, ways, ann):
    tell_ann(database, ann)

    def bounced():
        with database.unit_of_work() as session:
            apply(session, system_actor(), session.scalars(select(NotificationDelivery)).one(), "bounce")

    ways.before = bounced
    drain(tools)
    assert [row.status for row in rows(database)] == [S.BOUNCED]


def test_drain_stops_when_it_is_asked_to(database, tools, ways, ann):
    tell_ann(database, ann, channels=tuple(C))
    asked = iter([False, True, True, True])
    stopping = replace(tools, is_asked_to_stop=lambda: next(asked))
    assert drain(stopping) == 1
    assert sorted(row.status for row in rows(database)) != [S.SENT] * 3
    assert drain(tools) == 2


def test_drain_with_an_unusable_mail_setting_sends_the_texts_all_the_same(database, tools, ways, ann):
    tell_ann(database, ann, channels=(C.EMAIL, C.SMS))
    unusable = replace(tools, mailer=UnusableMailer("BILLING_SMTP_URL is no mail server."))
    drain(unusable)
    assert {row.channel: row.status for row in rows(database)} == {C.EMAIL: S.QUEUED, C.SMS: S.SENT}


def test_drain_sends_tests_by_every_way(database, tools, ways, ann):
    with database.unit_of_work() as session:
        for channel in C:
            make_delivery(session, ann, channel=channel, is_test=True)
    assert drain(tools) == 3
    assert ways.mails[0]["Subject"] == "Notifications reach you here"
    assert "List-Unsubscribe" not in ways.mails[0]
    assert "the test that you asked for" in ways.texts[0][1] + ways.posts[0][1]
    assert ways.posts[0][2]


@pytest.mark.parametrize("failure", [MailDeferredError("away"), MailServerRefusedError("no log-in")])
def test_drain_asks_a_server_that_is_away_once_and_lets_the_others_wait(database, tools, ways, people, failure):
    tries = []
    ways.before, ways.failure = lambda: tries.append(1), failure
    with database.unit_of_work() as session:
        for person in people:
            make_delivery(session, person, notices=(make_notice(session, person),))
    drain(tools)
    assert len(tries) == 1
    assert {row.status for row in rows(database)} == {S.QUEUED}
    assert all(row.due_at > now() for row in rows(database))
    assert sorted(row.attempts for row in rows(database)) == [0, 1]


def test_drain_goes_on_after_a_recipient_that_must_wait(database, tools, ways, people):
    tries = []
    ways.before, ways.failure = lambda: tries.append(1), MailDeferredError("full", recipient="a@b.example")
    with database.unit_of_work() as session:
        for person in people:
            make_delivery(session, person, notices=(make_notice(session, person),))
    drain(tools)
    assert len(tries) == 2


def test_drain_by_several_workers_sends_each_message_once(each_database, ways, settings):
    with each_database.unit_of_work() as session:
        people = [make_user(session, Role.ATTORNEY) for _ in range(12)]
        for person in people:
            make_phone(session, person)
            choose(session, actor_for(person), wishes={(K.PROFORMA_FORWARDED, channel): R.AT_ONCE for channel in C})
        number = id_of(make_proforma(session, lines=0))
        tell(session, [id_of(one) for one in people], K.PROFORMA_FORWARDED, "proforma", number, occasion="x")
    tools = SendingTools(each_database, settings, MailWay(ways), TextWay(ways), ChatWay(ways))
    together, tried = threading.Barrier(4), []

    def work():
        together.wait()
        tried.append(drain(tools))

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    drain(tools)
    assert sorted(str(mail["To"].addresses[0].addr_spec) for mail in ways.mails) == sorted(one.email for one in people)
    assert len(ways.texts) == len(people)
    assert len(tried) == 4
    assert {row.status for row in rows(each_database)} == {S.SENT}
