"""A person's webhook: sealed, bound to them, never on record, and found again when keys are rotated."""

import pytest
from sqlalchemy import select, update

from core.errors import InvalidInputError, NotFoundError
from core.key_ring import KeyRing, add_key
from core.settings import get_settings
from jobs.keys import main
from models import AuditEvent, PersonSecret
from models.enums import Role
from services.notifications.chat_addresses import delete_webhook, open_webhook, sealed_webhook, store_webhook
from services.notifications.preferences import my_preferences
from services.sites.key_check import LoginsClosedError, check_keys
from services.sites.key_rotation import check_unused, keys_in_use
from tests.builders import actor, actor_for, make_user

ADDRESS = "https://hooks.slack.com/services/T0/B0/hunter2"


@pytest.fixture
def me(database):
    with database.unit_of_work() as session:
        return actor_for(make_user(session))


@pytest.fixture
def stored(database, me):
    with database.unit_of_work() as session:
        store_webhook(session, me, typed=ADDRESS)


def opened(database, me):
    with database.read_only() as session:
        sealed = sealed_webhook(session, me.user_id)
    return open_webhook(sealed).reveal()


def test_store_and_open_a_webhook(database, me, stored):
    assert opened(database, me) == ADDRESS
    with database.read_only() as session:
        assert my_preferences(session, me).has_webhook


def test_store_another_replaces_it(database, me, stored):
    with database.unit_of_work() as session:
        store_webhook(session, me, typed=f"{ADDRESS}-new")
    assert opened(database, me) == f"{ADDRESS}-new"


def test_store_keeps_the_address_out_of_the_table_and_the_record(database, me, stored):
    with database.read_only() as session:
        row = session.scalars(select(PersonSecret)).one()
        events = session.scalars(select(AuditEvent)).all()
    assert b"hunter2" not in row.ciphertext + row.wrapped_key
    assert [event.tag for event in events] == ["user:webhook_stored"]
    assert "hunter2" not in str(events[0].data)


def test_store_an_address_of_somebody_else_is_refused(database, me):
    with database.unit_of_work() as session, pytest.raises(InvalidInputError, match="no webhook of Slack"):
        store_webhook(session, me, typed="https://evil.example/services/x")


def test_open_a_row_that_was_moved_to_another_person_is_refused(database, me, stored):
    with database.unit_of_work() as session:
        other = make_user(session)
        session.execute(update(PersonSecret).values(user_id=other.id))
        sealed = sealed_webhook(session, other.id)
    with pytest.raises(InvalidInputError, match="store it again"):
        open_webhook(sealed)


def test_delete_a_webhook(database, me, stored):
    with database.unit_of_work() as session:
        delete_webhook(session, me)
        assert sealed_webhook(session, me.user_id) is None
        with pytest.raises(NotFoundError):
            delete_webhook(session, me)


def test_a_key_that_webhooks_need_is_counted_and_not_retired(database, me, stored):
    key_id = KeyRing.load_or_create(get_settings().key_ring_path).current
    with database.unit_of_work() as session:
        assert keys_in_use(session) == {key_id: 1}
        with pytest.raises(Exception, match="1 stored values are sealed"):
            check_unused(session, actor(Role.ADMIN), key_id=key_id)


def test_rotated_keys_still_open_webhooks(database, me, stored, capsys):
    assert main(["rotate"]) == 0
    ring = KeyRing.load_or_create(get_settings().key_ring_path)
    with database.read_only() as session:
        assert keys_in_use(session) == {ring.current: 1}
        assert check_keys(session, get_settings()) == 1
    assert opened(database, me) == ADDRESS
    assert "1 data keys wrapped" in capsys.readouterr().out


def test_a_webhook_that_cannot_be_opened_is_named_by_person(database, me, stored, capsys):
    add_key(get_settings().key_ring_path)
    with database.unit_of_work() as session:
        session.execute(update(PersonSecret).values(wrapped_key=b"\0" * 60))
    assert main(["rewrap"]) == 1
    assert f"person {me.user_id}, slack_webhook" in capsys.readouterr().err


def test_a_worker_whose_keys_open_no_webhook_says_so(database, me, stored):
    with database.unit_of_work() as session:
        session.execute(update(PersonSecret).values(wrapped_key=b"\0" * 60))
    with database.read_only() as session, pytest.raises(LoginsClosedError):
        check_keys(session, get_settings())
