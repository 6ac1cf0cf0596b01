"""What people decide about mailings: each verb in its state, with its reason, and nothing sent twice by a machine."""

from datetime import date, timedelta

import pytest
from sqlmodel import Session, select

from core.clock import today
from core.db import Database
from core.errors import DeniedError, InvalidInputError, StaleVersionError, WrongStateError
from models import AuditEvent, Carrier, Invoice, Mailing, Notice
from models.enums import DeliveryChannel, DocumentStatus, MailingStatus, NoticeKind, Role
from services.mailing import mailings
from services.mailing.mailings import (
    confirm_arrived,
    confirm_sent,
    confirm_unsent,
    print_again,
    record_posted,
    retry,
    send_again,
    withdraw,
)
from services.notices import tell
from tests.builders import actor, id_of, make_biller, make_mailing

S = MailingStatus
PAPER = DeliveryChannel.PAPER


def document_of(session: Session, row: Mailing) -> DocumentStatus:
    return session.get_one(Invoice, row.invoice_id).document_status


def test_sent_on_a_persons_word_is_delivered_and_says_whose(session: Session) -> None:
    row, biller = make_mailing(session, status=S.IN_DOUBT, error_message="It broke."), make_biller(session)
    tell(session, [row.queued_by_id], NoticeKind.MAILING_STOPPED, "invoice", row.invoice_id, occasion="1")
    confirm_sent(session, biller, mailing_id=id_of(row), expected_version=1, note="The payor has it")
    assert (row.status, row.sent_by_id, row.note, row.error_message) == (S.SENT, biller.user_id, "The payor has it", "")
    assert document_of(session, row) is DocumentStatus.DELIVERED
    assert all(notice.read_at for notice in session.exec(select(Notice)))


def test_not_sent_on_a_persons_word_is_sent_under_the_same_id(database: Database, rung: list[int]) -> None:
    with database.unit_of_work() as session:
        row = make_mailing(session, status=S.IN_DOUBT, attempt=1, tries=1, intent_at_ms=5)
        confirm_unsent(session, make_biller(session), mailing_id=id_of(row), expected_version=1, note="Server log")
        assert (row.status, row.attempt, row.tries, row.intent_at_ms) == (S.READY, 1, 0, None)
        assert rung == []
    assert rung == [row.id]


def test_a_refused_one_goes_to_the_address_that_the_payor_has_by_now(session: Session) -> None:
    row = make_mailing(session, status=S.NEEDS_ATTENTION, addresses="old@payor.example")
    session.get_one(Carrier, row.carrier_id).invoice_emails = "new@payor.example"
    retry(session, make_biller(session), mailing_id=id_of(row), expected_version=1)
    assert (row.status, row.addresses) == (S.READY, "new@payor.example")


def test_a_payor_without_an_address_keeps_it_waiting(session: Session) -> None:
    row = make_mailing(session, status=S.NEEDS_ATTENTION)
    session.get_one(Carrier, row.carrier_id).invoice_emails = ""
    with pytest.raises(InvalidInputError, match="has no e-mail address"):
        retry(session, make_biller(session), mailing_id=id_of(row), expected_version=1)


def test_sending_again_is_another_mail_and_the_invoice_stays_delivered(session: Session, rung: list[int]) -> None:
    row = make_mailing(session, status=S.SENT)
    send_again(session, make_biller(session), mailing_id=id_of(row), expected_version=1, note="It came back")
    assert (row.status, row.attempt) == (S.READY, 1)
    assert document_of(session, row) is DocumentStatus.DELIVERED


@pytest.mark.parametrize("channel", [DeliveryChannel.EMAIL, PAPER, DeliveryChannel.SITE])
def test_what_came_back_goes_by_the_way_that_its_payor_takes_by_now(session: Session, channel) -> None:
    row = make_mailing(session, status=S.BOUNCED, error_code="mail_bounced", error_message="No such user")
    payor = session.get_one(Carrier, row.carrier_id)
    payor.delivery_channel, payor.invoice_emails = channel, "new@payor.example"
    send_again(session, make_biller(session), mailing_id=id_of(row), expected_version=1, note="New address")
    by_mail = channel is not PAPER
    assert (row.status, row.attempt, row.error_message) == (S.READY, 1, "")
    assert (row.channel, row.addresses) == ((DeliveryChannel.EMAIL, "new@payor.example") if by_mail else (PAPER, ""))


def test_what_came_back_may_have_arrived_all_the_same(session: Session) -> None:
    sent_on = today() - timedelta(days=3)
    row = make_mailing(session, status=S.BOUNCED, error_code="mail_bounced", error_message="No such user")
    row.sent_on = sent_on
    biller = make_biller(session)
    tell(session, [row.queued_by_id], NoticeKind.MAILING_STOPPED, "invoice", row.invoice_id, occasion="1-v2-bounced")
    confirm_arrived(session, biller, mailing_id=id_of(row), expected_version=1, note="Her colleague has it")
    assert (row.status, row.sent_on, row.sent_by_id, row.error_message) == (S.SENT, sent_on, biller.user_id, "")
    assert document_of(session, row) is DocumentStatus.DELIVERED
    assert all(notice.read_at for notice in session.exec(select(Notice)))


def test_paper_goes_back_to_the_printer(session: Session) -> None:
    row = make_mailing(session, channel=PAPER, status=S.PRINTED)
    print_again(session, make_biller(session), mailing_id=id_of(row), expected_version=1, note="Jam")
    assert (row.status, row.print_batch_id, row.addresses) == (S.READY, None, "")


@pytest.mark.parametrize("verb", [withdraw, confirm_sent, confirm_unsent, confirm_arrived, send_again, print_again])
def test_what_is_decided_needs_its_reason(session: Session, verb) -> None:
    row = make_mailing(session)
    with pytest.raises(InvalidInputError, match="needs a reason"):
        verb(session, make_biller(session), mailing_id=id_of(row), expected_version=1, note=" ")


@pytest.mark.parametrize(
    ("verb", "status"),
    [(withdraw, S.SENT), (withdraw, S.INTENT), (confirm_sent, S.READY), (confirm_unsent, S.SENT), (send_again, S.READY),
     (retry, S.READY), (print_again, S.SENT), (retry, S.BOUNCED), (confirm_arrived, S.SENT)],
)  # fmt: skip
def test_a_verb_out_of_its_state_changes_nothing(session: Session, verb, status: MailingStatus) -> None:
    row = make_mailing(session, status=status)
    with pytest.raises(WrongStateError):
        verb(session, make_biller(session), mailing_id=id_of(row), expected_version=1, note="Because")
    assert row.status is status


def test_what_somebody_changed_meanwhile_is_left_alone(session: Session) -> None:
    row = make_mailing(session)
    with pytest.raises(StaleVersionError):
        withdraw(session, make_biller(session), mailing_id=id_of(row), expected_version=7, note="Because")


@pytest.mark.parametrize("role", [Role.ATTORNEY, Role.ADMIN])
def test_verbs_are_for_billers(session: Session, role: Role) -> None:
    row = make_mailing(session)
    with pytest.raises(DeniedError):
        withdraw(session, actor(role, user_id=5), mailing_id=id_of(row), expected_version=1, note="Because")


def test_posted_says_who_and_on_which_day_and_delivers(each_database: Database) -> None:
    with each_database.unit_of_work() as session:
        rows, biller = [make_mailing(session, channel=PAPER, status=S.PRINTED) for _ in range(3)], make_biller(session)
        day = today() - timedelta(days=1)
        wanted = [id_of(row) for row in rows]
        assert record_posted(session, biller, mailing_ids=wanted, posted_on=day, note="Registered") == 3
    with each_database.read_only() as session:
        for row in session.exec(select(Mailing)):
            assert (row.status, row.sent_on, row.sent_by_id, row.note) == (S.SENT, day, biller.user_id, "Registered")
            assert document_of(session, row) is DocumentStatus.DELIVERED
        posted = session.exec(select(AuditEvent).where(AuditEvent.tag == "mailing:post")).all()
        assert len(posted) == 3


def test_posting_is_all_or_none(database: Database) -> None:
    with database.unit_of_work() as session:
        printed = make_mailing(session, channel=PAPER, status=S.PRINTED)
        waiting = make_mailing(session, channel=PAPER)
        biller = make_biller(session)
    with pytest.raises(WrongStateError, match="1 of 2"), database.unit_of_work() as session:
        record_posted(session, biller, mailing_ids=[id_of(printed), id_of(waiting)], posted_on=today())
    with database.read_only() as session:
        assert session.get_one(Mailing, printed.id).status is S.PRINTED


@pytest.mark.parametrize(("ids", "days"), [([], 0), ([1], 1)])
def test_posting_nothing_or_tomorrow_is_refused(session: Session, ids: list[int], days: int) -> None:
    with pytest.raises(InvalidInputError, match="Nothing was recorded"):
        record_posted(session, make_biller(session), mailing_ids=ids, posted_on=today() + timedelta(days=days))


def test_posting_is_for_billers(session: Session) -> None:
    with pytest.raises(DeniedError):
        record_posted(session, actor(Role.ADMIN), mailing_ids=[1], posted_on=date(2026, 11, 2))


def test_bell_of_mails_is_rung_by_the_rows_id(monkeypatch: pytest.MonkeyPatch) -> None:
    rung: list[tuple] = []
    monkeypatch.setattr(mailings, "ring", lambda *given: rung.append(given))
    mailings._rung(7)
    assert [(bell.kind, row_id) for bell, row_id, _ in rung] == [("invoice-mail", 7)]
