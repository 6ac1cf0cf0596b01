"""From a notice to the real servers and back: SMTP, SNS, a webhook, and the bounce that comes home by IMAP."""

from collections.abc import Iterator
from email import message_from_bytes
from email.policy import default

import pytest
from moto.core import DEFAULT_ACCOUNT_ID
from moto.server import ThreadedMotoServer
from moto.sns.models import sns_backends
from sqlalchemy import select, update
from sqlmodel import col

from core import queue
from core.clock import now
from core.settings import get_settings
from jobs import notifications
from jobs.dispatcher import Dispatcher
from jobs.results import read
from jobs.worker import _bells
from models import NotificationDelivery
from models.enums import DeliveryStatus, NoticeKind, NotificationChannel, Rhythm, Role
from services.notices import count_unread, tell
from services.notifications.chat_addresses import store_webhook
from services.notifications.preferences import choose
from services.responses.mailbox_reading import mailbox_state
from tests.builders import actor_for, id_of, make_notice, make_phone, make_proforma, make_setting, make_user
from tests.mail_server import running_dovecot
from tests.servers import unused_port
from tests.services.notifications.test_delivery_reports import sample
from tests.smtp_server import PostOffice, running_smtp
from tests.web_server import WebServer, running_web_server

C, S = NotificationChannel, DeliveryStatus


@pytest.fixture
def setting_of(monkeypatch):
    """Return what sets one of the portal's settings by the environment."""

    def given(**values: str) -> None:
        for name, value in values.items():
            monkeypatch.setenv(f"BILLING_{name}", value)
        get_settings.cache_clear()

    given(GATHER_SECONDS="0", PUBLIC_URL="https://billing.hwr.example")
    return given


@pytest.fixture
def office(setting_of) -> Iterator[PostOffice]:
    with running_smtp() as found:
        setting_of(SMTP_URL=f"smtp://127.0.0.1:{found.port}", MAIL_BOUNCES_TO="bounces@hwr.example")
        yield found


@pytest.fixture
def slack(setting_of) -> Iterator[WebServer]:
    with running_web_server() as found:
        setting_of(CHAT="slack", SLACK_HOSTS=found.host)
        yield found


@pytest.fixture
def sns(setting_of, monkeypatch) -> Iterator[None]:
    port = unused_port()
    server = ThreadedMotoServer("127.0.0.1", port, verbose=False)
    server.start()
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "practice")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    setting_of(TEXTING="sns", AWS_ENDPOINT_URL=f"http://127.0.0.1:{port}")
    yield
    server.stop()


def tell_ann(database, slack: WebServer | None = None) -> int:
    """Tell an attorney of two proformas by every channel; return who that is."""
    with database.unit_of_work() as session:
        ann = make_user(session, Role.ATTORNEY, name="Ann Reyes")
        make_phone(session, ann)
        if slack is not None:
            store_webhook(session, actor_for(ann), typed=slack.url("/services/T0/B0/hunter2"))
        kind = NoticeKind.PROFORMA_FORWARDED
        choose(session, actor_for(ann), wishes={(kind, channel): Rhythm.AT_ONCE for channel in C})
        for _ in range(2):
            number = id_of(make_proforma(session, lines=0))
            tell(session, [id_of(ann)], kind, "proforma", number, occasion="x")
        return id_of(ann)


def states(database) -> dict[NotificationChannel, DeliveryStatus]:
    with database.read_only() as session:
        return {row.channel: row.status for row in session.scalars(select(NotificationDelivery))}


def test_send_into_the_outbox_by_default(database, setting_of, tmp_path):
    tell_ann(database)
    notifications.send(0, "")
    written = list((tmp_path / "var" / "outbox").iterdir())
    assert sorted(path.suffix for path in written) == [".eml", ".json"]
    assert states(database) == {C.EMAIL: S.SENT, C.SMS: S.SENT}


def test_send_with_a_wrong_mail_setting_puts_mails_off(database, setting_of):
    setting_of(SMTP_URL="mail.hwr.example")
    tell_ann(database)
    notifications.send(0, "")
    assert states(database) == {C.EMAIL: S.QUEUED, C.SMS: S.SENT}
    with database.read_only() as session:
        reasons = session.scalars(select(col(NotificationDelivery.failure))).all()
    assert any("BILLING_SMTP_URL is no mail server" in reason for reason in reasons)


@pytest.mark.slow
def test_send_by_mail_phone_and_chat_to_real_servers(database, office, sns, slack):
    tell_ann(database, slack)
    notifications.send(0, "")
    assert states(database) == {C.EMAIL: S.SENT, C.SMS: S.SENT, C.SLACK: S.DELIVERED}
    [mail] = office.received
    assert mail.sender == "bounces@hwr.example"
    assert mail.message["Subject"] == "2 proformas forwarded to you"
    texts = sns_backends[DEFAULT_ACCOUNT_ID]["us-east-1"].sms_messages.values()
    assert ("+12125550123", "Billing: 2 proformas forwarded to you. https://billing.hwr.example/notifications") in texts
    [(path, content)] = slack.posted
    assert path == "/services/T0/B0/hunter2"
    assert b"2 proformas forwarded to you" in content


@pytest.mark.slow
def test_a_mail_that_comes_back_marks_the_address_and_tells_an_administrator(database, office, setting_of):
    with running_dovecot() as server, server.client() as box:
        settings = server.settings()
        setting_of(
            MAILBOX_HOST=settings.mailbox_host, MAILBOX_PORT=str(settings.mailbox_port), MAILBOX_SECURITY="none",
            MAILBOX_USER=settings.mailbox_user, MAILBOX_PASSWORD=settings.mailbox_password.get_secret_value(),
        )  # fmt: skip
        with database.unit_of_work() as session:
            admin = actor_for(make_user(session, Role.ADMIN))
            mailbox_id = mailbox_state(session).id
        tell_ann(database)
        notifications.send(0, "")
        [mail] = office.received
        box.append(sample("gmail-failed", mail.recipients[0], mail.message["Message-ID"]), "INBOX")
        read(mailbox_id, "")
    assert states(database)[C.EMAIL] is S.BOUNCED
    with database.read_only() as session:
        assert count_unread(session, admin) == 1


@pytest.mark.slow
def test_a_mail_whose_answer_got_lost_goes_again_under_the_same_id(database, office):
    tell_ann(database)
    office.breaks_after_text = True
    notifications.send(0, "")
    assert states(database)[C.EMAIL] is S.QUEUED
    office.breaks_after_text = False
    with database.unit_of_work() as session:
        session.execute(update(NotificationDelivery).values(due_at=now()))
    notifications.send(0, "")
    first, second = (message_from_bytes(one.raw, policy=default)["Message-ID"] for one in office.received)
    assert first == second
    assert states(database)[C.EMAIL] is S.SENT


def test_dispatcher_rings_for_what_was_told_and_what_is_due(database, setting_of, monkeypatch):
    rung = []
    monkeypatch.setattr(Dispatcher, "_ring", lambda _self, due: rung.extend((bell, row) for bell, row, _ in due))
    looking = Dispatcher(database, get_settings())
    monkeypatch.setattr(looking, "_scheduler", type("Idle", (), {"run_due": lambda _self: 0})())
    looking.look_once()
    assert rung == []
    with database.unit_of_work() as session:
        user = make_user(session)
        make_setting(session, user)
        make_notice(session, user)
    looking.look_once()
    assert rung == [(queue.NOTIFICATIONS, 0)]
    notifications.send(0, "")
    looking.look_once()
    assert len(rung) == 1  # the hourly mail waits for its hour


def test_every_worker_answers_the_bell(database):
    assert queue.NOTIFICATIONS in _bells(get_settings(), database)
    assert queue.NOTIFICATIONS.function == "jobs.notifications.send"
