"""All messages: opens on those that did not arrive, sends again, mends addresses; for administrators."""

import pytest

from core.clock import now
from core.errors import DeniedError, InvalidInputError
from models import NotificationDelivery
from models.enums import DeliveryStatus, NotificationChannel, Role
from state.notifications.delivery_list import DeliveryBoard
from tests.acting import acting_as, call, fresh_state
from tests.builders import id_of, make_delivery, make_notice, make_setting, make_user

S = DeliveryStatus


@pytest.fixture
def admin(database):
    with database.unit_of_work() as session:
        user = make_user(session, Role.ADMIN)
    with acting_as(Role.ADMIN, user_id=id_of(user)):
        yield user


@pytest.fixture
def ann(database):
    with database.unit_of_work() as session:
        user = make_user(session, Role.ATTORNEY, name="Ann Reyes")
        make_setting(session, user, bounced_address=user.email, bounce_reason="5.1.1 unknown", bounced_at=now())
        make_delivery(session, user, status=S.BOUNCED, failure="5.1.1 unknown", address=user.email)
        make_delivery(session, user, status=S.FAILED, channel=NotificationChannel.SMS, failure="no", attempts=3)
        make_delivery(session, user, notices=(make_notice(session, user),))
        make_delivery(session, user, status=S.SENT, sent_at=now(), is_test=True)
        return user


async def opened(address: str = "/notifications/deliveries") -> DeliveryBoard:
    state = fresh_state(DeliveryBoard, address)
    await call(state, "load")
    return state


def status(database, number):
    with database.read_only() as session:
        return session.get_one(NotificationDelivery, number).status


async def test_open_on_what_did_not_arrive(admin, ann):
    state = await opened()
    assert [(row.channel, row.status, row.failure) for row in state.rows] == [
        ("Text", "failed", "no"), ("E-mail", "bounced", "5.1.1 unknown"),
    ]  # fmt: skip
    assert (state.trouble, state.waiting, state.sent) == ("2", "1", "1")
    assert state.rows[0].when.endswith(", 3 tries")


@pytest.mark.parametrize(("view", "count"), [("waiting", 1), ("sent", 1), ("all", 4), ("nonsense", 2)])
async def test_choose_a_view_by_the_address(admin, ann, view, count):
    state = await opened(f"/notifications/deliveries?view={view}")
    assert len(state.rows) == count


async def test_say_what_a_message_holds(admin, ann):
    assert [row.what for row in (await opened("/notifications/deliveries?view=waiting")).rows] == ["1 notice"]
    assert [row.what for row in (await opened("/notifications/deliveries?view=sent")).rows] == ["Test"]


async def test_send_again_and_take_back(admin, ann, database):
    state = await opened("/notifications/deliveries?view=all")
    failed = next(row for row in state.rows if row.status == "failed")
    await call(state, "resend", failed.id, failed.version)
    assert (state.done, status(database, int(failed.id))) == ("It is sent again now.", S.QUEUED)
    waiting = next(row for row in state.rows if row.id == failed.id)
    await call(state, "withdraw", waiting.id, waiting.version)
    assert status(database, int(failed.id)) is S.DROPPED
    await call(state, "dismiss")
    assert state.done == ""


async def test_send_again_what_somebody_else_sent_says_so(admin, ann, database):
    state = await opened()
    failed = next(row for row in state.rows if row.status == "failed")
    await call(state, "resend", failed.id, failed.version)
    await call(state, "resend", failed.id, failed.version)
    assert state.done == ""
    assert state.problem
    with pytest.raises(InvalidInputError):
        await call(state, "resend", "x", "1")


async def test_send_again_to_an_address_that_bounces_says_what_to_do_first(admin, ann, database):
    state = await opened()
    bounced = next(row for row in state.rows if row.status == "bounced")
    await call(state, "resend", bounced.id, bounced.version)
    assert "say first that the address works again" in state.problem
    [row] = state.bouncing
    assert (row.person, row.reason, row.waiting) == ("Ann Reyes", "5.1.1 unknown", "1 mail waiting")
    await call(state, "trust", row.user_id)
    assert state.bouncing == []
    await call(state, "resend", bounced.id, bounced.version)
    assert status(database, int(bounced.id)) is S.QUEUED


@pytest.mark.parametrize("role", [Role.BILLER, Role.ATTORNEY])
async def test_stay_closed_to_others(ann, role):
    with acting_as(role, user_id=id_of(ann)), pytest.raises(DeniedError):
        await opened()
