"""The job behind the bell of invoices by mail: from the row to the outbox, and the row says what happened."""

from email import message_from_bytes
from email.policy import default
from pathlib import Path

from sqlmodel import select

from core.db import Database
from core.settings import get_settings
from jobs import mailings
from models import Invoice, Mailing
from models.enums import DocumentStatus, MailingStatus
from tests.builders import EMAIL, id_of, make_mailing


def test_send_puts_the_mail_into_the_outbox_once(database: Database) -> None:
    with database.unit_of_work() as session:
        mailing_id = id_of(make_mailing(session))
    for _ in range(2):
        mailings.send(mailing_id, "c" * 16)
    [path] = Path(get_settings().outbox_dir).glob("*.eml")
    message = message_from_bytes(path.read_bytes(), policy=default)
    with database.read_only() as session:
        row, invoice = session.get_one(Mailing, mailing_id), session.exec(select(Invoice)).one()
    assert (row.status, invoice.document_status) == (MailingStatus.SENT, DocumentStatus.DELIVERED)
    assert (message["To"], message["Message-ID"]) == (EMAIL, row.message_id)
    assert [part.get_content_type() for part in message.iter_attachments()] == ["application/pdf"] * 2


def test_send_of_a_row_that_is_gone_does_no_harm(database: Database) -> None:
    mailings.send(4242, "c" * 16)
    assert not Path(get_settings().outbox_dir).exists()
