"""Notices: told once, to those it is for, read by them alone, settled when it is no longer so."""

import pytest
from sqlalchemy.exc import IntegrityError

from carriers.errors import PageChangedError
from core.clock import now
from models import Notice
from models.enums import NoticeKind, Role
from services.notices import count_unread, list_notices, mark_read, settle_notices, tell_admins
from services.sites.carriers import pause_after_page_changes, resume_carrier
from tests.builders import actor_for, id_of, make_carrier, make_site_account, make_user

STOPPED = NoticeKind.ACCOUNT_STOPPED


@pytest.fixture
def admins(session):
    return [actor_for(make_user(session, Role.ADMIN)) for _ in range(2)]


def test_tell_admins_reaches_active_administrators_alone(session, admins):
    account = id_of(make_site_account(session))
    make_user(session, Role.ADMIN).is_active = False
    biller = actor_for(make_user(session, Role.BILLER))
    assert tell_admins(session, STOPPED, "site_account", account, occasion="a") == 2
    assert [count_unread(session, who) for who in (*admins, biller)] == [1, 1, 0]


def test_tell_admins_tells_an_occasion_once_and_the_next_anew(session, admins):
    account = id_of(make_site_account(session))
    heard = [tell_admins(session, STOPPED, "site_account", account, occasion=one) for one in ("a", "a", "b")]
    assert heard == [2, 0, 2]


def test_notice_is_unique_in_the_database_too(session, admins):
    for _ in range(2):
        session.add(
            Notice(user_id=admins[0].user_id, kind=STOPPED, subject_type="site_account", subject_id=1, occasion="a",
                   created_at=now())
        )  # fmt: skip
    with pytest.raises(IntegrityError):
        session.flush()


def test_list_notices_names_the_record_and_shows_unread_first(session, admins):
    account, carrier = id_of(make_site_account(session)), make_carrier(session, name="Harbor Mutual")
    tell_admins(session, NoticeKind.CARRIER_STOPPED, "carrier", id_of(carrier), occasion="a")
    tell_admins(session, STOPPED, "site_account", account, occasion="a")
    newest = list_notices(session, admins[0])[0]
    mark_read(session, admins[0], notice_ids=[newest.notice_id])
    first, second = list_notices(session, admins[0])
    assert (first.subject, first.read_at) == ("Harbor Mutual", None)
    assert second.subject.endswith("account main")
    assert second.read_at is not None


def test_mark_read_leaves_the_notices_of_others_alone(session, admins):
    account = id_of(make_site_account(session))
    tell_admins(session, STOPPED, "site_account", account, occasion="a")
    everything = [row.notice_id for who in admins for row in list_notices(session, who)]
    mark_read(session, admins[0], notice_ids=everything)
    assert [count_unread(session, who) for who in admins] == [0, 1]


def test_settle_notices_reads_them_for_everybody(session, admins):
    account, other = id_of(make_site_account(session)), id_of(make_site_account(session))
    for one in (account, other):
        tell_admins(session, STOPPED, "site_account", one, occasion="a")
    settle_notices(session, STOPPED, "site_account", account)
    assert [count_unread(session, who) for who in admins] == [1, 1]


def test_a_carrier_that_stops_by_itself_is_told_and_settled(session, admins, monkeypatch):
    monkeypatch.setattr("services.sites.carriers.PAGE_CHANGES_BEFORE_PAUSE", 0)
    monkeypatch.setattr("services.lifecycle.ring", lambda *_: None)
    carrier = id_of(make_carrier(session))
    assert pause_after_page_changes(session, admins[0], carrier_id=carrier, error=PageChangedError("x", "#a", "b"))
    assert count_unread(session, admins[1]) == 1
    resume_carrier(session, admins[0], carrier_id=carrier)
    assert count_unread(session, admins[1]) == 0
