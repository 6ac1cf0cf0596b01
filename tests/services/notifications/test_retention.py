"""What is forgotten by night: what was read and settled long ago; never what waits, is in doubt, or was not read."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlmodel import Session

from core.clock import now
from core.db import Database
from core.settings import Settings
from jobs.schedule import SCHEDULES, nightly
from models import Notice, NotificationDelivery, NotificationItem, User
from models.enums import DeliveryStatus, NotificationChannel
from services.notifications import retention
from services.notifications.retention import SETTLED, forget_old
from tests.builders import id_of, make_delivery, make_notice, make_user

S = DeliveryStatus
OLD = timedelta(days=731)
KEPT = Settings(notices_kept_days=730)


def ago(days: int) -> datetime:
    return now() - timedelta(days=days)


def make_message(session: Session, user: User, status: DeliveryStatus, *, days: int, notices: tuple[Notice, ...] = ()):
    return make_delivery(
        session, user, status=status, notices=notices, created_at=ago(days), due_at=ago(days), sent_at=ago(days)
    )


def left(session: Session, model: type) -> list[int]:
    return list(session.scalars(select(model.id).order_by(model.id)))


def test_forget_what_was_read_and_settled_before_the_time(each_database: Database) -> None:
    with each_database.unit_of_work() as session:
        user = make_user(session)
        old = make_notice(session, user, read_at=ago(731))
        fresh = make_notice(session, user, read_at=ago(729))
        make_message(session, user, S.SENT, days=731, notices=(old,))
        kept = make_message(session, user, S.SENT, days=729, notices=(fresh,))
        assert forget_old(session, settings=KEPT) == 2
    with each_database.read_only() as session:
        assert (left(session, Notice), left(session, NotificationDelivery)) == ([fresh.id], [kept.id])
        assert len(left(session, NotificationItem)) == 1


@pytest.mark.parametrize("status", list(DeliveryStatus))
def test_never_forget_a_message_that_waits_or_is_in_doubt_nor_what_it_tells(
    session: Session, status: DeliveryStatus
) -> None:
    user = make_user(session)
    notice = make_notice(session, user, read_at=ago(3000))
    make_message(session, user, status, days=3000, notices=(notice,))
    is_kept = status in {S.QUEUED, S.SENDING, S.UNCERTAIN}
    assert (status in SETTLED) is not is_kept
    assert forget_old(session, settings=KEPT) == (0 if is_kept else 2)
    assert len(left(session, Notice)) == len(left(session, NotificationItem)) == int(is_kept)


def test_never_forget_what_nobody_read_or_planned(session: Session) -> None:
    user = make_user(session)
    make_notice(session, user, planned_at=ago(3000))
    make_notice(session, user, read_at=ago(3000))
    assert forget_old(session, settings=KEPT) == 0
    assert len(left(session, Notice)) == 2


def test_an_unread_notice_outlives_its_message(session: Session) -> None:
    user = make_user(session)
    notice = make_notice(session, user)
    make_message(session, user, S.SENT, days=3000, notices=(notice,))
    assert forget_old(session, settings=KEPT) == 1
    assert (left(session, Notice), left(session, NotificationDelivery)) == ([notice.id], [])
    assert notice.planned_at is not None


def test_a_message_that_was_tried_for_long_is_old_from_its_end(session: Session) -> None:
    make_delivery(session, status=S.SENT, created_at=ago(3000), due_at=ago(3000), sent_at=ago(1))
    make_delivery(session, status=S.FAILED, created_at=ago(3000), due_at=ago(1))
    assert forget_old(session, settings=KEPT) == 0


def test_forget_in_batches_and_no_more_than_a_night_takes(
    each_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "BATCH", 2)
    monkeypatch.setattr(retention, "MOST_BATCHES", 2)
    with each_database.unit_of_work() as session:
        user = make_user(session)
        for _ in range(7):
            make_notice(session, user, subject=("matter", 1), read_at=ago(3000), planned_at=ago(3000))
        nights = [forget_old(session, settings=KEPT) for _ in range(3)]
    assert nights == [4, 3, 0]


def test_a_notice_that_goes_by_two_channels_waits_for_both(session: Session) -> None:
    user = make_user(session)
    notice = make_notice(session, user, read_at=ago(3000))
    make_message(session, user, S.SENT, days=3000, notices=(notice,))
    text = make_delivery(session, user, channel=NotificationChannel.SMS, status=S.UNCERTAIN, notices=(notice,))
    assert forget_old(session, settings=KEPT) == 1
    assert (left(session, Notice), left(session, NotificationDelivery)) == ([notice.id], [id_of(text)])


def test_zero_days_keep_everything(session: Session) -> None:
    make_notice(session, make_user(session), read_at=ago(9000), planned_at=ago(9000))
    assert forget_old(session, settings=Settings(notices_kept_days=0)) == 0


def test_it_has_a_turn_every_night(session: Session) -> None:
    [schedule] = [one for one in SCHEDULES if one.work is forget_old]
    assert schedule.slot_of is nightly
    make_notice(session, make_user(session), read_at=now() - OLD, planned_at=now() - OLD)
    schedule.work(session)
    assert left(session, Notice) == []
