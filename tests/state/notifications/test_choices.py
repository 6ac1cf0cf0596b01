"""What reaches me: every choice through the page, refusals beside their part, and no number or address shown again."""

import json
import re

import pytest
from sqlalchemy import update

from core.clock import now
from core.errors import DeniedError, InvalidInputError
from core.settings import get_settings
from models import NotificationDelivery, NotificationSetting
from models.enums import DeliveryStatus, NoticeKind, Role
from state.notifications.choices import NotificationChoices
from tests.acting import acting_as, call, fresh_state
from tests.builders import id_of, make_phone, make_setting, make_user

CLOCK = {"zone": "America/Denver", "daily_at": "07:30", "quiet_from": "20:00", "quiet_until": "07:00", "weekends": "on"}
WEBHOOK = "https://hooks.slack.com/services/T0/B0/hunter2"


@pytest.fixture
def ann(database):
    with database.unit_of_work() as session:
        return make_user(session, Role.ATTORNEY)


@pytest.fixture
def me(ann):
    with acting_as(Role.ATTORNEY, user_id=id_of(ann)):
        yield ann


async def opened() -> NotificationChoices:
    state = fresh_state(NotificationChoices, "/notifications/preferences")
    await call(state, "load")
    return state


def row(state: NotificationChoices, kind: NoticeKind = NoticeKind.MENTIONED):
    return next(one for one in state.rows if one.kind == kind.value)


def shown(state: NotificationChoices) -> str:
    return json.dumps({name: getattr(state, name) for name in state.base_vars}, default=str)


async def test_show_defaults(me):
    state = await opened()
    assert (state.email, state.zone, state.firm_zone, state.daily_at) == (me.email, "", "America/New_York", "08:00")
    assert (row(state).email, row(state).by_phone, row(state).by_chat) == ("hourly", False, False)
    assert "account_stopped" not in [one.kind for one in state.rows]


async def test_choose_one_kind(me):
    state = await opened()
    await call(state, "choose_mail", "mentioned", "daily")
    await call(state, "choose_phone", "mentioned", True)
    await call(state, "choose_chat", "mentioned", True)
    assert (row(state).email, row(state).by_phone, row(state).by_chat) == ("daily", True, True)
    await call(state, "choose_phone", "mentioned", False)
    assert not row(await opened()).by_phone


async def test_choose_everything_at_once(me):
    state = await opened()
    await call(state, "choose_mail", "all", "off")
    await call(state, "choose_chat", "all", True)
    assert {one.email for one in state.rows} == {"off"}
    assert all(one.by_chat for one in state.rows)


@pytest.mark.parametrize(("kind", "rhythm"), [("mentioned", "now and then"), ("mentioned", "")])
async def test_choose_a_rhythm_that_is_none_is_refused(me, kind, rhythm):
    with pytest.raises(InvalidInputError, match="Nothing was changed"):
        await call(await opened(), "choose_mail", kind, rhythm)


async def test_choose_a_kind_that_is_none_is_refused_in_the_page(me):
    state = await opened()
    await call(state, "choose_mail", "nonsense", "off")
    assert state.problem_of == "kinds"
    assert "no such kind" in state.problem


async def test_keep_my_hours(me):
    state = await opened()
    await call(state, "keep_clock", CLOCK)
    assert state.done == "Your hours are stored."
    again = await opened()
    assert (again.zone, again.daily_at, again.quiet_from, again.quiet_until, again.is_quiet_on_weekends) == (
        "America/Denver", "07:30", "20:00", "07:00", True,
    )  # fmt: skip
    await call(again, "keep_clock", {**CLOCK, "quiet_from": "", "quiet_until": "", "weekends": ""})
    assert ((await opened()).quiet_from, (await opened()).is_quiet_on_weekends) == ("", False)


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ({"quiet_until": ""}, "a beginning and an end"),
        ({"quiet_until": "20:00"}, "begin and end at the same time"),
        ({"daily_at": "noon"}, "no time of day"),
        ({"zone": "Mars/Olympus"}, "no time zone"),
    ],
)
async def test_keep_nonsense_is_refused_beside_the_form(me, bad, words):
    state = await opened()
    await call(state, "keep_clock", {**CLOCK, **bad})
    assert (state.problem_of, state.done) == ("clock", "")
    assert words in state.problem
    assert (await opened()).quiet_from == ""


async def test_keep_hours_that_were_changed_in_another_tab_is_refused(me):
    first, second = await opened(), await opened()
    await call(first, "keep_clock", CLOCK)
    await call(second, "keep_clock", {**CLOCK, "daily_at": "09:00"})
    assert "Somebody changed this" in second.problem
    await call(second, "keep_clock", {**CLOCK, "daily_at": "09:00"})
    assert second.done


async def test_confirm_a_phone_by_its_code(me, tmp_path):
    state = await opened()
    await call(state, "send_code", {"phone": "(212) 555-0123"})
    assert (state.phone, state.is_phone_verified, state.is_code_under_way) == ("+1 ••• ••• ••23", False, True)
    [sent] = (tmp_path / "var" / "outbox").glob("sms-*.json")
    code = re.search(r"\d{6}", json.loads(sent.read_text())["text"])[0]
    await call(state, "confirm_code", {"code": "000000" if code != "000000" else "111111"})
    assert (state.problem_of, state.is_phone_verified) == ("phone", False)
    await call(state, "confirm_code", {"code": code})
    assert (state.is_phone_verified, state.is_code_under_way, state.problem) == (True, False, "")
    assert "2125550123" not in shown(state)
    await call(state, "forget_phone")
    assert (state.phone, state.is_phone_verified) == ("", False)


async def test_type_no_number_keeps_what_was_typed(me):
    state = await opened()
    await call(state, "send_code", {"phone": "hello"})
    assert (state.problem_of, state.kept_text) == ("phone", "hello")


async def test_only_the_form_that_was_kept_is_drawn_anew(me):
    state = await opened()
    before = dict(state.rounds)
    await call(state, "store_webhook", {"webhook": WEBHOOK})
    assert state.rounds == {**before, "chat": before["chat"] + 1}
    await call(state, "keep_clock", {**CLOCK, "daily_at": "25:00"})
    assert state.rounds["clock"] == before["clock"]


async def test_store_a_webhook_and_show_it_never_again(me):
    state = await opened()
    await call(state, "store_webhook", {"webhook": "https://evil.example/hunter2"})
    assert (state.problem_of, state.has_webhook) == ("chat", False)
    await call(state, "store_webhook", {"webhook": WEBHOOK})
    assert state.has_webhook
    assert "hunter2" not in shown(state)
    await call(state, "delete_webhook")
    assert not state.has_webhook


async def test_send_a_test_and_tell_how_it_goes(me, database):
    state = await opened()
    await call(state, "test", "email")
    assert state.email_test == "The test waits to be sent."
    for status, words in ((DeliveryStatus.SENT, "look whether it came"), (DeliveryStatus.FAILED, "no such person")):
        with database.unit_of_work() as session:
            session.execute(update(NotificationDelivery).values({"status": status, "failure": "no such person"}))
        assert words in (await opened()).email_test


@pytest.mark.parametrize(("channel", "part"), [("sms", "phone"), ("slack", "chat")])
async def test_send_a_test_where_nothing_is_stored_says_so(me, channel, part):
    state = await opened()
    await call(state, "test", channel)
    assert state.problem_of == part
    with pytest.raises(InvalidInputError):
        await call(state, "test", "pigeon")


async def test_show_that_my_address_bounces_and_mend_it(me, database):
    with database.unit_of_work() as session:
        make_setting(session, me, bounced_address=me.email, bounce_reason="5.1.1 no such user", bounced_at=now())
    state = await opened()
    assert state.bounce == "5.1.1 no such user"
    await call(state, "trust_address")
    assert (state.bounce, state.done) == ("", "Mail is sent to your address again.")


async def test_nobody_sees_the_choices_of_others(ann, database):
    with database.unit_of_work() as session:
        make_phone(session, ann)
        other = id_of(make_user(session))
    with acting_as(Role.BILLER, user_id=other):
        state = await opened()
        await call(state, "forget_phone")
    assert (state.phone, state.problem_of) == ("", "phone")
    with database.read_only() as session:
        assert session.get_one(NotificationSetting, ann.id).phone


async def test_stay_closed_to_people_without_a_role(ann):
    with acting_as(user_id=id_of(ann)), pytest.raises(DeniedError):
        await opened()
    assert get_settings().chat == "outbox"
