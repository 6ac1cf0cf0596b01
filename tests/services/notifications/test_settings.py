"""A person's row: made once when it is first needed, whoever comes first, and locked in one order."""

import threading

import pytest
from sqlalchemy import select

from models import NotificationSetting
from services.notifications.settings import find_settings, lock_setting, lock_settings
from tests.builders import id_of, make_setting, make_user


@pytest.fixture
def people(session):
    return [id_of(make_user(session)) for _ in range(3)]


def test_find_makes_nothing(session, people):
    assert find_settings(session, people) == {}
    assert session.scalars(select(NotificationSetting)).all() == []


def test_lock_makes_what_is_missing_and_keeps_what_is_there(session, people):
    made = make_setting(session, type("Person", (), {"id": people[1]})(), time_zone="America/Denver")
    found = lock_settings(session, people[::-1])
    assert list(found) == people
    assert found[people[1]] is made
    assert found[people[0]].time_zone == ""
    assert lock_settings(session, people)[people[0]] is found[people[0]]


def test_every_person_has_a_key_of_their_own(session, people):
    keys = {row.unsubscribe_key for row in lock_settings(session, people).values()}
    assert len(keys) == 3
    assert all(len(key) >= 40 for key in keys)


def test_lock_by_several_at_a_time_makes_one_row_a_person(each_database):
    with each_database.unit_of_work() as session:
        people = [id_of(make_user(session)) for _ in range(4)]
    together, failed = threading.Barrier(4), []

    def work(order):
        together.wait()
        try:
            each_database.transact(lambda session: lock_settings(session, order))
        except Exception as wrong:  # noqa: BLE001 -- told below
            failed.append(wrong)

    workers = [threading.Thread(target=work, args=(people[turn:] + people[:turn],)) for turn in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert failed == []
    with each_database.read_only() as session:
        rows = session.scalars(select(NotificationSetting)).all()
    assert sorted(row.user_id for row in rows) == people


def test_lock_sees_what_another_committed_meanwhile(database):
    with database.unit_of_work() as session:
        person = id_of(make_user(session))
        lock_setting(session, person)
    with database.read_only() as reader:
        assert find_settings(reader, [person])[person].phone == ""
    with database.unit_of_work() as session:
        lock_setting(session, person).phone = "+12125550123"
    with database.unit_of_work() as session:
        assert lock_setting(session, person).phone == "+12125550123"
