"""Sending finished invoices: each by its payor's own channel, and only an upload gets a submission."""

import pytest
from sqlalchemy import update
from sqlmodel import Session, col, select

from core.db import Database
from core.errors import DeniedError, WrongStateError
from models import Carrier, Invoice, InvoiceRevision, Mailing, MatterPayor, Submission
from models.enums import DeliveryChannel, DocumentStatus, MailingStatus, Role
from services import lifecycle
from services.billing.ready_work import unqueued_invoices
from services.invoicing.invoice_voids import void_invoice
from services.mailing.dispatching import SendResult, send_invoices
from services.mailing.mailings import withdraw
from services.uploads.submissions import queue_submissions
from tests.builders import (
    EMAIL,
    actor,
    id_of,
    make_biller,
    make_mail_invoice,
    make_mail_payor,
    make_matter,
)
from tests.pretend_site import make_invoice_for, make_ready_carrier
from tests.services.counting import counted

SPOILERS = {
    "no_email": lambda s: s.execute(update(Carrier).values(invoice_emails="")),
    "no_claim_number": lambda s: s.execute(update(MatterPayor).values(claim_number=" ")),
    "file_altered": lambda s: s.connection().execute(update(InvoiceRevision).values(file_content=b"other")),
    "not_open": lambda s: s.connection().execute(update(Invoice).values(document_status=DocumentStatus.VOIDED)),
}


@pytest.fixture(autouse=True)
def rung_accounts(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    rung: list[int] = []
    monkeypatch.setattr(lifecycle, "ring", lambda _bell, row_id, _fence: rung.append(row_id))
    return rung


def send(session: Session, *invoices: Invoice) -> SendResult:
    return send_invoices(session, make_biller(session), invoice_ids=[id_of(one) for one in invoices])


def mailings(session: Session) -> list[Mailing]:
    return list(session.exec(select(Mailing).order_by(col(Mailing.id))))


def test_each_invoice_goes_by_its_payors_channel(session: Session) -> None:
    uploaded = make_invoice_for(session, make_ready_carrier(session))
    mailed = make_mail_invoice(session)
    printed = make_mail_invoice(session, carrier=make_mail_payor(session, channel=DeliveryChannel.PAPER))
    result = send(session, uploaded, mailed, printed)
    assert (result.uploading, result.mailing, result.printing, result.queued) == (1, 1, 1, 3)
    assert [row.invoice_id for row in session.exec(select(Submission))] == [uploaded.id]
    assert [(row.invoice_id, row.channel, row.addresses) for row in mailings(session)] == [
        (mailed.id, DeliveryChannel.EMAIL, EMAIL),
        (printed.id, DeliveryChannel.PAPER, ""),
    ]


def test_the_upload_queue_takes_nothing_of_a_payor_without_a_site(session: Session) -> None:
    invoice = make_mail_invoice(session)
    [blocked] = queue_submissions(session, make_biller(session), invoice_ids=[id_of(invoice)]).blocked
    assert "not_by_site" in [blocker.code for blocker in blocked.blockers]
    assert session.exec(select(Submission)).all() == []


def test_a_mail_rings_a_worker_once_it_is_committed_and_paper_does_not(database, rung: list[int]) -> None:
    with database.unit_of_work() as session:
        mailed = make_mail_invoice(session)
        printed = make_mail_invoice(session, carrier=make_mail_payor(session, channel=DeliveryChannel.PAPER))
        send(session, mailed, printed)
        wanted = [row.id for row in mailings(session) if row.channel is DeliveryChannel.EMAIL]
        assert rung == []
    assert rung == wanted


@pytest.mark.parametrize("code", SPOILERS)
def test_each_unmet_point_is_named(session: Session, code: str) -> None:
    invoice = make_mail_invoice(session)
    session.flush()
    SPOILERS[code](session)
    session.expire_all()
    result = send(session, invoice)
    [blocked] = result.blocked
    assert [blocker.code for blocker in blocked.blockers] == [code]
    assert (result.queued, mailings(session)) == (0, [])


def test_paper_needs_an_address(session: Session) -> None:
    payor = make_mail_payor(session, channel=DeliveryChannel.PAPER, postal_address="")
    [blocked] = send(session, make_mail_invoice(session, carrier=payor)).blocked
    assert [blocker.code for blocker in blocked.blockers] == ["no_postal_address"]


def test_a_revision_is_queued_once_and_then_is_no_unsent_work(session: Session) -> None:
    invoice = make_mail_invoice(session)
    biller = make_biller(session)
    assert unqueued_invoices(session, biller).ids == (invoice.id,)
    send(session, invoice)
    assert unqueued_invoices(session, biller).ids == ()
    [blocked] = send(session, invoice).blocked
    assert [blocker.code for blocker in blocked.blockers] == ["already_queued"]


def test_what_was_withdrawn_may_be_corrected_voided_or_queued_again_in_its_row(session: Session) -> None:
    invoice, biller = make_mail_invoice(session), make_biller(session)
    send(session, invoice)
    [row] = mailings(session)
    with pytest.raises(WrongStateError, match="withdraw it there first"):
        void_invoice(session, biller, invoice_id=id_of(invoice), expected_version=invoice.version, reason="Twice")
    withdraw(session, biller, mailing_id=id_of(row), expected_version=row.version, note="Wrong claim")
    assert unqueued_invoices(session, biller).ids == (invoice.id,)
    assert send(session, invoice).mailing == 1
    [again] = mailings(session)
    assert (again.id, again.status) == (row.id, MailingStatus.READY)
    withdraw(session, biller, mailing_id=id_of(row), expected_version=again.version, note="Billed twice")
    void_invoice(session, biller, invoice_id=id_of(invoice), expected_version=invoice.version, reason="Twice")
    assert invoice.document_status is DocumentStatus.VOIDED


def test_a_payor_that_has_a_site_by_now_gets_the_withdrawn_one_there(session: Session) -> None:
    carrier = make_ready_carrier(session)
    carrier.delivery_channel, carrier.invoice_emails = DeliveryChannel.EMAIL, EMAIL
    invoice = make_invoice_for(session, carrier)
    send(session, invoice)
    [row] = mailings(session)
    withdraw(session, make_biller(session), mailing_id=id_of(row), expected_version=row.version, note="New site")
    carrier.delivery_channel = DeliveryChannel.SITE
    session.flush()
    assert send(session, invoice).uploading == 1
    assert len(session.exec(select(Submission)).all()) == 1


def test_sending_is_for_billers(session: Session) -> None:
    invoice = make_mail_invoice(session)
    with pytest.raises(DeniedError):
        send_invoices(session, actor(Role.ATTORNEY, user_id=5), invoice_ids=[id_of(invoice)])


def test_as_many_statements_for_many_as_for_few(database: Database) -> None:
    with database.unit_of_work() as session:
        payor, biller = make_mail_payor(session), make_biller(session)
        made = [id_of(make_mail_invoice(session, matter=make_matter(session, carrier=payor))) for _ in range(32)]
        counts = []
        for part in (made[:2], made[2:]):
            with counted(database) as seen:
                send_invoices(session, biller, invoice_ids=part)
            counts.append(len(seen))
    assert counts[0] == counts[1]
