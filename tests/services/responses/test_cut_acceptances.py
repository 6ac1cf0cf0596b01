"""Accepting a cut is a write-off: whose it is, above which limit two people, and what stays untouched."""

from decimal import Decimal

import pytest
from sqlmodel import select

from core.clock import now
from core.errors import DeniedError, InvalidInputError, StaleVersionError, WrongStateError
from models import InvoiceLine, Matter, User
from models.enums import AcceptanceStatus, CashStatus, DecisionStatus, NoticeKind, Role
from services.actor import Actor
from services.notices import count_unread, list_notices
from services.responses.cut_acceptances import (
    accept_cut,
    approve_acceptance,
    decline_acceptance,
    limit,
    withdraw_acceptance,
)
from services.responses.cuts import cuts_of
from tests.builders import actor_for, id_of, make_appeal, make_biller, make_cut_invoice, make_user

Y = AcceptanceStatus


def attorney_of(session, invoice) -> Actor:
    return actor_for(session.get_one(User, session.get_one(Matter, invoice.matter_id).responsible_attorney_id))


def accept(session, who, invoice, numbers=(1,), reason="Not worth the hours"):
    return accept_cut(session, who, invoice_id=id_of(invoice), line_numbers=list(numbers), reason=reason)


def decide(call, session, who, acceptance, **more):
    given = {"expected_version": acceptance.version, **more}
    return call(session, who, acceptance_id=id_of(acceptance), **given)


def test_attorney_accepts_up_to_the_limit_at_once_and_nothing_of_the_invoice_changes(session):
    invoice = make_cut_invoice(session)
    before = [line.model_dump() for line in session.exec(select(InvoiceLine)).all()]
    accepted = accept(session, attorney_of(session, invoice), invoice)
    assert (accepted.status, accepted.total_amount) == (Y.ACCEPTED, Decimal("100.00"))
    assert [cut.left_amount for cut in cuts_of(session, invoice)] == [Decimal(0)]
    assert [line.model_dump() for line in session.exec(select(InvoiceLine)).all()] == before
    standing = (invoice.decision_status, invoice.cash_status, invoice.total_amount, invoice.approved_amount)
    assert standing == (DecisionStatus.REDUCED, CashStatus.UNPAID, Decimal("855.00"), Decimal("755.00"))


def test_biller_proposes_and_the_attorney_approves(session):
    invoice, biller = make_cut_invoice(session), make_biller(session)
    attorney = attorney_of(session, invoice)
    proposed = accept(session, biller, invoice)
    assert proposed.status is Y.PROPOSED
    assert [row.kind for row in list_notices(session, attorney)] == [NoticeKind.CUT_TO_APPROVE]
    with pytest.raises(DeniedError, match="You proposed it"):
        decide(approve_acceptance, session, biller, proposed)
    with pytest.raises(DeniedError, match="responsible attorney"):
        decide(approve_acceptance, session, actor_for(make_user(session, Role.ADMIN)), proposed)
    with pytest.raises(StaleVersionError):
        decide(approve_acceptance, session, attorney, proposed, expected_version=9)
    decide(approve_acceptance, session, attorney, proposed)
    assert (proposed.status, proposed.decided_by_id, count_unread(session, attorney)) == (
        Y.ACCEPTED, attorney.user_id, 0
    )  # fmt: skip


def test_above_the_limit_the_attorneys_own_needs_an_administrator(session):
    invoice = make_cut_invoice(session, lines=3, cuts={1: "427.50", 2: "427.50"})
    attorney, admin = attorney_of(session, invoice), actor_for(make_user(session, Role.ADMIN))
    assert limit() < Decimal("855.00")
    proposed = accept(session, attorney, invoice, (1, 2))
    assert proposed.status is Y.PROPOSED
    assert count_unread(session, admin) == 1
    with pytest.raises(DeniedError, match="somebody else approves"):
        decide(approve_acceptance, session, attorney, proposed)
    assert decide(approve_acceptance, session, admin, proposed).status is Y.ACCEPTED


def test_decline_opens_the_cut_again_and_wants_a_reason(session):
    invoice, biller = make_cut_invoice(session), make_biller(session)
    attorney = attorney_of(session, invoice)
    proposed = accept(session, biller, invoice)
    with pytest.raises(InvalidInputError, match="needs a reason"):
        decide(decline_acceptance, session, attorney, proposed, note=" ")
    decide(decline_acceptance, session, attorney, proposed, note="Appeal it")
    assert cuts_of(session, invoice)[0].left_amount == Decimal("100.00")
    again = accept(session, biller, invoice)
    with pytest.raises(DeniedError, match="Only who proposed"):
        decide(withdraw_acceptance, session, attorney, again)
    assert decide(withdraw_acceptance, session, biller, again).status is Y.WITHDRAWN


def test_accept_refuses_what_is_under_way_not_cut_or_without_reason(session):
    invoice, biller = make_cut_invoice(session), make_biller(session)
    with pytest.raises(InvalidInputError, match="needs a reason"):
        accept(session, biller, invoice, reason="")
    with pytest.raises(InvalidInputError, match="Choose the cuts"):
        accept(session, biller, invoice, ())
    with pytest.raises(InvalidInputError, match="Line 2 has no open cut"):
        accept(session, biller, invoice, (2,))
    with pytest.raises(DeniedError):
        accept(session, actor_for(make_user(session, Role.ADMIN)), invoice)
    accept(session, biller, invoice)
    with pytest.raises(WrongStateError, match="waits for approval already"):
        accept(session, biller, invoice)
    other = make_cut_invoice(session, decided_at=now())
    make_appeal(session, invoice_id=id_of(other))
    with pytest.raises(WrongStateError, match="withdraw it first"):
        accept(session, biller, other)
