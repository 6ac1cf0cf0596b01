"""An invoice mail that comes back: believed by its Message-ID, asked of a person, told to who sent it, never resent."""

import mailbox as maildirs
from email.message import EmailMessage
from pathlib import Path

import pytest
from sqlmodel import Session, select

from adapters.mailbox import MaildirMailbox
from adapters.object_store import LocalObjectStore
from core.db import Database
from core.settings import Settings
from models import AuditEvent, Invoice, Mailing, Notice, ResultMail
from models.enums import DeliveryChannel, DocumentStatus, MailingStatus, NoticeKind, ResultMailStatus
from services.mailing import bounces
from services.mailing.bounces import take_mail_report
from services.mailing.mailing_list import MailView, list_mailings
from services.mailing.sending import MailTools, list_due_mailings, send_mailing
from services.notice_words import path_of, words_of
from services.notices import list_notices
from services.notifications.delivery_reports import read_delivery_report
from services.responses import mailbox_reading
from services.responses.mailbox_reading import ReadingTools, ask_to_read, mailbox_state, read_mailbox
from tests.builders import EMAIL, actor_for, id_of, make_biller, make_mailing, make_user
from tests.services.mailing.test_sending import PretendMailer, sending_by
from tests.services.notifications.test_delivery_reports import sample

S = MailingStatus
ID = "<invoice-2026-1-r1-1-0-7f3a@hwr.example>"
FAILED = [
    "postfix-failed", "exchange-failed", "gmail-failed", "sendmail-failed", "exim-plain-failed", "qmail-failed",
    "international-failed", "postfix-expired",
]  # fmt: skip


def take(session: Session, name: str, *, address: str = EMAIL, message_id: str = ID) -> bool:
    report = read_delivery_report(sample(name, address, message_id))
    return report is not None and take_mail_report(session, report)


def tags(session: Session) -> list[str]:
    return list(session.exec(select(AuditEvent.tag).where(AuditEvent.subject_type == "mailing")))


@pytest.fixture
def sent(session: Session) -> Mailing:
    return make_mailing(session, status=S.SENT, message_id=ID)


@pytest.mark.parametrize("name", FAILED)
def test_a_failure_of_every_server_asks_a_person_in_its_words(session: Session, sent: Mailing, name: str) -> None:
    assert take(session, name)
    assert (sent.status, sent.error_code) == (S.BOUNCED, "mail_bounced")
    assert sent.error_message.startswith((f"{EMAIL}: 5.", f"{EMAIL}: 4."))
    [row] = list_mailings(session, make_biller(session), view=MailView.TO_DO)
    assert (row.id, row.error_message) == (sent.id, sent.error_message)
    assert session.get_one(Invoice, sent.invoice_id).document_status is DocumentStatus.DELIVERED


def test_who_queued_it_and_who_sent_it_are_told_once(session: Session) -> None:
    queued_by, sent_by = make_user(session, name="Bo Biller"), make_user(session, name="Cy Sender")
    make_mailing(session, status=S.SENT, message_id=ID, queued_by_id=id_of(queued_by), sent_by_id=id_of(sent_by))
    assert take(session, "postfix-failed")
    assert take(session, "postfix-failed")
    notices = session.exec(select(Notice)).all()
    assert {notice.user_id for notice in notices} == {queued_by.id, sent_by.id}
    assert {notice.kind for notice in notices} == {NoticeKind.MAILING_STOPPED}
    assert len(notices) == 2
    [row] = list_notices(session, actor_for(queued_by))
    title, hint = words_of(row)
    assert (title.endswith("came back"), "mail server returned it" in hint) == (True, True)
    assert path_of(row).startswith("/mail?search=")


@pytest.mark.parametrize("status", [S.INTENT, S.IN_DOUBT])
def test_a_report_may_come_before_the_send_was_written_down(session: Session, status: MailingStatus) -> None:
    row = make_mailing(session, status=status, message_id=ID)
    assert take(session, "postfix-failed")
    assert row.status is S.BOUNCED


def test_a_warning_that_it_is_late_is_no_failure(session: Session, sent: Mailing) -> None:
    assert take(session, "postfix-delayed")
    assert (sent.status, sent.error_code) == (S.SENT, "mail_delayed")
    assert sent.error_message.startswith("Late, not lost")
    assert "Connection timed out" in sent.error_message
    assert session.exec(select(Notice)).all() == []
    assert list_mailings(session, make_biller(session), view=MailView.TO_DO) == []
    assert take(session, "postfix-delivered")
    assert (sent.status, sent.error_message) == (S.SENT, "")
    assert tags(session) == ["mailing:delayed", "mailing:arrived"]


def test_a_mail_that_was_late_can_come_back_in_the_end(session: Session, sent: Mailing) -> None:
    take(session, "postfix-delayed")
    take(session, "postfix-expired")
    assert (sent.status, sent.error_code) == (S.BOUNCED, "mail_bounced")
    assert "Late" not in sent.error_message


def test_two_of_its_addresses_come_back_and_both_are_shown(session: Session, sent: Mailing) -> None:
    take(session, "postfix-failed", address="one@payor.example")
    take(session, "gmail-failed", address="two@payor.example")
    assert sent.error_message.startswith("one@payor.example: 5.1.1")
    assert "two@payor.example: 5.1.1" in sent.error_message
    assert len(session.exec(select(Notice)).all()) == 1
    assert tags(session) == ["mailing:bounce", "mailing:bounced_too"]


@pytest.mark.parametrize("status", [S.READY, S.NEEDS_ATTENTION, S.WITHDRAWN])
def test_what_is_on_its_way_anew_is_left_alone(session: Session, status: MailingStatus) -> None:
    row = make_mailing(session, status=status, message_id=ID, attempt=1)
    assert take(session, "postfix-failed")
    assert (row.status, row.error_message, tags(session)) == (status, "", ["mailing:bounced_too"])


def test_a_bill_that_another_took_the_place_of_asks_nobody(session: Session, sent: Mailing) -> None:
    session.get_one(Invoice, sent.invoice_id).revision_number = 2
    session.flush()
    assert take(session, "postfix-failed")
    assert (sent.status, session.exec(select(Notice)).all()) == (S.SENT, [])


@pytest.mark.parametrize("name", [*FAILED, "postfix-delayed", "postfix-delivered", "out-of-office", "read-receipt"])
def test_nothing_is_believed_of_another_message_id(session: Session, sent: Mailing, name: str) -> None:
    assert not take(session, name, message_id="<invoice-2026-1-r1-1-0@hwr.example>")
    assert (sent.status, sent.error_message, tags(session)) == (S.SENT, "", [])


def test_paper_has_no_reports(session: Session) -> None:
    make_mailing(session, channel=DeliveryChannel.PAPER, status=S.SENT, message_id=ID)
    assert not take(session, "postfix-failed")


def read_back(database: Database, folder: Path, *raws: bytes) -> None:
    """Put mails into the mailbox and read it."""
    box = maildirs.Maildir(folder / "mail", create=True)
    for raw in raws:
        box.add(raw)
    with database.unit_of_work() as session:
        ask_to_read(session)
        mailbox_id = mailbox_state(session).id or 0
    tools = ReadingTools(database, Settings(), MaildirMailbox(folder / "mail"), LocalObjectStore(folder / "store"))
    read_mailbox(tools, mailbox_id)


def test_the_whole_way_from_the_mail_to_the_mailbox_and_never_sent_again(
    each_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailbox_reading, "ring", lambda *_: True)
    mailer = PretendMailer()
    tools = MailTools(each_database, Settings(), mailer, LocalObjectStore(tmp_path / "store"))
    with each_database.unit_of_work() as session:
        mailing_id = id_of(make_mailing(session))
    send_mailing(tools, mailing_id)
    message_id = str(mailer.sent[0]["Message-ID"])
    report = sample("exchange-failed", EMAIL, message_id)
    read_back(each_database, tmp_path, report, sample("exchange-failed", EMAIL, "<invoice-9@hwr.example>"))
    with each_database.read_only() as session:
        row = session.get_one(Mailing, mailing_id)
        assert (row.status, row.error_code) == (S.BOUNCED, bounces.BOUNCED)
        assert "RecipientNotFound" in row.error_message
        assert [notice.kind for notice in session.exec(select(Notice))] == [NoticeKind.MAILING_STOPPED]
        [unknown] = session.exec(select(ResultMail)).all()
        assert unknown.status is ResultMailStatus.NOT_TRUSTED
        assert list_due_mailings(session) == []
    send_mailing(tools, mailing_id)
    assert len(mailer.sent) == 1


def test_message_ids_cannot_be_reckoned_from_numbers(each_database: Database, tmp_path: Path) -> None:
    mailer = PretendMailer()
    tools = MailTools(each_database, Settings(), mailer, LocalObjectStore(tmp_path / "store"))
    with each_database.unit_of_work() as session:
        ids = [id_of(make_mailing(session)) for _ in range(2)]
    for mailing_id in ids:
        send_mailing(tools, mailing_id)
    marks = [str(message["Message-ID"]).partition("@")[0].rpartition("-")[2] for message in mailer.sent]
    assert len(set(marks)) == 2
    assert all(len(mark) == 20 for mark in marks)


def test_a_worker_that_comes_late_leaves_what_came_back(each_database: Database, tmp_path: Path) -> None:
    mailer = PretendMailer()
    tools = MailTools(each_database, Settings(), mailer, LocalObjectStore(tmp_path / "store"))
    with each_database.unit_of_work() as session:
        mailing_id = id_of(make_mailing(session))

    def answered_at_once(message: EmailMessage) -> str:
        with each_database.unit_of_work() as session:
            assert take(session, "postfix-failed", message_id=str(message["Message-ID"]))
        return mailer.send(message)

    send_mailing(sending_by(tools, answered_at_once), mailing_id)
    with each_database.read_only() as session:
        assert session.get_one(Mailing, mailing_id).status is S.BOUNCED
