"""From notices to messages: gathered by person, channel and rhythm, once each, for those who can be reached."""

from datetime import time, timedelta

import pytest
from sqlalchemy import select

from core.clock import now
from core.crypto import Secret
from core.key_ring import KeyRing
from core.settings import Settings
from models import Notice, NotificationDelivery, NotificationItem
from models.enums import DeliveryStatus, NoticeKind, NotificationChannel, Rhythm, Role
from services.notices import settle_notices, tell
from services.notifications.chat_addresses import store_webhook
from services.notifications.planning import has_work, plan_notices
from tests.builders import (
    actor_for,
    id_of,
    make_delivery,
    make_notice,
    make_phone,
    make_proforma,
    make_setting,
    make_user,
    wish,
)
from tests.services.counting import counted

K, C, R = NoticeKind, NotificationChannel, Rhythm
SETTINGS = Settings(gather_seconds=60)


@pytest.fixture
def user(session):
    return make_user(session, Role.ATTORNEY)


def plan(session):
    return plan_notices(session, SETTINGS)


def planned(session, user=None):
    """Return (channel, rhythm, number of notices) of every message that waits."""
    rows = session.scalars(select(NotificationDelivery).order_by(NotificationDelivery.id)).all()
    items = session.scalars(select(NotificationItem)).all()
    return [
        (row.channel, row.rhythm, sum(item.delivery_id == row.id for item in items))
        for row in rows
        if user is None or row.user_id == user.id
    ]


def test_plan_gathers_what_one_person_was_told_into_one_message(session, user):
    for _ in range(5):
        make_notice(session, user, K.PROFORMA_WAITS)
    make_notice(session, user, K.MENTIONED)
    assert plan(session) == 6
    assert planned(session) == [(C.EMAIL, R.HOURLY, 6)]


def test_plan_goes_on_gathering_until_the_message_is_taken_up(session, user):
    make_notice(session, user)
    plan(session)
    make_notice(session, user)
    plan(session)
    assert planned(session) == [(C.EMAIL, R.HOURLY, 2)]
    session.scalars(select(NotificationDelivery)).one().attempts = 1
    make_notice(session, user)
    plan(session)
    assert planned(session) == [(C.EMAIL, R.HOURLY, 2), (C.EMAIL, R.HOURLY, 1)]


def test_plan_separates_people_rhythms_and_channels(session, user):
    make_phone(session, user)
    wish(session, user, K.PROFORMA_FORWARDED, C.SMS, R.AT_ONCE)
    other = make_user(session)
    for one in (user, other):
        make_notice(session, one, K.PROFORMA_FORWARDED)
        make_notice(session, one, K.PROFORMA_WAITS)
    plan(session)
    assert sorted(planned(session, user)) == [(C.EMAIL, R.AT_ONCE, 1), (C.EMAIL, R.HOURLY, 1), (C.SMS, R.AT_ONCE, 1)]
    assert sorted(planned(session, other)) == [(C.EMAIL, R.AT_ONCE, 1), (C.EMAIL, R.HOURLY, 1)]


def test_plan_twice_does_no_harm(session, user):
    make_notice(session, user)
    assert (plan(session), plan(session)) == (1, 0)
    assert planned(session) == [(C.EMAIL, R.HOURLY, 1)]


def test_plan_nothing_for_what_is_off_or_read_or_for_who_is_switched_off(session, user):
    make_notice(session, user, K.REPORT_READY)
    make_notice(session, user, K.PROFORMA_WAITS, read_at=now())
    gone = make_user(session)
    gone.is_active = False
    make_notice(session, gone)
    assert plan(session) == 3
    assert planned(session) == []
    assert not has_work(session)


def test_plan_no_text_for_a_phone_that_is_not_confirmed(session, user):
    make_setting(session, user, phone="+12125550123")
    wish(session, user, K.MENTIONED, C.SMS, R.AT_ONCE)
    wish(session, user, K.MENTIONED, C.SLACK, R.AT_ONCE)
    make_notice(session, user, K.MENTIONED)
    plan(session)
    assert planned(session) == [(C.EMAIL, R.HOURLY, 1)]


def test_plan_a_post_where_a_webhook_is_stored(session, user, tmp_path):
    ring = KeyRing.load_or_create(tmp_path / "ring")
    store_webhook(session, actor_for(user), typed="https://hooks.slack.com/services/x", ring=ring)
    wish(session, user, K.MENTIONED, C.SLACK, R.AT_ONCE)
    make_notice(session, user, K.MENTIONED)
    plan(session)
    assert sorted(planned(session)) == [(C.EMAIL, R.HOURLY, 1), (C.SLACK, R.AT_ONCE, 1)]
    assert "hooks" not in repr(Secret("hooks"))


def test_plan_waits_a_moment_before_what_is_told_at_once(session, user):
    make_notice(session, user, K.DOUBT_ASSIGNED)
    plan(session)
    row = session.scalars(select(NotificationDelivery)).one()
    assert timedelta(seconds=50) < row.due_at - now() <= timedelta(seconds=60)
    assert not has_work(session)


def test_plan_in_quiet_hours_is_due_at_their_end(session, user):
    quiet = (now() - timedelta(minutes=5)).time(), (now() + timedelta(hours=3)).time()
    make_setting(session, user, time_zone="Etc/UTC", quiet_from=quiet[0], quiet_until=quiet[1])
    make_notice(session, user, K.DOUBT_ASSIGNED)
    plan(session)
    row = session.scalars(select(NotificationDelivery)).one()
    assert timedelta(hours=2, minutes=59) < row.due_at - now() <= timedelta(hours=3)


def test_plan_daily_at_the_persons_own_hour(session, user):
    make_setting(session, user, time_zone="Asia/Tokyo", daily_at=time(9, 30))
    make_notice(session, user, K.PASSWORD_EXPIRES)
    plan(session)
    row = session.scalars(select(NotificationDelivery)).one()
    assert f"{row.due_at:%H:%M}" == "00:30"


def test_plan_puts_nothing_into_a_test_or_a_message_that_left(session, user):
    make_delivery(session, user, is_test=True, rhythm=R.HOURLY)
    make_delivery(session, user, status=DeliveryStatus.SENDING, rhythm=R.HOURLY)
    make_notice(session, user)
    plan(session)
    assert [count for _, _, count in planned(session)] == [0, 0, 1]


def test_has_work_for_what_is_new_and_what_is_due(session, user):
    assert not has_work(session)
    notice = make_notice(session, user)
    assert has_work(session)
    notice.planned_at = now()
    session.flush()
    assert not has_work(session)
    make_delivery(session, user, due_at=now() - timedelta(seconds=1))
    assert has_work(session)


def test_tell_then_settle_before_planning_sends_nothing(session, user):
    number = id_of(make_proforma(session))
    tell(session, [id_of(user)], K.PROFORMA_WAITS, "proforma", number, occasion="x")
    settle_notices(session, K.PROFORMA_WAITS, "proforma", number)
    plan(session)
    assert planned(session) == []


def test_plan_many_people_with_few_statements(session, database):
    people = [make_user(session, Role.ATTORNEY) for _ in range(20)]
    number = id_of(make_proforma(session))
    tell(session, [id_of(one) for one in people], K.PROFORMA_WAITS, "proforma", number, occasion="run")
    plan(session)
    for _ in range(3):
        number = id_of(make_proforma(session))
        tell(session, [id_of(one) for one in people], K.PROFORMA_WAITS, "proforma", number, occasion="run")
    with counted(database) as statements:
        assert plan(session) == 60
    assert len(statements) < 15
    assert session.scalars(select(Notice).where(Notice.planned_at.is_(None))).all() == []
