"""Result mails: trusted ones are recorded as what the site shows is, all are kept once, others change nothing."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlmodel import Session, select

from adapters.mailbox import MailCursor, NewMail
from adapters.object_store import LocalObjectStore
from core.clock import now
from core.errors import NotFoundError
from core.settings import Settings
from models import AuditEvent, CarrierResult, Invoice, ResultMail, SiteFinding, Submission
from models.enums import DecisionStatus, DocumentStatus, ResultMailStatus, ResultStanding, SubmissionStatus
from services.actor import system_actor
from services.responses.result_mails import keep_mail, kept_bytes, list_waiting, read_again
from tests.builders import (
    make_carrier,
    make_invoice,
    make_matter,
    make_profile_version,
    make_submission,
    new_mail,
    profile_document,
    result_mail,
)

PATTERN = {
    "name": "Result",
    "subject": "^Result",
    "invoice": r"(?P<invoice_number>20\d\d-\d+): (?P<decision>[A-Z]\w+)(?: (?P<amount>\$[\d,.]+))?"
    r"(?: by (?P<reference>\S+))?",
    "line": r"line (?P<line>\d+) (?P<reason>[^$]+) (?P<amount>\$[\d.,]+)",
}
WORDS = {"Approved": "approved", "Reduced": "reduced", "Rejected": "rejected", "Paid": "paid", "Received": "received"}


@dataclass
class Office:
    """A carrier that mails its results, its delivered invoices, and the firm's store."""

    session: Session
    store: LocalObjectStore
    carrier: object

    def invoice(self, *, delivered: bool = True, **columns) -> Invoice:
        matter = make_matter(self.session, carrier=self.carrier)
        states = {"document_status": DocumentStatus.DELIVERED, "decision_status": DecisionStatus.PENDING}
        invoice = make_invoice(self.session, matter=matter, **{**(states if delivered else {}), **columns})
        status = SubmissionStatus.DELIVERED if delivered else SubmissionStatus.INTENT
        make_submission(self.session, invoice, status=status)
        return invoice

    def keep(self, message, **mail) -> bool:
        found = message if isinstance(message, NewMail) else new_mail(message, **mail)
        return keep_mail(self.session, found, store=self.store, settings=Settings())

    def mails(self) -> list[ResultMail]:
        return list(self.session.exec(select(ResultMail).order_by(ResultMail.id)))

    def results(self) -> list[CarrierResult]:
        return list(self.session.exec(select(CarrierResult).order_by(CarrierResult.id)))


@pytest.fixture
def office(session: Session, tmp_path: Path) -> Office:
    document = profile_document(result_channel="e_mail")
    document["result_channel"]["mail"] |= {"patterns": [PATTERN], "decisions": WORDS}
    return Office(session, LocalObjectStore(tmp_path / "store"), make_carrier(session, profile=document))


def test_keep_records_an_approval_as_the_site_would_show_it(office):
    invoice = office.invoice()
    assert office.keep(result_mail(f"{invoice.number}: Approved ${invoice.total_amount}"))
    [mail], [result] = office.mails(), office.results()
    assert (mail.status, mail.note, mail.carrier_id) == (ResultMailStatus.MATCHED, "", office.carrier.id)
    assert (result.standing, result.invoice_id) == (ResultStanding.RECORDED, invoice.id)
    assert (invoice.decision_status, invoice.approved_amount) == (DecisionStatus.APPROVED, invoice.total_amount)
    assert invoice.decision_due_at_ms is None
    tags = {event.tag for event in office.session.exec(select(AuditEvent))}
    assert {"invoice_decision:record_approved", "result_mail:kept", "result_mail:match"} <= tags


def test_keep_records_reductions_by_line(office):
    invoice = office.invoice()
    left = invoice.total_amount - Decimal("12.50")
    office.keep(result_mail(f"{invoice.number}: Reduced ${left}\nline 1 Rate too high $12.50"))
    [finding] = office.session.exec(select(SiteFinding))
    assert (invoice.decision_status, invoice.approved_amount) == (DecisionStatus.REDUCED, left)
    assert (finding.line_number, finding.message, finding.reduction_amount) == (1, "Rate too high", Decimal("12.50"))


def test_keep_reads_a_table_in_html_and_a_digest_of_several(office):
    first, second = office.invoice(), office.invoice()
    rows = f"<table><tr><td>{first.number}: Approved</td></tr><tr><td>{second.number}: Rejected</td></tr></table>"
    office.keep(result_mail(html=rows))
    assert (first.decision_status, second.decision_status) == (DecisionStatus.APPROVED, DecisionStatus.REJECTED)


def test_keep_makes_a_payment_a_remark_and_decides_nothing_by_it(office):
    invoice = office.invoice()
    office.keep(result_mail(f"{invoice.number}: Paid $10.00 by EFT-7"))
    [finding] = office.session.exec(select(SiteFinding))
    assert (finding.code, finding.message) == ("paid", "Paid reference EFT-7.")
    assert invoice.decision_status is DecisionStatus.PENDING
    assert office.mails()[0].status is ResultMailStatus.MATCHED


@pytest.mark.parametrize(
    "forgery",
    [
        {"verdict": ""},
        {"verdict": "mx.hwr.example; dkim=fail header.d=carrier.example"},
        {"verdict": "mx.evil.example; dkim=pass header.d=carrier.example"},
        {"verdict": "mx.hwr.example; dkim=pass header.d=evil.example"},
        {"sender": "results@carrier.example.evil.example"},
    ],
)
def test_keep_shows_a_mail_that_is_not_trusted_and_changes_nothing(office, forgery):
    invoice = office.invoice()
    office.keep(result_mail(f"{invoice.number}: Approved", **forgery))
    [mail] = office.mails()
    assert (mail.status, office.results()) == (ResultMailStatus.NOT_TRUSTED, [])
    assert mail.note
    assert invoice.decision_status is DecisionStatus.PENDING
    assert read_again(office.session, system_actor(), mail_id=mail.id, store=office.store).status is mail.status
    assert invoice.decision_status is DecisionStatus.PENDING


def test_keep_never_lets_a_forged_mail_hide_the_true_one_of_its_message_id(office):
    invoice = office.invoice()
    text = f"{invoice.number}: Approved"
    assert office.keep(result_mail(text, message_id="<1@carrier.example>", verdict=""))
    assert office.keep(result_mail(text, message_id="<1@carrier.example>"))
    assert invoice.decision_status is DecisionStatus.APPROVED


def test_keep_takes_the_same_mail_once_however_often_and_on_whatever_way_it_comes(office):
    invoice = office.invoice()
    message = result_mail(f"{invoice.number}: Paid $10.00", message_id="<1@carrier.example>")
    raw = message.as_bytes()
    kept = [office.keep(one) for one in (raw, raw, b"Received: from elsewhere\r\n" + raw)]
    kept.append(office.keep(message, uid=1, uid_validity=99))
    assert kept == [True, False, False, False]
    assert len(office.session.exec(select(SiteFinding)).all()) == 1


def test_keep_takes_two_mails_of_one_message_id_that_say_different_things(office):
    first, second = office.invoice(), office.invoice()
    for invoice in (first, second):
        assert office.keep(result_mail(f"{invoice.number}: Approved", message_id="<same@carrier.example>"))
    assert second.decision_status is DecisionStatus.APPROVED


@pytest.mark.parametrize(
    ("said", "standing", "note"),
    [
        ("2099-1: Approved", ResultStanding.UNKNOWN, "no invoice 2099-1"),
        ("{number}: Approved $99,999.00", ResultStanding.MISFIT, "approves $99,999.00"),
        ("{number}: Reduced", ResultStanding.MISFIT, "not by how much"),
    ],
)
def test_keep_records_nothing_that_does_not_fit_and_shows_it(office, said, standing, note):
    invoice = office.invoice()
    office.keep(result_mail(said.format(number=invoice.number)))
    [mail], [result] = office.mails(), office.results()
    assert (mail.status, result.standing) == (ResultMailStatus.UNMATCHED, standing)
    assert note in mail.note
    assert note in result.note
    assert invoice.decision_status is DecisionStatus.PENDING


def test_keep_records_what_fits_of_a_digest_and_leaves_the_rest_to_a_person(office):
    invoice = office.invoice()
    office.keep(result_mail(f"{invoice.number}: Approved\n2099-1: Approved\n2099-2: Escalated"))
    [mail] = office.mails()
    assert invoice.decision_status is DecisionStatus.APPROVED
    assert mail.status is ResultMailStatus.UNMATCHED
    assert "2099-1" in mail.note
    assert "'Escalated'" in mail.note


def test_keep_never_touches_an_invoice_of_another_carrier(office):
    other = make_invoice(
        office.session, document_status=DocumentStatus.DELIVERED, decision_status=DecisionStatus.PENDING
    )
    make_submission(office.session, other, status=SubmissionStatus.DELIVERED)
    office.keep(result_mail(f"{other.number}: Approved"))
    assert other.decision_status is DecisionStatus.PENDING
    assert office.results()[0].standing is ResultStanding.UNKNOWN


def test_keep_shows_a_later_word_that_contradicts_what_was_recorded(office):
    invoice = office.invoice()
    for word in ("Approved", "Approved", "Rejected"):
        office.keep(result_mail(f"{invoice.number}: {word}"))
    assert [result.standing for result in office.results()] == [
        ResultStanding.RECORDED, ResultStanding.KNOWN, ResultStanding.MISFIT
    ]  # fmt: skip
    assert "recorded as approved" in office.results()[2].note
    assert invoice.decision_status is DecisionStatus.APPROVED


def test_read_again_records_what_came_before_the_ledger_knew_of_the_delivery(office):
    invoice = office.invoice(delivered=False)
    office.keep(result_mail(f"{invoice.number}: Approved"))
    assert office.results()[0].standing is ResultStanding.WAITING
    assert list_waiting(office.session) == []
    _deliver(office.session, invoice)
    [mail_id] = list_waiting(office.session)
    mail = read_again(office.session, system_actor(), mail_id=mail_id, store=office.store)
    assert (mail.status, invoice.decision_status) == (ResultMailStatus.MATCHED, DecisionStatus.APPROVED)
    assert [result.standing for result in office.results()] == [ResultStanding.RECORDED]


def test_keep_refuses_a_word_about_an_earlier_file_of_the_invoice(office):
    invoice = office.invoice()
    submission = office.session.exec(select(Submission)).one()
    submission.created_at = now() + timedelta(days=26_000)
    office.session.add(submission)
    office.session.flush()
    office.keep(result_mail(f"{invoice.number}: Rejected"))
    assert "older than the file" in office.results()[0].note
    assert invoice.decision_status is DecisionStatus.PENDING


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00\xff\xfe no mail at all",
        b"From: <<<\r\nSubject: =?x?q?=ff?= \xff\r\nContent-Type: text/plain; charset=nowhere\r\n\r\n\xff",
        b"Content-Type: multipart/mixed; boundary=\r\n\r\n--\r\n" * 50,
        b"From: a@b\r\nSubject: " + b"x" * 5000 + b"\r\n\r\nx",
    ],
)
def test_keep_takes_malformed_mails_byte_by_byte(office, raw):
    assert office.keep(raw)
    [mail] = office.mails()
    assert mail.status is ResultMailStatus.NOT_TRUSTED
    assert kept_bytes(mail, office.store) == raw


@pytest.mark.parametrize("charset", ["nowhere", "utf-7", "idna"])
def test_keep_takes_a_trusted_mail_whose_text_cannot_be_read(office, charset):
    raw = result_mail("x").as_bytes().replace(b'charset="utf-8"', f'charset="{charset}"'.encode())
    assert office.keep(raw.replace(b"\r\n\r\nx", b"\r\n\r\n\xff+x"))
    assert office.mails()[0].status is ResultMailStatus.UNMATCHED
    assert office.mails()[0].note


def test_keep_leaves_a_mail_that_is_too_large_to_a_person(office):
    invoice = office.invoice()
    raw = result_mail(f"{invoice.number}: Approved").as_bytes()
    office.keep(NewMail(MailCursor(7, 1), now(), 50_000_000, raw.partition(b"\r\n\r\n")[0], is_whole=False))
    [mail] = office.mails()
    assert mail.status is ResultMailStatus.UNMATCHED
    assert "50,000,000 bytes" in mail.note
    assert invoice.decision_status is DecisionStatus.PENDING


def test_keep_leaves_a_signed_mail_of_a_sender_nobody_knows_to_a_person(office):
    verdict = "mx.hwr.example; dkim=pass header.d=other.example"
    office.keep(result_mail("x", sender="bills@other.example", verdict=verdict))
    [mail] = office.mails()
    assert (mail.status, mail.carrier_id) == (ResultMailStatus.UNMATCHED, None)
    assert mail.note == "No carrier's profile names its sender."


def test_read_again_judges_by_the_domain_that_the_profile_of_today_names(office):
    verdict = "mx.hwr.example; dkim=pass header.d=other.example"
    invoice = office.invoice()
    office.keep(result_mail(f"{invoice.number}: Approved", sender="bills@other.example", verdict=verdict))
    document = profile_document(result_channel="e_mail")
    document["result_channel"]["mail"] |= {"sender": "bills@other.example", "dkim_domain": "strict.example"}
    make_profile_version(office.session, make_carrier(office.session, with_profile=False), document=document)
    mail = read_again(office.session, system_actor(), mail_id=office.mails()[0].id, store=office.store)
    assert mail.status is ResultMailStatus.UNMATCHED
    assert "not by strict.example" in mail.note


def test_kept_bytes_refuse_what_was_altered(office):
    office.keep(result_mail("x"))
    [mail] = office.mails()
    office.store.put(mail.object_key, b"other", "text/plain")
    with pytest.raises(NotFoundError, match="altered"):
        kept_bytes(mail, office.store)


def _deliver(session: Session, invoice: Invoice) -> None:
    for table, values in (
        (Submission.__table__, {"status": SubmissionStatus.DELIVERED}),
        (Invoice.__table__, {"document_status": DocumentStatus.DELIVERED, "decision_status": DecisionStatus.PENDING}),
    ):
        session.connection().execute(table.update().values(values))
    session.expire_all()
    assert invoice.document_status is DocumentStatus.DELIVERED
