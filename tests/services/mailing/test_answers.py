"""Answers of payors without a site: recorded by a person, checked against the bill, with what follows of them."""

from decimal import Decimal

import pytest
from sqlmodel import Session, select

from carriers.exchange import DecisionKind
from core.errors import DeniedError, InvalidInputError, StaleVersionError, WrongStateError
from models import AuditEvent, Invoice, SiteFinding
from models.enums import DecisionStatus, DocumentStatus, MailingStatus, Role, SubmissionStatus
from services.invoicing.invoice_corrections import correct_invoice
from services.mailing.answers import KINDS, PayorAnswer, awaits_answer, record_payor_answer
from services.responses.cuts import cuts_of
from tests.builders import (
    actor,
    id_of,
    make_biller,
    make_invoice,
    make_mail_invoice,
    make_mailing,
    make_submission,
)


def make_answerable(session: Session) -> Invoice:
    invoice = make_mail_invoice(
        session, document_status=DocumentStatus.DELIVERED, decision_status=DecisionStatus.PENDING
    )
    make_mailing(session, invoice=invoice, status=MailingStatus.SENT)
    return invoice


def answer(session: Session, invoice: Invoice, kind: DecisionKind, amount: str = "", reason: str = "Rate") -> None:
    given = PayorAnswer(kind, Decimal(amount) if amount else None, reason)
    record_payor_answer(
        session, make_biller(session), invoice_id=id_of(invoice), expected_version=invoice.version, answer=given
    )


@pytest.mark.parametrize("kind", KINDS)
def test_answer_becomes_the_decision(session: Session, kind: DecisionKind) -> None:
    invoice = make_answerable(session)
    answer(session, invoice, kind, amount="100.00" if kind is DecisionKind.REDUCED else "")
    assert invoice.decision_status.value == kind.value
    assert invoice.decision_due_at_ms is None
    [event] = session.exec(select(AuditEvent).where(AuditEvent.tag == "invoice:answer_recorded")).all()
    assert event.data == {"outcome": kind.value}


def test_approval_is_of_all_of_it_and_a_cut_of_what_is_left(session: Session) -> None:
    approved, reduced = make_answerable(session), make_answerable(session)
    answer(session, approved, DecisionKind.APPROVED, reason="")
    answer(session, reduced, DecisionKind.REDUCED, amount="800.00", reason="Travel is not paid")
    assert approved.approved_amount == approved.total_amount
    assert reduced.approved_amount == Decimal("800.00")
    [cut] = cuts_of(session, reduced)
    assert (cut.cut_amount, cut.message) == (reduced.total_amount - 800, "Travel is not paid")


def test_a_dispute_is_settled_later(session: Session) -> None:
    invoice = make_answerable(session)
    answer(session, invoice, DecisionKind.DISPUTED)
    with pytest.raises(WrongStateError, match="recorded already"):
        answer(session, invoice, DecisionKind.DISPUTED)
    answer(session, invoice, DecisionKind.APPROVED)
    assert invoice.decision_status is DecisionStatus.APPROVED


def test_a_rejected_one_is_corrected_and_what_was_said_of_the_old_one_is_past(session: Session) -> None:
    invoice = make_answerable(session)
    answer(session, invoice, DecisionKind.REJECTED, reason="Wrong claim number")
    assert [cut.message for cut in cuts_of(session, invoice)] == ["Wrong claim number"]
    corrected = correct_invoice(
        session, make_biller(session), invoice_id=id_of(invoice), line_changes={}, reason="New claim number"
    )
    assert (corrected.document_status, corrected.revision_number) == (DocumentStatus.OPEN, 2)
    assert not awaits_answer(session, corrected)


@pytest.mark.parametrize("amount", ["", "-1.00", "0.001", "999999.00"])
def test_an_amount_that_cannot_be_is_refused(session: Session, amount: str) -> None:
    invoice = make_answerable(session)
    with pytest.raises(InvalidInputError, match="lies between"):
        answer(session, invoice, DecisionKind.REDUCED, amount=amount)
    assert invoice.decision_status is DecisionStatus.PENDING


@pytest.mark.parametrize("kind", [DecisionKind.REJECTED, DecisionKind.DISPUTED])
def test_a_no_needs_the_payors_reason(session: Session, kind: DecisionKind) -> None:
    with pytest.raises(InvalidInputError, match="reason is missing"):
        answer(session, make_answerable(session), kind, reason=" ")


def test_a_site_answers_itself(session: Session) -> None:
    invoice = make_invoice(session, document_status=DocumentStatus.DELIVERED, decision_status=DecisionStatus.PENDING)
    make_submission(session, invoice, status=SubmissionStatus.DELIVERED)
    with pytest.raises(WrongStateError, match="its site tells it"):
        answer(session, invoice, DecisionKind.APPROVED)


def test_an_answer_to_what_was_not_sent_is_refused(session: Session) -> None:
    invoice = make_mail_invoice(session)
    make_mailing(session, invoice=invoice)
    with pytest.raises(WrongStateError):
        answer(session, invoice, DecisionKind.APPROVED)


def test_answers_are_recorded_by_billers_who_saw_the_invoice_as_it_is(session: Session) -> None:
    invoice, given = make_answerable(session), PayorAnswer(DecisionKind.APPROVED, None, "")
    with pytest.raises(DeniedError):
        record_payor_answer(session, actor(Role.ADMIN), invoice_id=id_of(invoice), expected_version=1, answer=given)
    with pytest.raises(StaleVersionError):
        record_payor_answer(session, make_biller(session), invoice_id=id_of(invoice), expected_version=9, answer=given)
    assert session.exec(select(SiteFinding)).all() == []
