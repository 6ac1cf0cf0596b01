"""The inbox of results: matching by hand, learning a layout, putting aside; reports tried dry and recorded once."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlmodel import Session, select

from adapters.object_store import LocalObjectStore
from core.errors import DeniedError, InvalidInputError, StaleVersionError, WrongStateError
from core.settings import Settings
from models import CarrierProfileVersion, CarrierResult, Invoice, MailboxState, ResultMail, ResultReport, SiteFinding
from models.enums import (
    DecisionStatus,
    DocumentStatus,
    MailingStatus,
    ResultMailStatus,
    ResultStanding,
    Role,
    SubmissionStatus,
)
from services.responses.result_inbox import (
    HandMatch,
    count_mails,
    ignore_mail,
    list_mails,
    mailbox_trouble,
    match_by_hand,
    open_mail,
    put_back,
    readable_text,
    try_mailbox_again,
)
from services.responses.result_learning import propose_layout, save_layout
from services.responses.result_mails import keep_mail
from services.responses.result_reports import apply_report, preview_report, remember_columns
from services.sites.profile_versions import active_number
from tests.builders import (
    RESULT_SENDER,
    actor_for,
    make_carrier,
    make_invoice,
    make_mailing,
    make_matter,
    make_submission,
    make_user,
    new_mail,
    profile_document,
    result_mail,
)

SIGNED = f"mx.hwr.example; dkim=pass header.d={RESULT_SENDER.partition('@')[2]}"


@dataclass
class Office:
    """A carrier that decides on its site and now and then writes, its invoices, a biller and an admin."""

    session: Session
    store: LocalObjectStore

    def __post_init__(self) -> None:
        self.carrier = make_carrier(self.session, profile=profile_document(result_channel="poll"))
        self.biller = actor_for(make_user(self.session, Role.BILLER))
        self.admin = actor_for(make_user(self.session, Role.ADMIN))

    def invoice(self) -> Invoice:
        states = {"document_status": DocumentStatus.DELIVERED, "decision_status": DecisionStatus.PENDING}
        invoice = make_invoice(self.session, matter=make_matter(self.session, carrier=self.carrier), **states)
        make_submission(self.session, invoice, status=SubmissionStatus.DELIVERED)
        return invoice

    def mail(self, text: str, **parts) -> ResultMail:
        keep_mail(self.session, new_mail(result_mail(text, **parts)), store=self.store, settings=Settings())
        return self.session.exec(select(ResultMail).order_by(ResultMail.id)).all()[-1]

    def match(self, mail: ResultMail, said: HandMatch) -> CarrierResult:
        return match_by_hand(self.session, self.biller, mail_id=mail.id, expected_version=mail.version, said=said)


@pytest.fixture
def office(session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    return Office(session, LocalObjectStore(tmp_path / "store"))


def test_match_by_hand_records_the_answer_to_an_invoice_that_went_by_mail(office):
    states = {"document_status": DocumentStatus.DELIVERED, "decision_status": DecisionStatus.PENDING}
    invoice = make_invoice(office.session, matter=make_matter(office.session, carrier=office.carrier), **states)
    make_mailing(office.session, invoice=invoice, status=MailingStatus.SENT)
    result = office.match(office.mail("No"), HandMatch(invoice.number, "rejected", "", "Wrong claim number"))
    assert (result.standing, invoice.decision_status) == (ResultStanding.RECORDED, DecisionStatus.REJECTED)
    assert invoice.decision_due_at_ms is None
    [finding] = office.session.exec(select(SiteFinding)).all()
    assert (finding.submission_id, finding.message) == (None, "Wrong claim number")


def test_match_by_hand_waits_for_a_mail_that_has_not_left(office):
    invoice = make_invoice(office.session, matter=make_matter(office.session, carrier=office.carrier))
    make_mailing(office.session, invoice=invoice)
    mail = office.mail("Yes")
    with pytest.raises(InvalidInputError, match="no delivery of it is recorded"):
        office.match(mail, HandMatch(invoice.number, "approved", "", ""))


def test_match_by_hand_records_as_the_site_would(office):
    invoice, mail = office.invoice(), office.mail("We paid most of it")
    left = f"${invoice.total_amount - 10}"
    result = office.match(mail, HandMatch(invoice.number, "reduced", left, "Too long"))
    assert (invoice.decision_status, mail.status, mail.carrier_id) == (
        DecisionStatus.REDUCED, ResultMailStatus.MATCHED, office.carrier.id
    )  # fmt: skip
    assert result.standing is ResultStanding.RECORDED
    assert office.session.exec(select(SiteFinding)).one().message == "Too long"


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (HandMatch("2099-1", "approved"), "no invoice 2099-1"),
        (HandMatch("{number}", "reduced", "$99,999.00"), "approves \\$99,999.00"),
        (HandMatch("{number}", "reduced", "about ten"), "stands where an amount belongs"),
        (HandMatch("{number}", "gone"), "Choose what the carrier says"),
    ],
)
def test_match_by_hand_refuses_what_does_not_fit(office, said, why):
    invoice, mail = office.invoice(), office.mail("x")
    said = HandMatch(said.invoice_number.format(number=invoice.number), said.outcome, said.amount_text)
    with pytest.raises(InvalidInputError, match=why):
        office.match(mail, said)
    assert invoice.decision_status is DecisionStatus.PENDING


def test_nothing_is_recorded_learnt_or_taken_back_from_a_mail_that_is_not_trusted(office):
    invoice, mail = office.invoice(), office.mail("x", verdict="")
    said = HandMatch(invoice.number, "approved")
    with pytest.raises(DeniedError, match="not trusted"):
        office.match(mail, said)
    with pytest.raises(WrongStateError, match="not trusted"):
        propose_layout(office.session, office.admin, mail_id=mail.id, said=said, word="x", store=office.store)
    ignore_mail(office.session, office.biller, mail_id=mail.id, expected_version=mail.version, note="Forged")
    with pytest.raises(DeniedError):
        put_back(office.session, office.biller, mail_id=mail.id, expected_version=mail.version)
    assert invoice.decision_status is DecisionStatus.PENDING


def test_match_by_hand_is_for_one_person_at_a_time_and_for_billing_alone(office):
    invoice, mail = office.invoice(), office.mail("x")
    said = HandMatch(invoice.number, "approved")
    with pytest.raises(StaleVersionError):
        match_by_hand(office.session, office.biller, mail_id=mail.id, expected_version=99, said=said)
    attorney = actor_for(make_user(office.session, Role.ATTORNEY))
    for refused in (
        lambda: match_by_hand(office.session, attorney, mail_id=mail.id, expected_version=mail.version, said=said),
        lambda: list_mails(office.session, attorney),
        lambda: open_mail(office.session, attorney, mail_id=mail.id, store=office.store),
        lambda: preview_report(office.session, attorney, carrier_id=office.carrier.id, content=b""),
    ):
        with pytest.raises(DeniedError):
            refused()


def test_list_opens_on_what_waits_and_pages(office):
    waiting, forged = office.mail("x", subject="One"), office.mail("x", subject="Two", verdict="")
    aside = office.mail("x", subject="Three")
    ignore_mail(office.session, office.biller, mail_id=aside.id, expected_version=aside.version, note="A newsletter")
    assert [row.mail_id for row in list_mails(office.session, office.biller)] == [forged.id, waiting.id]
    assert [row.mail_id for row in list_mails(office.session, office.biller, before_id=forged.id)] == [waiting.id]
    assert [row.subject for row in list_mails(office.session, office.biller, search="one")] == ["One"]
    assert count_mails(office.session, office.biller)[ResultMailStatus.IGNORED] == 1
    put_back(office.session, office.biller, mail_id=aside.id, expected_version=aside.version)
    assert aside.status is ResultMailStatus.UNMATCHED


def test_open_shows_text_alone(office):
    html = "<p>Paid</p><script>alert(1)</script><img src='https://evil.example/x.png'><a href='https://evil.example'>here</a>"
    detail = open_mail(office.session, office.admin, mail_id=office.mail("", html=html).id, store=office.store)
    assert detail.text == "Paid\nhere"
    assert set(detail.verbs) == {"match", "ignore"}
    assert len(readable_text(result_mail("x" * 90_000).as_bytes())) < 70_000


def test_learn_puts_the_layout_in_force_and_reads_the_mails_that_waited(office):
    first, second, third = (office.invoice() for _ in range(3))
    mails = [
        office.mail(f"Invoice no {one.number}\nOur word: {word}\n", subject=f"About {one.number}", verdict=SIGNED)
        for one, word in ((first, "Fine"), (second, "Fine"), (third, "Escalated"))
    ]
    said = HandMatch(first.number, "approved")
    proposal = propose_layout(
        office.session, office.biller, mail_id=mails[0].id, said=said, word="Fine", store=office.store
    )
    assert proposal.matching == (mails[0].id, mails[1].id)
    with pytest.raises(DeniedError):
        save_layout(office.session, office.biller, proposal=proposal, note="", store=office.store)
    assert save_layout(office.session, office.admin, proposal=proposal, note="", store=office.store) == 2
    assert [one.decision_status for one in (first, second, third)] == [
        DecisionStatus.APPROVED, DecisionStatus.APPROVED, DecisionStatus.PENDING
    ]  # fmt: skip
    assert active_number(office.session, office.carrier.id) == 2
    document = (
        office.session.exec(select(CarrierProfileVersion).where(CarrierProfileVersion.number == 2)).one().document
    )
    assert document["result_channel"]["kind"] == "poll"
    later = office.invoice()
    office.mail(f"Invoice no {later.number}\nOur word: Fine\n", subject=f"About {later.number}", verdict=SIGNED)
    assert later.decision_status is DecisionStatus.APPROVED


def test_learn_says_what_it_cannot_find(office):
    invoice = office.invoice()
    mail = office.mail("Hello", verdict=SIGNED)
    with pytest.raises(InvalidInputError, match="do not both stand in this mail"):
        propose_layout(
            office.session, office.admin, mail_id=mail.id, said=HandMatch(invoice.number, "approved"), word="Fine",
            store=office.store,
        )  # fmt: skip


def test_report_is_mapped_once_tried_dry_and_recorded_once(office):
    invoices = [office.invoice() for _ in range(3)]
    left = invoices[1].total_amount - 15
    content = (
        "Invoice No,Status,Approved Amount,Reason\n"
        f"{invoices[0].number},Approved,,\n{invoices[1].number},Reduced,{left},Too much\n2099-1,Approved,,\n"
    ).encode()
    where = {"carrier_id": office.carrier.id, "content": content}
    first = preview_report(office.session, office.biller, **where)
    assert not first.is_mapped
    assert (first.guesses["decision"], first.words) == ("Status", ("Approved", "Reduced"))
    columns, words = dict(first.guesses), {"Approved": "approved", "Reduced": "reduced"}
    with pytest.raises(DeniedError):
        remember_columns(office.session, office.biller, carrier_id=office.carrier.id, columns=columns, decisions=words)
    remember_columns(office.session, office.admin, carrier_id=office.carrier.id, columns=columns, decisions=words)
    dry = preview_report(office.session, office.biller, **where)
    assert dry.summary == "1 approved, 1 reduced by $15.00, 1 unknown number"
    assert {one.decision_status for one in invoices} == {DecisionStatus.PENDING}
    summary, rows = apply_report(office.session, office.biller, name="r.csv", store=office.store, **where)
    assert (summary, [row.standing for row in rows][2]) == (dry.summary, ResultStanding.UNKNOWN)
    assert [one.decision_status for one in invoices] == [
        DecisionStatus.APPROVED, DecisionStatus.REDUCED, DecisionStatus.PENDING
    ]  # fmt: skip
    with pytest.raises(WrongStateError, match="recorded on"):
        apply_report(office.session, office.biller, name="again.csv", store=office.store, **where)
    assert preview_report(office.session, office.biller, **where).applied_at is not None
    assert len(office.session.exec(select(ResultReport)).all()) == 1


def test_report_counts_again_where_something_in_it_became_new(office):
    known = office.invoice()
    columns, words = {"invoice_number": "No", "decision": "Status"}, {"Approved": "approved"}
    remember_columns(office.session, office.admin, carrier_id=office.carrier.id, columns=columns, decisions=words)
    content = f"No,Status\n{known.number},Approved\n2099-77,Approved\n".encode()
    where = {"carrier_id": office.carrier.id, "content": content, "name": "r.csv", "store": office.store}
    assert apply_report(office.session, office.biller, **where)[0] == "1 approved, 1 unknown number"
    later = office.invoice()
    later.number = "2099-77"
    office.session.flush()
    assert apply_report(office.session, office.biller, **where)[0] == "1 approved, 1 known before"
    assert later.decision_status is DecisionStatus.APPROVED
    assert len(office.session.exec(select(ResultReport)).all()) == 1


def test_mailbox_trouble_is_told_and_tried_again_when_somebody_says_so(office):
    with pytest.raises(WrongStateError):
        try_mailbox_again(office.session, office.biller)
    state = MailboxState(name="results", failure="Wrong password.", uid=0, uid_validity=0)
    office.session.add(state)
    office.session.flush()
    assert mailbox_trouble(office.session)[0] == "Wrong password."
    try_mailbox_again(office.session, office.admin)
    assert state.retry_at is not None
