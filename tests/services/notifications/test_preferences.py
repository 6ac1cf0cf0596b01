"""What people choose: defaults by kind, their own choices, and what waits is planned anew."""

from datetime import time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from core.clock import now
from core.errors import InvalidInputError, StaleVersionError
from core.settings import get_settings
from models import AuditEvent, NotificationDelivery, NotificationItem, NotificationPreference
from models.enums import DeliveryStatus, NoticeKind, NotificationChannel, Rhythm, Role
from services.notice_kinds import KINDS
from services.notifications.planning import plan_notices
from services.notifications.preferences import choose, default_rhythm, my_preferences, set_clock
from tests.builders import actor_for, id_of, make_delivery, make_notice, make_setting, make_user, wish

K, C, R = NoticeKind, NotificationChannel, Rhythm


@pytest.fixture
def user(session):
    return make_user(session, Role.ATTORNEY)


@pytest.fixture
def me(user):
    return actor_for(user)


def set_quiet(session, me, quiet, **changes):
    given = {"time_zone": "", "daily_at": time(8), "is_quiet_on_weekends": False, **changes}
    set_clock(session, me, quiet=quiet, **given)


def deliveries(session):
    return session.scalars(select(NotificationDelivery).order_by(NotificationDelivery.id)).all()


def test_default_is_mail_by_kind_and_nothing_else():
    assert default_rhythm(K.DOUBT_ASSIGNED, C.EMAIL) is R.AT_ONCE
    assert default_rhythm(K.REPORT_READY, C.EMAIL) is R.OFF
    assert {default_rhythm(kind, channel) for kind in KINDS for channel in (C.SMS, C.SLACK)} == {R.OFF}


def test_show_defaults_to_who_set_nothing(session, me, user):
    mine = my_preferences(session, me)
    assert (mine.version, mine.email, mine.firm_zone) == (0, user.email, "America/New_York")
    assert mine.wishes[K.PROFORMA_WAITS, C.EMAIL] is R.HOURLY
    assert K.ACCOUNT_STOPPED not in mine.kinds
    assert (mine.phone, mine.has_webhook, mine.quiet_from, mine.bounce_reason) == ("", False, None, "")
    assert session.scalars(select(NotificationPreference)).all() == []


def test_choose_keeps_the_rest_by_default(session, me):
    choose(session, me, wishes={(K.PROFORMA_WAITS, C.EMAIL): R.DAILY, (K.MENTIONED, C.SMS): R.AT_ONCE})
    mine = my_preferences(session, me)
    assert mine.wishes[K.PROFORMA_WAITS, C.EMAIL] is R.DAILY
    assert mine.wishes[K.MENTIONED, C.SMS] is R.AT_ONCE
    assert mine.wishes[K.MENTIONED, C.EMAIL] is R.HOURLY


def test_choose_again_replaces(session, me):
    for rhythm in (R.DAILY, R.OFF, R.AT_ONCE):
        choose(session, me, wishes={(K.MENTIONED, C.EMAIL): rhythm})
    assert my_preferences(session, me).wishes[K.MENTIONED, C.EMAIL] is R.AT_ONCE
    assert len(session.scalars(select(NotificationPreference)).all()) == 1


@pytest.mark.parametrize("channel", [C.SMS, C.SLACK])
@pytest.mark.parametrize("rhythm", [R.HOURLY, R.DAILY])
def test_choose_a_rhythm_that_the_channel_does_not_know_is_refused(session, me, channel, rhythm):
    with pytest.raises(InvalidInputError, match="at once or not at all"):
        choose(session, me, wishes={(K.MENTIONED, channel): rhythm})


def test_choose_what_was_changed_elsewhere_is_refused(session, me):
    shown = my_preferences(session, me).version
    choose(session, me, wishes={(K.MENTIONED, C.EMAIL): R.OFF}, expected_version=shown)
    with pytest.raises(StaleVersionError):
        choose(session, me, wishes={(K.MENTIONED, C.EMAIL): R.DAILY}, expected_version=shown)
    choose(session, me, wishes={(K.MENTIONED, C.EMAIL): R.DAILY}, expected_version=my_preferences(session, me).version)
    assert my_preferences(session, me).wishes[K.MENTIONED, C.EMAIL] is R.DAILY


def test_choose_is_on_record_and_touches_nobody_else(session, me):
    other = make_user(session)
    wish(session, other, K.MENTIONED, C.EMAIL, R.OFF)
    choose(session, me, wishes={(K.MENTIONED, C.EMAIL): R.DAILY})
    [event] = session.scalars(select(AuditEvent)).all()
    assert (event.tag, event.subject_id, event.data) == (
        "user:notifications_set", me.user_id, {"mentioned/email": "daily"},
    )  # fmt: skip
    assert my_preferences(session, actor_for(other)).wishes[K.MENTIONED, C.EMAIL] is R.OFF


def test_set_clock_and_quiet_hours(session, me):
    set_quiet(session, me, (time(20), time(7)), time_zone="America/Denver", is_quiet_on_weekends=True)
    mine = my_preferences(session, me)
    assert (mine.time_zone, mine.quiet_from, mine.quiet_until, mine.is_quiet_on_weekends) == (
        "America/Denver", time(20), time(7), True,
    )  # fmt: skip
    set_quiet(session, me, None)
    assert my_preferences(session, me).quiet_from is None


@pytest.mark.parametrize("bad", [{"quiet": (time(7), time(7))}, {"quiet": None, "time_zone": "Mars/Olympus"}])
def test_set_clock_to_nonsense_is_refused(session, me, bad):
    with pytest.raises(InvalidInputError, match="Nothing was changed"):
        set_quiet(session, me, **bad)


def test_what_waits_is_planned_anew_by_the_new_choice(session, me, user):
    notice = make_notice(session, user, K.PROFORMA_WAITS)
    plan_notices(session, get_settings())
    choose(session, me, wishes={(K.PROFORMA_WAITS, C.EMAIL): R.DAILY})
    plan_notices(session, get_settings())
    old, new = deliveries(session)
    assert (old.status, new.status, new.rhythm) == (DeliveryStatus.DROPPED, DeliveryStatus.QUEUED, R.DAILY)
    # Between seven and eight in the morning the next hour is the daily one.
    assert new.due_at >= old.due_at
    assert new.due_at.astimezone(ZoneInfo(get_settings().firm_time_zone)).hour == 8
    [item] = session.scalars(select(NotificationItem)).all()
    assert (item.delivery_id, item.notice_id) == (new.id, notice.id)


def test_what_waits_goes_nowhere_once_it_is_switched_off(session, me, user):
    make_notice(session, user, K.PROFORMA_WAITS)
    plan_notices(session, get_settings())
    choose(session, me, wishes={(K.PROFORMA_WAITS, C.EMAIL): R.OFF})
    plan_notices(session, get_settings())
    assert [one.status for one in deliveries(session)] == [DeliveryStatus.DROPPED]


def test_what_was_sent_is_not_sent_again_by_a_new_choice(session, me, user):
    make_setting(session, user)
    sent = make_notice(session, user)
    make_delivery(session, user, status=DeliveryStatus.SENT, notices=(sent,))
    choose(session, me, wishes={(K.PROFORMA_WAITS, C.EMAIL): R.DAILY})
    assert plan_notices(session, get_settings()) == 0
    assert [one.status for one in deliveries(session)] == [DeliveryStatus.SENT]


def test_what_is_tried_again_stays_as_it_is(session, me, user):
    tried = make_delivery(
        session, user, attempts=2, due_at=now() + timedelta(hours=1), notices=(make_notice(session, user),)
    )
    choose(session, me, wishes={(K.MENTIONED, C.EMAIL): R.DAILY})
    session.refresh(tried)
    assert (tried.status, id_of(tried)) == (DeliveryStatus.QUEUED, tried.id)
