"""Ending mails from the mail itself: opening a link changes nothing, posting to it does, without a log-in."""

import re

import pytest
from sqlalchemy import select
from starlette.applications import Starlette
from starlette.testclient import TestClient

from billing_app.doorway import Doorway
from billing_app.headers import SecurityHeaders
from billing_app.unsubscribe import unsubscribe_routes
from core.settings import get_settings
from models import AuditEvent, NotificationPreference, ReportSchedule
from models.enums import Cadence, NoticeKind, Rhythm, Role
from services.notifications.outgoing import compose_message
from services.notifications.unsubscribing import unsubscribe_token
from services.reporting.saved_reports import save_report
from services.reporting.schedules import subscribe
from tests.builders import actor_for, make_delivery, make_notice, make_setting, make_user

HTML = {"Accept": "text/html"}


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> TestClient:
    monkeypatch.setenv("BILLING_PUBLIC_URL", "http://testserver")
    get_settings.cache_clear()
    return TestClient(SecurityHeaders(Doorway(Starlette(routes=unsubscribe_routes()))))


@pytest.fixture
def setting(database):
    with database.unit_of_work() as session:
        return make_setting(session, make_user(session))


def chosen(database):
    with database.read_only() as session:
        return {row.kind: row.rhythm for row in session.scalars(select(NotificationPreference))}


def test_open_the_link_asks_and_changes_nothing(client, database, setting):
    answer = client.get(f"/unsubscribe/{unsubscribe_token(setting, NoticeKind.MENTIONED)}", headers=HTML)
    assert answer.status_code == 200
    assert "Stop mails of “Comments for you”?" in answer.text
    assert '<form method="post">' in answer.text
    assert "<script" not in answer.text
    assert chosen(database) == {}


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_look_at_the_link_as_scanners_do_changes_nothing(client, database, setting, method):
    client.request(method, f"/unsubscribe/{unsubscribe_token(setting)}")
    assert chosen(database) == {}


def test_press_the_mail_programs_button_ends_the_mails(client, database, setting):
    path = f"/unsubscribe/{unsubscribe_token(setting, NoticeKind.MENTIONED)}"
    answer = client.post(path, data={"List-Unsubscribe": "One-Click"}, headers={"Origin": "https://mail.example"})
    assert answer.status_code == 200
    assert "You get no mails of “Comments for you” any more." in answer.text
    assert chosen(database) == {NoticeKind.MENTIONED: Rhythm.OFF}


def test_press_it_twice_does_no_harm(client, database, setting):
    path = f"/unsubscribe/{unsubscribe_token(setting)}"
    assert [client.post(path, data={}).status_code for _ in range(2)] == [200, 200]
    assert set(chosen(database).values()) == {Rhythm.OFF}
    assert "You get no notification mails any more." in client.post(path).text


def test_it_is_on_record_who_ended_what(client, database, setting):
    client.post(f"/unsubscribe/{unsubscribe_token(setting, NoticeKind.MENTIONED)}")
    with database.read_only() as session:
        [event] = session.scalars(select(AuditEvent)).all()
    assert (event.tag, event.actor_id, event.data) == (
        "user:notifications_set", setting.user_id, {"mentioned/email": "off"},
    )  # fmt: skip


@pytest.mark.parametrize("token", ["x", "a.b", "%2e%2e", "x" * 400])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_link_that_nobody_signed_is_answered_kindly(client, database, setting, method, token):
    answer = client.request(method, f"/unsubscribe/{token}", headers=HTML)
    assert answer.status_code == 404
    if token != "%2e%2e":
        assert "nothing was changed" in answer.text
    assert chosen(database) == {}


def test_pages_say_nobodys_name_and_are_not_kept(client, setting):
    answer = client.get(f"/unsubscribe/{unsubscribe_token(setting)}", headers=HTML)
    assert "Person" not in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert "form-action 'self'" in answer.headers["content-security-policy"]


def test_the_links_of_a_mail_lead_here(client, database, setting):
    with database.unit_of_work() as session:
        user = make_user(session)
        make_setting(session, user)
        delivery = make_delivery(session, user, notices=(make_notice(session, user),))
        mail = compose_message(session, delivery, get_settings()).mail
    one_click = mail["List-Unsubscribe"].strip("<>")
    text = mail.get_body(("plain",)).get_content()
    links = re.findall(r"http://testserver(/unsubscribe/\S+)", text)
    assert len(links) == 2
    assert all(client.get(link).status_code == 200 for link in links)
    assert client.post(one_click, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert chosen(database) == {NoticeKind.PROFORMA_WAITS: Rhythm.OFF}


@pytest.fixture
def schedule(database):
    with database.unit_of_work() as session:
        who = actor_for(make_user(session, Role.BILLER))
        saved_id = save_report(session, who, name="Owed <b>now</b>", report="ageing", filters={})
        schedule_id = subscribe(session, who, saved_id=saved_id, cadence=Cadence.WEEKLY, firm_zone="UTC")
        return session.get_one(ReportSchedule, schedule_id)


def ended_at(database, schedule):
    with database.read_only() as session:
        return session.get_one(ReportSchedule, schedule.id).ended_at


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_opening_the_link_of_a_report_ends_nothing(client, database, schedule, method):
    answer = client.request(method, f"/unsubscribe/report/{schedule.token}", headers=HTML)
    assert ended_at(database, schedule) is None
    assert method != "GET" or "Stop “Owed &lt;b&gt;now&lt;/b&gt;”?" in answer.text


def test_one_click_ends_a_report_and_twice_does_no_harm(client, database, schedule):
    path = f"/unsubscribe/report/{schedule.token}"
    body, foreign = {"List-Unsubscribe": "One-Click"}, {"Origin": "https://mail.example"}
    assert [client.post(path, data=body, headers=foreign).status_code for _ in range(2)] == [200, 200]
    assert ended_at(database, schedule) is not None
    assert chosen(database) == {}


@pytest.mark.parametrize("token", ["x", "x" * 400])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_link_of_a_report_that_nobody_sent_is_answered_kindly(client, database, schedule, method, token):
    answer = client.request(method, f"/unsubscribe/report/{token}", headers=HTML)
    assert (answer.status_code, "nothing was changed" in answer.text) == (404, True)
    assert ended_at(database, schedule) is None
