"""Reports by mail: made with their reader's rights, sent at most once a turn whatever happens, ended with the right."""

import io
import threading
from datetime import timedelta
from email.message import EmailMessage

import pytest
from openpyxl import load_workbook
from sqlalchemy import func, select, update
from sqlmodel import col

from adapters.mailer import (
    MailDeferredError,
    MailRefusedError,
    MailServerRefusedError,
    MailUncertainError,
    SmtpMailer,
)
from core.clock import now, today
from core.db import Database
from core.errors import DeniedError, InvalidInputError, NotFoundError
from core.settings import get_settings
from models import AuditEvent, Notice, NotificationSetting, ReportMail, ReportSchedule, User
from models.enums import Cadence, DocumentStatus, NoticeKind, Role
from services.actor import Actor
from services.notice_words import path_of, words_of
from services.notices import list_notices
from services.notifications.addresses import mark_bouncing
from services.notifications.bounces import take_report
from services.notifications.delivery_reports import read_delivery_report
from services.reporting.report_planning import plan_report_mails
from services.reporting.report_sending import GIVEN_UP_MS, ReportTools, list_due_report_mails, send_report_mail
from services.reporting.saved_reports import change_saved, remove_saved, save_report
from services.reporting.schedules import (
    end_by_token,
    end_schedule,
    end_schedules_of,
    list_schedules,
    subscribe,
)
from tests.builders import actor_for, id_of, make_invoice, make_matter, make_user
from tests.services.notifications.test_delivery_reports import sample
from tests.smtp_server import running_smtp

ZONE = "America/New_York"


class Way:
    """A way out that keeps what leaves, or fails as it is told."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.failure: Exception | None = None
        self.before = lambda: None

    def send(self, message: EmailMessage) -> str:
        self.before()
        if self.failure is not None:
            raise self.failure
        self.mails.append(message)
        return str(message["Message-ID"])


@pytest.fixture
def way() -> Way:
    return Way()


@pytest.fixture
def tools(database: Database, way: Way, monkeypatch: pytest.MonkeyPatch) -> ReportTools:
    monkeypatch.setenv("BILLING_PUBLIC_URL", "https://billing.hwr.example")
    monkeypatch.setenv("BILLING_RETRY_SCALE", "0")
    get_settings.cache_clear()
    return ReportTools(database, get_settings(), way)


@pytest.fixture
def ana(database: Database) -> Actor:
    with database.unit_of_work() as session:
        user = make_user(session, Role.ATTORNEY, name="Ana Reyes")
        for attorney in (user, make_user(session, Role.ATTORNEY)):
            matter = make_matter(session, attorney=attorney)
            make_invoice(session, matter=matter, document_status=DocumentStatus.DELIVERED, finalized_at=now())
        return actor_for(user)


def subscribed(database: Database, who: Actor, cadence: Cadence = Cadence.WEEKLY, **more) -> tuple[int, int]:
    """Save a report and ask for it by mail; return the ids of report and schedule."""
    with database.unit_of_work() as session:
        saved_id = save_report(session, who, name="What is owed", report="ageing", filters={}, **more)
        return saved_id, subscribe(session, who, saved_id=saved_id, cadence=cadence, firm_zone=ZONE)


def send_due(tools: ReportTools) -> int:
    with tools.database.read_only() as session:
        due = list_due_report_mails(session)
    for mail_id in due:
        send_report_mail(tools, mail_id)
    return len(due)


def mails(database: Database) -> list[ReportMail]:
    with database.read_only() as session:
        return list(session.scalars(select(ReportMail).order_by(col(ReportMail.id))))


def next_week(database: Database) -> None:
    """Let the turns that were planned be of a week long past."""
    with database.unit_of_work() as session:
        for row in session.scalars(select(ReportMail)):
            row.slot = f"old-{row.id}"


def test_the_first_comes_at_once_and_only_once(database, tools, way, ana):
    saved_id, _ = subscribed(database, ana)
    assert send_due(tools) == 1
    assert send_due(tools) == 0
    [mail], [row] = way.mails, mails(database)
    assert (mail["To"], row.sent_at is not None, row.message_id) == (
        f"Ana Reyes <{_email(database, ana)}>", True, mail["Message-ID"],
    )  # fmt: skip
    assert mail["Subject"] == "What is owed: As it stands now · matters of Ana Reyes"
    text = mail.get_body(("plain",)).get_content()
    assert f"https://billing.hwr.example/reports/{saved_id}" in text


def _email(database, who):
    with database.read_only() as session:
        return session.get_one(User, who.user_id).email


def test_the_mail_holds_its_readers_own_figures(database, tools, way, ana):
    subscribed(database, ana)
    send_due(tools)
    [mail] = way.mails
    [book] = list(mail.iter_attachments())
    sheets = load_workbook(io.BytesIO(book.get_content()))
    assert book.get_filename() == f"ageing-{today()}.xlsx"
    owed = {row[0]: row[1] for row in sheets["Owed, by days since delivery"].iter_rows(min_row=2, values_only=True)}
    assert (owed["0-30 days"], owed["All"]) == (1, 1)
    html = mail.get_body(("html",)).get_content()
    assert "0-30 days" in html
    assert "Owed, by days since delivery" in html


def test_it_carries_the_one_click_that_ends_it_and_nothing_else(database, tools, way, ana):
    _, schedule_id = subscribed(database, ana)
    send_due(tools)
    [mail] = way.mails
    link = mail["List-Unsubscribe"].strip("<>")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert link in mail.get_body(("plain",)).get_content()
    with database.unit_of_work() as session:
        token = link.rpartition("/")[2]
        assert [end_by_token(session, token) for _ in range(2)] == ["What is owed"] * 2
        assert session.get_one(ReportSchedule, schedule_id).ended_at is not None
        ended = session.scalars(select(AuditEvent).where(AuditEvent.tag == "report_schedule:ended")).all()
        assert [(event.actor_id, event.data["by"]) for event in ended] == [(ana.user_id, "the mail's link")]


@pytest.mark.parametrize("token", ["", "x", "x" * 400])
def test_a_link_that_nobody_sent_ends_nothing(database, ana, token):
    subscribed(database, ana)
    with database.unit_of_work() as session, pytest.raises(NotFoundError, match="nothing was changed"):
        end_by_token(session, token)


def test_the_bell_says_that_it_came_and_leads_to_it(database, tools, ana):
    saved_id, _ = subscribed(database, ana)
    send_due(tools)
    with database.read_only() as session:
        [row] = list_notices(session, ana)
    assert row.kind is NoticeKind.REPORT_READY
    assert (words_of(row)[0], path_of(row)) == ("The report What is owed is ready", f"/reports/{saved_id}")


def test_each_turn_is_planned_once(database, tools, way, ana):
    subscribed(database, ana)
    for _ in range(2):
        assert database.transact(plan_report_mails) == 0
    next_week(database)
    assert [database.transact(plan_report_mails) for _ in range(2)] == [1, 0]
    with database.unit_of_work() as session:
        session.execute(update(ReportMail).values(due_at_ms=1))
    assert send_due(tools) == 2
    assert len(way.mails) == 2


def test_two_workers_at_once_send_one_mail(database, tools, way, ana):
    subscribed(database, ana)
    [mail_id] = [id_of(row) for row in mails(database)]
    both = threading.Barrier(2, timeout=20)
    first = threading.Event()

    def hold() -> None:
        first.set()

    way.before = hold

    def work() -> None:
        both.wait()
        send_report_mail(tools, mail_id)

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(way.mails), first.is_set()) == (1, True)


def test_a_worker_that_dies_while_sending_leaves_it_unsent_for_good(database, tools, way, ana):
    subscribed(database, ana)
    way.failure = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        send_due(tools)
    way.failure = None
    assert send_due(tools) == 0
    [row] = mails(database)
    assert (row.intent_at_ms is not None, row.sent_at, way.mails) == (True, None, [])
    with database.read_only() as session:
        [schedule] = list_schedules(session, ana, firm_zone=ZONE)
    assert [(mail.has_intent, mail.sent_at) for mail in schedule.mails] == [(True, None)]


def test_one_that_may_have_left_is_never_sent_again(database, tools, way, ana):
    subscribed(database, ana)
    way.failure = MailUncertainError("It may have been sent.")
    send_due(tools)
    way.failure = None
    assert send_due(tools) == 0
    [row] = mails(database)
    assert (row.intent_at_ms is not None, row.error_message) == (True, "It may have been sent.")


@pytest.mark.parametrize("failure", [MailDeferredError("Not now."), MailServerRefusedError("Wrong password.")])
def test_not_now_is_tried_again(database, tools, way, ana, failure):
    subscribed(database, ana)
    way.failure = failure
    send_due(tools)
    [row] = mails(database)
    assert (row.intent_at_ms, row.tries, row.error_message) == (None, 1, failure.user_message)
    way.failure = None
    assert send_due(tools) == 1
    assert len(way.mails) == 1
    assert mails(database)[0].error_message == ""


def test_after_three_days_it_is_given_up(database, tools, way, ana):
    subscribed(database, ana)
    with database.unit_of_work() as session:
        session.execute(update(ReportMail).values(created_at=now() - timedelta(milliseconds=GIVEN_UP_MS + 1000)))
    way.failure = MailDeferredError("Not now.")
    send_due(tools)
    assert send_due(tools) == 0
    assert (mails(database)[0].due_at_ms, mails(database)[0].intent_at_ms) == (0, None)


def test_a_refused_address_is_given_up_and_counts_as_bouncing(database, tools, way, ana):
    subscribed(database, ana)
    way.failure = MailRefusedError("No such person.", recipient=_email(database, ana), smtp_code=550)
    send_due(tools)
    assert mails(database)[0].due_at_ms == 0
    way.failure = None
    next_week(database)
    database.transact(plan_report_mails)
    with database.unit_of_work() as session:
        session.execute(update(ReportMail).where(col(ReportMail.due_at_ms) > 0).values(due_at_ms=1))
    send_due(tools)
    assert way.mails == []
    assert "comes back" in mails(database)[1].error_message


def test_nothing_goes_to_an_address_that_bounces(database, tools, way, ana):
    subscribed(database, ana)
    with database.unit_of_work() as session:
        mark_bouncing(session, ana.user_id, address=_email(database, ana), reason="550", occasion="x")
    send_due(tools)
    [row] = mails(database)
    assert (way.mails, row.sent_at, row.tries) == ([], None, 1)


def test_one_that_came_back_is_told_and_the_address_counts_as_bouncing(database, tools, way, ana):
    subscribed(database, ana)
    send_due(tools)
    [row], address = mails(database), _email(database, ana)
    with database.unit_of_work() as session:
        report = read_delivery_report(sample("postfix-failed", address, row.message_id))
        assert report is not None
        assert take_report(session, report)
    assert mails(database)[0].error_message.startswith("It came back: 5.")
    with database.read_only() as session:
        setting = session.get_one(NotificationSetting, ana.user_id)
    assert setting.bounced_address == address


def leave(session, user):
    user.is_active = False


def lose_the_role(session, user):
    user.roles = []


@pytest.mark.parametrize("change", [leave, lose_the_role])
@pytest.mark.parametrize("is_planned_first", [True, False])
def test_it_ends_when_the_person_leaves_or_loses_the_role(database, tools, way, ana, change, is_planned_first):
    _, schedule_id = subscribed(database, ana)
    with database.unit_of_work() as session:
        user = session.get_one(User, ana.user_id)
        change(session, user)
        session.add(user)
    if is_planned_first:
        database.transact(plan_report_mails)
    send_due(tools)
    assert way.mails == []
    with database.read_only() as session:
        assert session.get_one(ReportSchedule, schedule_id).ended_at is not None
    assert mails(database)[0].due_at_ms == 0
    next_week(database)
    assert database.transact(plan_report_mails) == 0


def test_it_ends_when_the_report_is_removed_or_no_longer_shared(database, tools, way, ana):
    with database.unit_of_work() as session:
        ben = actor_for(make_user(session, Role.BILLER))
    saved_id, _ = subscribed(database, ana, is_shared=True)
    with database.unit_of_work() as session:
        subscribe(session, ben, saved_id=saved_id, cadence=Cadence.MONTHLY, firm_zone=ZONE)
        saved = change_saved(session, ana, saved_id=saved_id, expected_version=1, is_shared=False)
        assert end_schedules_of(session, ana, saved) == 1
    send_due(tools)
    assert [mail["To"].split(" <")[0] for mail in way.mails] == ["Ana Reyes"]
    with database.unit_of_work() as session:
        saved = remove_saved(session, ana, saved_id=saved_id, expected_version=2)
        assert end_schedules_of(session, ana, saved) == 1
        assert list_schedules(session, ana, firm_zone=ZONE) == []


def test_asked_twice_it_is_one_schedule_and_another_rhythm_takes_its_place(database, ana):
    saved_id, first = subscribed(database, ana)
    with database.unit_of_work() as session:
        again = subscribe(session, ana, saved_id=saved_id, cadence=Cadence.WEEKLY, firm_zone=ZONE)
        monthly = subscribe(session, ana, saved_id=saved_id, cadence=Cadence.MONTHLY, firm_zone=ZONE)
        [row] = list_schedules(session, ana, firm_zone=ZONE)
    assert (again, row.id, row.cadence) == (first, monthly, Cadence.MONTHLY)
    assert monthly != first


def test_who_ends_it_is_who_gets_it(database, ana):
    _, schedule_id = subscribed(database, ana)
    with database.unit_of_work() as session:
        stranger = actor_for(make_user(session, Role.ADMIN))
        with pytest.raises(DeniedError):
            end_schedule(session, stranger, schedule_id=schedule_id)
        with pytest.raises(NotFoundError):
            end_schedule(session, ana, schedule_id=4242)
        end_schedule(session, ana, schedule_id=schedule_id)
        assert list_schedules(session, ana, firm_zone=ZONE) == []


def test_ended_before_it_was_sent_it_is_not_sent(database, tools, way, ana):
    _, schedule_id = subscribed(database, ana)
    with database.unit_of_work() as session:
        end_schedule(session, ana, schedule_id=schedule_id)
    send_due(tools)
    assert (way.mails, send_due(tools)) == ([], 0)


def test_a_private_report_of_others_is_not_sent(database, ana):
    with database.unit_of_work() as session:
        ben = actor_for(make_user(session, Role.BILLER))
        saved_id = save_report(session, ben, name="Private", report="ageing", filters={})
        with pytest.raises(NotFoundError):
            subscribe(session, ana, saved_id=saved_id, cadence=Cadence.WEEKLY, firm_zone=ZONE)


def test_twenty_are_the_most(database, ana):
    with database.unit_of_work() as session:
        for number in range(20):
            saved_id = save_report(session, ana, name=f"Report {number}", report="ageing", filters={})
            subscribe(session, ana, saved_id=saved_id, cadence=Cadence.WEEKLY, firm_zone=ZONE)
        saved_id = save_report(session, ana, name="One more", report="ageing", filters={})
        with pytest.raises(InvalidInputError, match="End one first"):
            subscribe(session, ana, saved_id=saved_id, cadence=Cadence.WEEKLY, firm_zone=ZONE)


@pytest.mark.parametrize(
    "report", ["cycle", "blocked", "ageing", "realisation", "write-downs", "acceptance", "cycle-time", "hours-saved"]
)
def test_every_report_can_be_sent(database, tools, way, ana, report):
    with database.unit_of_work() as session:
        saved_id = save_report(session, ana, name=report, report=report, filters={"months": "1"})
        subscribe(session, ana, saved_id=saved_id, cadence=Cadence.MONTHLY, firm_zone=ZONE)
    send_due(tools)
    [mail] = way.mails
    [book] = list(mail.iter_attachments())
    assert "About" in load_workbook(io.BytesIO(book.get_content())).sheetnames


@pytest.mark.mariadb
@pytest.mark.redis
def test_from_mariadb_to_a_mail_server_once(mariadb_database, monkeypatch):
    monkeypatch.setenv("BILLING_PUBLIC_URL", "https://billing.hwr.example")
    get_settings.cache_clear()
    with mariadb_database.unit_of_work() as session:
        ana = actor_for(make_user(session, Role.ATTORNEY, name="Ana Reyes"))
    subscribed(mariadb_database, ana)
    [mail_id] = [id_of(row) for row in mails(mariadb_database)]
    with running_smtp() as office:
        mailer = SmtpMailer("127.0.0.1", office.port, security="none")
        tools = ReportTools(mariadb_database, get_settings(), mailer)
        threads = [threading.Thread(target=send_report_mail, args=(tools, mail_id)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    [received] = office.received
    assert received.message["Subject"].startswith("What is owed")
    assert len(list(received.message.iter_attachments())) == 1
    [row] = mails(mariadb_database)
    assert row.sent_at is not None
    with mariadb_database.read_only() as session:
        assert session.scalar(select(func.count()).select_from(Notice)) == 1
