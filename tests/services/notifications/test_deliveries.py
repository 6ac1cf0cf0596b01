"""The queue: one owner at a time, intent before the send, growing pauses, and nothing is lost or sent by two."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from core.clock import now
from core.errors import FencedError, StaleVersionError, UnavailableError
from core.settings import Settings
from models import NotificationDelivery, NotificationItem
from models.enums import DeliveryStatus, NoticeKind, NotificationChannel, Rhythm
from services.notifications import deliveries
from services.notifications.deliveries import (
    PAUSE_MINUTES,
    claim,
    hand_over,
    has_due,
    list_due,
    put_off,
    record_failure,
    record_sent,
    recover_left_over,
)
from tests.builders import id_of, make_delivery, make_notice, make_setting, make_user, wish

S, C, K, R = DeliveryStatus, NotificationChannel, NoticeKind, Rhythm
SETTINGS = Settings()
AWAY = UnavailableError("The mail server cannot be reached.")


@pytest.fixture
def user(session):
    return make_user(session)


@pytest.fixture
def waiting(session, user):
    return make_delivery(session, user, notices=(make_notice(session, user),))


def take(session, delivery):
    return claim(session, id_of(delivery), SETTINGS)


def left_over(session, delivery):
    """Let the lease of a message run out, as when its worker died."""
    session.execute(update(NotificationDelivery).where(NotificationDelivery.id == delivery.id).values(lease_until_ms=1))
    session.expire_all()


def test_claim_takes_a_message_once(session, waiting):
    held = take(session, waiting)
    assert held is not None
    assert take(session, waiting) is None
    assert (waiting.status, waiting.attempts, waiting.version) == (S.SENDING, 1, held.version)
    assert not has_due(session)


def test_claim_by_two_workers_at_a_time_is_won_by_one(each_database):
    with each_database.unit_of_work() as session:
        user = make_user(session)
        ids = [id_of(make_delivery(session, user, channel=channel, is_test=True)) for channel in C]
    won, together = [], threading.Barrier(4)

    def work():
        together.wait()
        for number in ids:
            held = each_database.transact(lambda session, number=number: claim(session, number, SETTINGS))
            won.extend([number] if held else [])

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(won) == ids


def test_claim_leaves_what_is_not_due(session, user):
    later = make_delivery(session, user, due_at=now() + timedelta(minutes=1), notices=(make_notice(session, user),))
    assert take(session, later) is None
    assert list_due(session, limit=5) == []


def test_claim_in_quiet_hours_puts_it_off_to_their_end(session, user, waiting):
    quiet = (now() - timedelta(minutes=5)).time(), (now() + timedelta(hours=3)).time()
    make_setting(session, user, time_zone="Etc/UTC", quiet_from=quiet[0], quiet_until=quiet[1])
    assert take(session, waiting) is None
    assert waiting.status is S.QUEUED
    assert timedelta(hours=2, minutes=59) < waiting.due_at - now() <= timedelta(hours=3)


def test_claim_sends_a_test_in_quiet_hours_too(session, user):
    make_setting(session, user, time_zone="Etc/UTC", quiet_from=(now() - timedelta(minutes=5)).time(),
                 quiet_until=(now() + timedelta(hours=3)).time())  # fmt: skip
    assert take(session, make_delivery(session, user, is_test=True)) is not None


def test_claim_drops_what_was_read_or_switched_off_meanwhile(session, user):
    read = make_delivery(session, user, notices=(make_notice(session, user, read_at=now()),))
    wish(session, user, K.MENTIONED, C.EMAIL, R.OFF)
    off = make_delivery(session, user, attempts=1, notices=(make_notice(session, user, K.MENTIONED),))
    assert (take(session, read), take(session, off)) == (None, None)
    assert {read.status, off.status} == {S.DROPPED}


def test_claim_drops_what_is_for_somebody_who_is_switched_off(session, user, waiting):
    user.is_active = False
    session.flush()
    assert take(session, waiting) is None
    assert waiting.status is S.DROPPED


def test_claim_takes_along_what_else_is_due_for_the_same_person(session, user, waiting):
    hourly = make_delivery(session, user, rhythm=R.HOURLY, notices=(make_notice(session, user),))
    later = make_delivery(session, user, due_at=now() + timedelta(hours=1), notices=(make_notice(session, user),))
    text = make_delivery(session, user, channel=C.SMS, notices=(make_notice(session, user),))
    other = make_delivery(session, notices=(make_notice(session, user),))
    assert take(session, waiting) is not None
    for row in (hourly, later, text, other):
        session.refresh(row)
    assert [row.status for row in (hourly, later, text, other)] == [S.DROPPED, S.QUEUED, S.QUEUED, S.QUEUED]
    mine = session.scalars(select(NotificationItem).where(NotificationItem.delivery_id == waiting.id)).all()
    assert len(mine) == 2


def test_mail_to_an_address_that_bounces_waits(session, user, waiting):
    setting = make_setting(session, user, bounced_address=user.email.upper(), bounced_at=now())
    text = make_delivery(session, user, channel=C.SMS)
    assert list_due(session, limit=5) == [text.id]
    setting.bounced_address = "old@hwr.example"
    session.flush()
    assert list_due(session, limit=5) == [waiting.id, text.id]


def test_hand_over_writes_down_the_intent_before_the_send(session, waiting):
    held = take(session, waiting)
    hand_over(session, held, address="a@hwr.example", message_id="<1@hwr.example>")
    session.refresh(waiting)
    assert (waiting.address, waiting.message_id) == ("a@hwr.example", "<1@hwr.example>")
    assert waiting.handed_over_at is not None


def test_hand_over_after_the_lease_ran_out_is_refused(session, waiting):
    held = take(session, waiting)
    left_over(session, waiting)
    with pytest.raises(FencedError, match="It was not sent"):
        hand_over(session, held, address="", message_id=None)


def test_hand_over_what_another_worker_took_over_is_refused(session, waiting):
    first = take(session, waiting)
    left_over(session, waiting)
    recover_left_over(session, Settings(retry_scale=0))
    assert take(session, waiting) is not None
    with pytest.raises(FencedError):
        hand_over(session, first, address="", message_id=None)
    with pytest.raises(StaleVersionError):
        record_sent(session, first)


def test_record_sent_keeps_the_message_id_of_a_mail_and_takes_that_of_a_text(session, user, waiting):
    held = take(session, waiting)
    hand_over(session, held, address="", message_id="<1@hwr.example>")
    record_sent(session, held, service_id="<1@hwr.example>")
    text = make_delivery(session, user, channel=C.SMS, is_test=True)
    record_sent(session, take(session, text), service_id="sns-7")
    assert [(row.status, row.message_id) for row in (waiting, text)] == [
        (S.SENT, "<1@hwr.example>"), (S.SENT, "sns-7"),
    ]  # fmt: skip
    assert waiting.sent_at is not None


def test_put_off_waits_longer_each_time_and_fails_after_the_last(session, user, waiting):
    waits = []
    for _ in PAUSE_MINUTES:
        put_off(session, take(session, waiting), AWAY, SETTINGS)
        waits.append(round((waiting.due_at - now()).total_seconds() / 60))
        assert (waiting.status, waiting.failure) == (S.QUEUED, AWAY.user_message)
        waiting.due_at = now()
        session.flush()
    assert waits == list(PAUSE_MINUTES)
    put_off(session, take(session, waiting), AWAY, SETTINGS)
    assert waiting.status is S.FAILED


def test_put_off_is_scaled_for_rehearsals(session, waiting):
    put_off(session, take(session, waiting), AWAY, Settings(retry_scale=0.01))
    assert waiting.due_at - now() < timedelta(seconds=1)


def test_record_failure_says_why(session, waiting):
    record_failure(session, take(session, waiting), UnavailableError("x" * 900))
    assert (waiting.status, len(waiting.failure), waiting.lease_until_ms) == (S.FAILED, 500, None)


@pytest.mark.parametrize("channel", C)
def test_recover_a_message_whose_worker_died_before_it_left(session, user, channel):
    row = make_delivery(session, user, channel=channel, is_test=True)
    take(session, row)
    assert recover_left_over(session, SETTINGS) == 0
    left_over(session, row)
    assert has_due(session)
    assert recover_left_over(session, SETTINGS) == 1
    session.refresh(row)
    assert row.status is S.QUEUED


@pytest.mark.parametrize(("channel", "becomes"), [(C.EMAIL, S.QUEUED), (C.SMS, S.UNCERTAIN), (C.SLACK, S.UNCERTAIN)])
def test_recover_a_message_whose_worker_died_while_it_left(session, user, channel, becomes):
    row = make_delivery(session, user, channel=channel, is_test=True)
    hand_over(session, take(session, row), address="", message_id="<1@x>" if channel is C.EMAIL else None)
    left_over(session, row)
    recover_left_over(session, SETTINGS)
    session.refresh(row)
    assert (row.status, row.message_id) == (becomes, "<1@x>" if channel is C.EMAIL else None)
    assert "nobody knows" in row.failure


def test_lease_is_by_the_databases_clock(session, waiting):
    take(session, waiting)
    session.refresh(waiting)
    assert waiting.lease_until_ms > now().timestamp() * 1000 + deliveries.LEASE_MS - 20_000
