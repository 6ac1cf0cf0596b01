"""Our own mail that comes back: believed by its Message-ID alone, told to administrators, and mended by a word."""

import mailbox as maildirs

import pytest
from sqlalchemy import select

from adapters.mailbox import MaildirMailbox
from adapters.object_store import object_store
from core.errors import DeniedError, WrongStateError
from core.settings import get_settings
from models import AuditEvent, Notice, NotificationDelivery, NotificationSetting, ResultMail
from models.enums import DeliveryStatus, NoticeKind, NotificationChannel, Role
from services.notices import count_unread
from services.notifications.addresses import trust_address
from services.notifications.bounces import take_report
from services.notifications.delivery_reports import read_delivery_report
from services.notifications.preferences import my_preferences
from services.responses import mailbox_reading
from services.responses.mailbox_reading import ReadingTools, ask_to_read, mailbox_state, read_mailbox
from tests.builders import actor_for, id_of, make_delivery, make_user, result_mail
from tests.services.notifications.test_delivery_reports import MESSAGE_ID, sample

S = DeliveryStatus
FAILED = [
    "postfix-failed", "exchange-failed", "gmail-failed", "sendmail-failed", "exim-plain-failed", "qmail-failed",
    "international-failed",
]  # fmt: skip


@pytest.fixture
def admin(session):
    return actor_for(make_user(session, Role.ADMIN))


@pytest.fixture
def user(session):
    return make_user(session, Role.ATTORNEY, name="Ann Reyes")


@pytest.fixture
def sent(session, user):
    return make_delivery(session, user, status=S.SENT, message_id=MESSAGE_ID, address=user.email)


def take(session, name, user, message_id=MESSAGE_ID):
    return take_bytes(session, sample(name, user.email, message_id))


def take_bytes(session, raw):
    report = read_delivery_report(raw)
    return report is not None and take_report(session, report)


def reason(session, user):
    return my_preferences(session, actor_for(user)).bounce_reason


@pytest.mark.parametrize("name", FAILED)
def test_take_a_failure_for_good_of_every_server(session, user, admin, sent, name):
    assert take(session, name, user)
    session.refresh(sent)
    assert sent.status is S.BOUNCED
    assert sent.failure.startswith("5.")
    assert reason(session, user) == sent.failure
    assert count_unread(session, admin) == 1
    [notice] = session.scalars(select(Notice)).all()
    assert (notice.kind, notice.subject_type, notice.subject_id) == (NoticeKind.ADDRESS_BOUNCES, "user", user.id)


def test_take_the_same_report_twice_tells_once(session, user, admin, sent):
    assert take(session, "postfix-failed", user)
    assert take(session, "gmail-failed", user)
    assert count_unread(session, admin) == 1


@pytest.mark.parametrize("name", ["postfix-delayed", "postfix-expired"])
def test_take_a_failure_for_now_leaves_the_address_good(session, user, admin, sent, name):
    assert take(session, name, user)
    session.refresh(sent)
    assert sent.status is (S.SENT if name == "postfix-delayed" else S.BOUNCED)
    assert "Connection timed out" in sent.failure
    assert (reason(session, user), count_unread(session, admin)) == ("", 0)


def test_take_a_delivery(session, user, sent):
    assert take(session, "postfix-delivered", user)
    assert take(session, "postfix-delivered", user)
    session.refresh(sent)
    assert sent.status is S.DELIVERED


def test_take_a_report_that_came_before_the_send_was_written_down(session, user, admin):
    for status in (S.SENDING, S.QUEUED):
        row = make_delivery(session, user, status=status, message_id=f"<{status}@x.example>", address=user.email)
        assert take(session, "postfix-failed", user, f"<{status}@x.example>")
        session.refresh(row)
        assert (row.status, row.lease_until_ms) == (S.BOUNCED, None)


@pytest.mark.parametrize("name", [*FAILED, "postfix-delayed", "postfix-delivered", "out-of-office", "read-receipt"])
def test_take_nothing_for_a_message_id_that_is_none_of_ours(session, user, admin, sent, name):
    assert not take(session, name, user, "<forged@hwr.example>")
    session.refresh(sent)
    assert (sent.status, reason(session, user), count_unread(session, admin)) == (S.SENT, "", 0)
    assert session.scalars(select(AuditEvent)).all() == []


@pytest.mark.parametrize("name", ["out-of-office", "read-receipt"])
def test_take_no_other_answer_to_a_mail_of_ours(session, user, sent, name):
    assert not take(session, name, user)
    session.refresh(sent)
    assert sent.status is S.SENT


def test_take_no_report_by_the_id_of_a_text(session, user):
    row = make_delivery(session, user, status=S.SENT, message_id=MESSAGE_ID, channel=NotificationChannel.SMS)
    assert not take(session, "postfix-failed", user)
    session.refresh(row)
    assert row.status is S.SENT


def test_a_mail_that_the_person_forwards_elsewhere_bounces_without_their_address(session, user, admin, sent):
    raw = sample("gmail-failed", "private@elsewhere.example", MESSAGE_ID)
    assert take_bytes(session, raw)
    session.refresh(sent)
    assert sent.status is S.BOUNCED
    assert (reason(session, user), count_unread(session, admin)) == ("", 0)


def test_an_address_that_was_changed_meanwhile_is_good(session, user, admin, sent):
    user.email = "ann.new@hwr.example"
    session.flush()
    assert take_bytes(session, sample("postfix-failed", sent.address))
    assert (reason(session, user), count_unread(session, admin)) == ("", 0)


def test_trust_an_address_again(session, user, admin, sent):
    take(session, "postfix-failed", user)
    with pytest.raises(DeniedError):
        trust_address(session, actor_for(make_user(session)), user_id=id_of(user))
    trust_address(session, actor_for(user), user_id=id_of(user))
    assert (reason(session, user), count_unread(session, admin)) == ("", 0)
    with pytest.raises(WrongStateError):
        trust_address(session, admin, user_id=id_of(user))


def test_bouncing_again_after_it_was_trusted_tells_again(session, user, admin, sent):
    take(session, "postfix-failed", user)
    trust_address(session, admin, user_id=id_of(user))
    make_delivery(session, user, status=S.SENT, message_id="<2@x.example>", address=user.email)
    take(session, "postfix-failed", user, "<2@x.example>")
    assert count_unread(session, admin) == 1


def test_read_mailbox_takes_reports_of_ours_and_keeps_every_other_mail(database, tmp_path, monkeypatch):
    monkeypatch.setattr(mailbox_reading, "ring", lambda *_: True)
    box = maildirs.Maildir(tmp_path / "mail", create=True)
    with database.unit_of_work() as session:
        user = make_user(session)
        make_delivery(session, user, status=S.SENT, message_id=MESSAGE_ID, address=user.email)
        ask_to_read(session)
        mailbox_id = mailbox_state(session).id
    box.add(sample("exchange-failed", user.email))
    box.add(sample("exchange-failed", user.email, "<forged@hwr.example>"))
    box.add(result_mail("Approved").as_bytes())
    settings = get_settings()
    tools = ReadingTools(database, settings, MaildirMailbox(tmp_path / "mail"), object_store(settings))
    assert read_mailbox(tools, mailbox_id) == 2
    with database.read_only() as session:
        assert session.scalars(select(NotificationDelivery)).one().status is S.BOUNCED
        assert session.scalars(select(NotificationSetting)).one().bounced_address == user.email
        assert len(session.scalars(select(ResultMail)).all()) == 2
    assert read_mailbox(tools, mailbox_id) == 0
