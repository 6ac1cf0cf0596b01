"""A phone takes texts once its code was typed; codes run out, tries are counted, and no number is shown or logged."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from adapters.texting import TextDeferredError
from core.clock import now
from core.errors import InvalidInputError, NotFoundError
from models import AuditEvent, NotificationSetting
from services.notifications.phones import confirm_code, forget_phone, send_code
from tests.builders import actor_for, make_user

NUMBER = "+12125550123"


class Texts:
    """Keeps the texts; `failure` is raised instead of sending."""

    def __init__(self):
        self.sent, self.failure = [], None

    def send(self, number, text):
        if self.failure:
            raise self.failure
        self.sent.append((number, text))
        return "1"

    @property
    def code(self):
        return re.match(r"\d{6}", self.sent[-1][1])[0]


@pytest.fixture
def texts():
    return Texts()


@pytest.fixture
def me(database):
    with database.unit_of_work() as session:
        return actor_for(make_user(session))


def setting(database):
    with database.read_only() as session:
        return session.scalars(select(NotificationSetting)).one()


def change(database, **values):
    with database.unit_of_work() as session:
        session.execute(update(NotificationSetting).values(values))


def wrong(code):
    return f"{(int(code) + 1) % 10**6:06d}"


def test_send_a_code_and_take_it(database, texts, me):
    assert send_code(database, texts, me, typed="(212) 555-0123") == "+1 ••• ••• ••23"
    assert texts.sent[0][0] == NUMBER
    assert setting(database).phone_verified_at is None
    confirm_code(database, me, typed=f" {texts.code[:3]} {texts.code[3:]} ")
    stored = setting(database)
    assert stored.phone == NUMBER
    assert stored.phone_verified_at is not None
    assert (stored.phone_code_mac, stored.phone_code_until) == ("", None)


def test_send_a_code_is_written_down_before_it_leaves(database, texts, me):
    texts.failure = TextDeferredError("away")
    with pytest.raises(TextDeferredError):
        send_code(database, texts, me, typed=NUMBER)
    assert setting(database).phone == NUMBER
    assert setting(database).phone_code_until is not None


def test_send_to_no_number_stores_nothing(database, texts, me):
    with pytest.raises(InvalidInputError):
        send_code(database, texts, me, typed="12")
    with database.read_only() as session:
        assert session.scalars(select(NotificationSetting)).all() == []


def test_send_no_more_than_three_codes_an_hour(database, texts, me):
    for _ in range(3):
        send_code(database, texts, me, typed=NUMBER)
    with pytest.raises(InvalidInputError, match="try again in an hour"):
        send_code(database, texts, me, typed=NUMBER)
    assert len(texts.sent) == 3
    change(database, phone_codes_since=now() - timedelta(minutes=61))
    send_code(database, texts, me, typed=NUMBER)
    assert len(texts.sent) == 4


def test_take_no_wrong_code_and_none_after_five_tries(database, texts, me):
    send_code(database, texts, me, typed=NUMBER)
    good = texts.code
    for left in (4, 3, 2, 1):
        with pytest.raises(InvalidInputError, match=f"{left} tries are left"):
            confirm_code(database, me, typed=wrong(good))
    with pytest.raises(InvalidInputError, match="Too many tries"):
        confirm_code(database, me, typed=wrong(good))
    with pytest.raises(InvalidInputError, match="No code holds"):
        confirm_code(database, me, typed=good)
    assert setting(database).phone_verified_at is None


def test_take_no_code_after_ten_minutes(database, texts, me):
    send_code(database, texts, me, typed=NUMBER)
    change(database, phone_code_until=now() - timedelta(seconds=1))
    with pytest.raises(InvalidInputError, match="have a new code sent"):
        confirm_code(database, me, typed=texts.code)


def test_take_no_code_that_was_for_another_number(database, texts, me):
    send_code(database, texts, me, typed=NUMBER)
    first = texts.code
    send_code(database, texts, me, typed="+12125550199")
    if first != texts.code:
        with pytest.raises(InvalidInputError, match="not the code"):
            confirm_code(database, me, typed=first)
    assert setting(database).phone_verified_at is None


def test_change_the_number_wants_a_new_code(database, texts, me):
    send_code(database, texts, me, typed=NUMBER)
    confirm_code(database, me, typed=texts.code)
    send_code(database, texts, me, typed=NUMBER)
    assert setting(database).phone_verified_at is not None
    send_code(database, texts, me, typed="+12125550199")
    assert setting(database).phone_verified_at is None


def test_forget_a_phone(database, texts, me):
    send_code(database, texts, me, typed=NUMBER)
    with database.unit_of_work() as session:
        forget_phone(session, me)
    assert (setting(database).phone, setting(database).phone_code_until) == ("", None)
    with database.unit_of_work() as session, pytest.raises(NotFoundError):
        forget_phone(session, me)


def test_keep_no_code_and_put_no_number_on_record(database, texts, me):
    send_code(database, texts, me, typed=NUMBER)
    confirm_code(database, me, typed=texts.code)
    with database.read_only() as session:
        events = session.scalars(select(AuditEvent)).all()
    assert [event.tag for event in events] == ["user:phone_code_sent", "user:phone_verified"]
    assert not any(NUMBER in str(event.data) or texts.code in str(event.data) for event in events)
