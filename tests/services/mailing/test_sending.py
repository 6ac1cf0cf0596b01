"""A mail leaves at most once: the intent stands before it, whatever happens after it is written down or asked."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest
from sqlalchemy import update
from sqlmodel import col, select

from adapters.mailer import MailDeferredError, MailRefusedError, MailServerRefusedError, MailUncertainError
from adapters.object_store import LocalObjectStore
from core.db import Database
from core.errors import UnavailableError
from core.ids import sha256_hex
from core.settings import Settings
from models import AuditEvent, Carrier, Invoice, InvoiceRevision, Mailing, Notice
from models.enums import DecisionStatus, DocumentStatus, MailingStatus, NoticeKind
from services.documents.invoice_pdf import make_invoice_pdf
from services.mailing import sending
from services.mailing.mailing_list import read_mail_copy
from services.mailing.sending import (
    MailTools,
    doubt_stale_mailings,
    has_stale_mailings,
    list_due_mailings,
    send_mailing,
)
from tests.builders import EMAIL, id_of, make_biller, make_mail_invoice, make_mail_payor, make_mailing

AT = datetime(2026, 11, 29, 8, tzinfo=UTC)


class KilledError(BaseException):
    """Stands for kill -9: no handler of the product catches it."""


class PretendMailer:
    """Takes mails on, or raises what a test scripted."""

    def __init__(self) -> None:
        self.sent: list[EmailMessage] = []
        self.script: list[BaseException] = []

    def send(self, message: EmailMessage) -> str:
        if self.script:
            raise self.script.pop(0)
        self.sent.append(message)
        return str(message["Message-ID"])


def sending_by(tools: MailTools, send: Callable[[EmailMessage], str]) -> MailTools:
    """Return the tools with a mailer that does `send`."""
    return replace(tools, mailer=type("SomeMailer", (), {"send": staticmethod(send)})())


@pytest.fixture
def mailer() -> PretendMailer:
    return PretendMailer()


@pytest.fixture
def tools(each_database: Database, mailer: PretendMailer, tmp_path: Path) -> MailTools:
    settings = Settings(retry_scale=0.0)
    return MailTools(each_database, settings, mailer, LocalObjectStore(tmp_path / "store"), clock=lambda: AT)


@pytest.fixture
def mailing_id(tools: MailTools) -> int:
    with tools.database.unit_of_work() as session:
        return id_of(make_mailing(session))


def row_of(tools: MailTools, mailing_id: int) -> Mailing:
    with tools.database.read_only() as session:
        return session.get_one(Mailing, mailing_id)


def tags(tools: MailTools) -> list[str]:
    with tools.database.read_only() as session:
        statement = select(AuditEvent.tag).where(AuditEvent.subject_type == "mailing").order_by(col(AuditEvent.id))
        return list(session.exec(statement))


def test_mail_brings_the_invoice_its_letter_and_nothing_else(tools: MailTools, mailer, mailing_id: int) -> None:
    send_mailing(tools, mailing_id)
    [message] = mailer.sent
    with tools.database.read_only() as session:
        invoice = session.exec(select(Invoice)).one()
        revision = session.exec(select(InvoiceRevision)).one()
        pdf = make_invoice_pdf(session, revision_id=id_of(revision))
    names = [part.get_filename() for part in message.iter_attachments()]
    assert names == [pdf.file_name, f"Letter {pdf.file_name}"]
    assert next(message.iter_attachments()).get_payload(decode=True) == pdf.content
    assert (message["To"], message["Subject"].startswith(f"Invoice {invoice.number}")) == (EMAIL, True)
    assert message["Reply-To"] == tools.settings.firm_email
    assert f"${invoice.total_amount:,.2f}" in message.get_body().get_content()


def test_mail_carries_the_ledes_file_and_no_letter_where_the_payor_wants_it_so(tools: MailTools, mailer) -> None:
    with tools.database.unit_of_work() as session:
        payor = make_mail_payor(session, has_ledes_file=True, has_cover_letter=False)
        mailing_id = id_of(make_mailing(session, invoice=make_mail_invoice(session, carrier=payor)))
    send_mailing(tools, mailing_id)
    [message] = mailer.sent
    with tools.database.read_only() as session:
        revision = session.exec(select(InvoiceRevision)).one()
    parts = {part.get_filename(): part.get_payload(decode=True) for part in message.iter_attachments()}
    assert parts[revision.file_name] == revision.file_content
    assert [name.rpartition(".")[2] for name in parts] == ["pdf", "txt"]


def test_a_sent_mail_is_delivered_and_its_copy_is_kept(tools: MailTools, mailer, mailing_id: int) -> None:
    send_mailing(tools, mailing_id)
    row = row_of(tools, mailing_id)
    assert (row.status, row.sent_on is not None, row.sent_by_id) == (MailingStatus.SENT, True, None)
    assert row.message_id == mailer.sent[0]["Message-ID"]
    with tools.database.read_only() as session:
        invoice = session.exec(select(Invoice)).one()
        assert (invoice.document_status, invoice.decision_status) == (DocumentStatus.DELIVERED, DecisionStatus.PENDING)
        assert invoice.decision_due_at_ms is None
    with tools.database.unit_of_work() as session:
        name, copy = read_mail_copy(session, make_biller(session), mailing_id=mailing_id, store=tools.store)
    assert name.endswith(".eml")
    assert sha256_hex(copy) == row.sha256
    kept = message_from_bytes(copy, policy=default)
    assert kept["Message-ID"] == row.message_id
    assert len(list(kept.iter_attachments())) == 2
    assert tags(tools) == ["mailing:declare", "mailing:send"]


def test_asked_twice_it_is_sent_once(tools: MailTools, mailer, mailing_id: int) -> None:
    send_mailing(tools, mailing_id)
    send_mailing(tools, mailing_id)
    assert len(mailer.sent) == 1


def test_rivals_send_it_once(tools: MailTools, mailer, mailing_id: int) -> None:
    with ThreadPoolExecutor(4) as rivals:
        list(rivals.map(lambda _: send_mailing(tools, mailing_id), range(4)))
    assert len(mailer.sent) == 1
    assert row_of(tools, mailing_id).status is MailingStatus.SENT


@pytest.mark.parametrize("killed_at", ["before", "after"])
def test_a_worker_that_dies_leaves_an_intent_that_nobody_sends_after(
    tools: MailTools, mailer, mailing_id: int, killed_at: str
) -> None:
    def die(message: EmailMessage) -> str:
        if killed_at == "after":
            mailer.sent.append(message)
        raise KilledError

    with pytest.raises(KilledError):
        send_mailing(sending_by(tools, die), mailing_id)
    send_mailing(tools, mailing_id)
    assert len(mailer.sent) == (1 if killed_at == "after" else 0)
    assert row_of(tools, mailing_id).status is MailingStatus.INTENT
    with tools.database.unit_of_work() as session:
        assert not has_stale_mailings(session)
        session.execute(update(Mailing).values(intent_at_ms=col(Mailing.intent_at_ms) - sending.STALE_MS))
        assert has_stale_mailings(session)
        assert doubt_stale_mailings(session) == 1
    row = row_of(tools, mailing_id)
    assert (row.status, "may have left" in row.error_message) == (MailingStatus.IN_DOUBT, True)
    with tools.database.read_only() as session:
        [notice] = session.exec(select(Notice)).all()
        assert (notice.kind, notice.user_id) == (NoticeKind.MAILING_STOPPED, row.queued_by_id)
        assert list_due_mailings(session) == []


def test_a_worker_that_comes_late_with_the_outcome_settles_the_doubt(tools: MailTools, mailer, mailing_id: int) -> None:
    def slow(message: EmailMessage) -> str:
        with tools.database.unit_of_work() as session:
            session.execute(update(Mailing).values(intent_at_ms=col(Mailing.intent_at_ms) - sending.STALE_MS))
            doubt_stale_mailings(session)
        mailer.sent.append(message)
        return str(message["Message-ID"])

    send_mailing(sending_by(tools, slow), mailing_id)
    row = row_of(tools, mailing_id)
    assert (row.status, row.error_message) == (MailingStatus.SENT, "")
    with tools.database.read_only() as session:
        assert all(notice.read_at is not None for notice in session.exec(select(Notice)))


def test_a_broken_connection_leaves_it_in_doubt(tools: MailTools, mailer, mailing_id: int) -> None:
    mailer.script = [MailUncertainError("It broke.")]
    send_mailing(tools, mailing_id)
    send_mailing(tools, mailing_id)
    assert row_of(tools, mailing_id).status is MailingStatus.IN_DOUBT
    assert mailer.sent == []


def test_a_refused_mail_waits_for_a_person_and_nothing_is_lost(tools: MailTools, mailer, mailing_id: int) -> None:
    mailer.script = [MailRefusedError("No such mailbox.", recipient=EMAIL, smtp_code=550)]
    send_mailing(tools, mailing_id)
    row = row_of(tools, mailing_id)
    assert (row.status, row.error_code) == (MailingStatus.NEEDS_ATTENTION, "mail_refused")
    with tools.database.read_only() as session:
        assert session.exec(select(Invoice)).one().document_status is DocumentStatus.OPEN


@pytest.mark.parametrize("error", [MailDeferredError, MailServerRefusedError])
def test_a_server_that_is_away_is_tried_again_under_the_same_id(
    tools: MailTools, mailer, mailing_id: int, error: type
) -> None:
    mailer.script = [error("Not now.")]
    send_mailing(tools, mailing_id)
    row = row_of(tools, mailing_id)
    assert (row.status, row.error_message, row.tries) == (MailingStatus.READY, "Not now.", 1)
    send_mailing(tools, mailing_id)
    assert mailer.sent[0]["Message-ID"] == row.message_id
    assert (row_of(tools, mailing_id).status, row_of(tools, mailing_id).error_message) == (MailingStatus.SENT, "")


def test_a_server_that_stays_away_is_given_up_after_some_hours(tools: MailTools, mailer, mailing_id: int) -> None:
    mailer.script = [MailDeferredError("Not now.") for _ in range(20)]
    for _ in range(20):
        send_mailing(tools, mailing_id)
    assert row_of(tools, mailing_id).status is MailingStatus.NEEDS_ATTENTION
    assert len(mailer.script) == 13


def test_waits_between_tries_grow(tools: MailTools, mailer, mailing_id: int) -> None:
    waiting = MailTools(tools.database, Settings(retry_scale=1.0), mailer, tools.store)
    mailer.script = [MailDeferredError("Not now.")]
    send_mailing(waiting, mailing_id)
    send_mailing(waiting, mailing_id)
    with tools.database.read_only() as session:
        assert list_due_mailings(session) == []
    assert mailer.sent == []
    assert sending._delay_ms(1, waiting.settings) == 60_000
    assert sending._delay_ms(50, waiting.settings) == 480 * 60_000


def test_an_altered_file_is_never_sent(tools: MailTools, mailer, mailing_id: int) -> None:
    with tools.database.unit_of_work() as session:
        session.connection().execute(update(InvoiceRevision).values(file_content=b"other"))
    send_mailing(tools, mailing_id)
    row = row_of(tools, mailing_id)
    assert (row.status, row.error_code, mailer.sent) == (MailingStatus.NEEDS_ATTENTION, "file_altered", [])


def test_a_revision_that_was_replaced_is_not_sent(tools: MailTools, mailer, mailing_id: int) -> None:
    with tools.database.unit_of_work() as session:
        session.execute(update(Invoice).values(revision_number=2))
    send_mailing(tools, mailing_id)
    row = row_of(tools, mailing_id)
    assert (row.status, mailer.sent) == (MailingStatus.NEEDS_ATTENTION, [])
    assert "corrected or replaced" in row.error_message


def test_a_store_that_is_away_sends_nothing_and_is_tried_again(tools: MailTools, mailer, mailing_id: int) -> None:
    def away(*_args: object) -> None:
        raise UnavailableError("The store cannot be reached.")

    broken = type("S", (), {"put": staticmethod(away)})()
    send_mailing(MailTools(tools.database, tools.settings, mailer, broken), mailing_id)
    row = row_of(tools, mailing_id)
    assert (row.status, row.tries, mailer.sent) == (MailingStatus.READY, 1, [])
    send_mailing(tools, mailing_id)
    assert row_of(tools, mailing_id).status is MailingStatus.SENT


def test_one_taken_back_while_it_was_made_is_not_sent(tools: MailTools, mailer, mailing_id: int, monkeypatch) -> None:
    make = sending.make_message

    def withdrawn_meanwhile(*args, **kwargs):
        with tools.database.unit_of_work() as session:
            session.execute(update(Mailing).values(version=col(Mailing.version) + 1))
        return make(*args, **kwargs)

    monkeypatch.setattr(sending, "make_message", withdrawn_meanwhile)
    send_mailing(tools, mailing_id)
    assert (mailer.sent, row_of(tools, mailing_id).status) == ([], MailingStatus.READY)


def test_only_due_mails_are_rung_for(tools: MailTools) -> None:
    with tools.database.unit_of_work() as session:
        due = id_of(make_mailing(session))
        make_mailing(session, due_at_ms=2**50)
        for status in (MailingStatus.SENT, MailingStatus.IN_DOUBT, MailingStatus.WITHDRAWN):
            make_mailing(session, status=status)
        assert list_due_mailings(session) == [due]


def test_no_name_of_a_person_stands_in_subject_or_trail(tools: MailTools, mailer, mailing_id: int) -> None:
    send_mailing(tools, mailing_id)
    with tools.database.read_only() as session:
        payor = session.exec(select(Carrier)).one()
        trail = "".join(str(event.data) for event in session.exec(select(AuditEvent)))
    assert payor.name not in mailer.sent[0]["Subject"]
    assert "Doe v." not in mailer.sent[0]["Subject"] + trail
