"""The board's figures: acceptance against an independent count, and who let a carrier or an account stand still."""

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import event
from sqlmodel import select

from carriers.errors import LoginRejectedError
from core.clock import now, utc
from core.errors import DeniedError
from models import Carrier, Invoice
from models.enums import DecisionStatus, DocumentStatus, Role
from services.actor import system_actor
from services.invoicing.invoice_views import InvoiceQuestion, InvoiceView, list_view
from services.sites.acceptance import AcceptanceRate, acceptance_rates
from services.sites.carrier_health import list_health
from services.sites.carriers import pause_carrier, resume_carrier
from services.sites.site_accounts import pause_account, stop_account
from tests.builders import actor, actor_for, id_of, make_carrier, make_invoice, make_matter, make_user

ADMIN = actor(Role.ADMIN)
D = DecisionStatus


def answered(session, matter, decision, days_ago):
    invoice = make_invoice(session, matter=matter, document_status=DocumentStatus.DELIVERED, decision_status=decision)
    invoice.decided_at = now() - timedelta(days=days_ago)
    session.add(invoice)
    session.flush()


@pytest.fixture
def carriers(session):
    """Two carriers that answered at the edges of thirty days, and one that answered nothing."""
    found = [make_carrier(session, name=name) for name in ("Ash", "Birch", "Cedar")]
    matters = [make_matter(session, carrier=one) for one in found]
    for decision, days in ((D.APPROVED, 0), (D.APPROVED, 29), (D.REDUCED, 3), (D.APPROVED, 31), (D.REJECTED, 29)):
        answered(session, matters[0], decision, days)
    for decision, days in ((D.APPROVED, 1), (D.DISPUTED, 2), (D.REJECTED, 40)):
        answered(session, matters[1], decision, days)
    make_invoice(session, matter=matters[2], document_status=DocumentStatus.DELIVERED, decision_status=D.PENDING)
    return found


def counted_by_hand(session):
    """Count in plain Python what the query counts in the database."""
    since, said, whole = now() - timedelta(days=30), Counter(), Counter()
    for invoice in session.exec(select(Invoice)).all():
        if (
            invoice.decided_at is not None
            and utc(invoice.decided_at) >= since
            and invoice.decision_status is not D.PENDING
        ):
            said[invoice.carrier_id] += 1
            whole[invoice.carrier_id] += invoice.decision_status is D.APPROVED
    return {key: AcceptanceRate(said[key], whole[key]) for key in said}


def test_acceptance_equals_an_independent_count(session, carriers):
    ash, birch, _ = (id_of(one) for one in carriers)
    rates = acceptance_rates(session, ADMIN)
    assert rates == counted_by_hand(session)
    assert rates == {ash: AcceptanceRate(4, 2), birch: AcceptanceRate(2, 1)}


def test_acceptance_counts_the_invoices_of_its_links(session, carriers):
    ash = id_of(carriers[0])
    rate = acceptance_rates(session, ADMIN)[ash]
    lists = [
        list_view(
            session,
            ADMIN,
            asked=InvoiceQuestion(view=InvoiceView.ALL, carrier_id=ash, answered_days=30, decision=decision),
        )
        for decision in (None, D.APPROVED)
    ]
    assert [len(found.rows) for found in lists] == [rate.answered, rate.accepted]


def test_acceptance_is_read_from_its_index_alone(session, carriers):
    said = []
    event.listen(
        session.get_bind(), "before_cursor_execute", lambda _c, _u, text, values, *_: said.append((text, values))
    )
    acceptance_rates(session, ADMIN)
    [(statement, values)] = said
    plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()
    assert "COVERING INDEX ix_invoice_answered (decided_at>" in str(plan)


@pytest.mark.parametrize(
    ("answered", "accepted", "percent"), [(3, 2, 67), (200, 199, 99), (1, 1, 100), (7, 0, 0), (8, 1, 13)]
)
def test_percent_says_all_only_where_all_were_accepted(answered, accepted, percent):
    assert AcceptanceRate(answered, accepted).percent == percent


def test_acceptance_is_not_for_attorneys(session):
    with pytest.raises(DeniedError):
        acceptance_rates(session, actor(Role.ATTORNEY))


def health_of(session, carrier):
    return next(one for one in list_health(session, ADMIN) if one.row.carrier_id == carrier.id)


def test_health_names_who_paused_a_carrier_last(session, carriers):
    first, second = (make_user(session, Role.BILLER, name=name) for name in ("Dana Brooks", "Luis Ortega"))
    ash, key = carriers[0], id_of(carriers[0])
    pause_carrier(session, actor_for(first), carrier_id=key, reason="Moving")
    resume_carrier(session, actor_for(first), carrier_id=key)
    pause_carrier(session, actor_for(second), carrier_id=key, reason="Moving again")
    found = health_of(session, ash)
    assert (found.stopped.who, found.row.paused_reason) == ("Luis Ortega", "Moving again")
    assert health_of(session, carriers[1]).stopped is None


def test_health_names_the_person_although_the_site_said_something_later(session, carriers):
    dana = make_user(session, Role.BILLER, name="Dana Brooks")
    account = carriers[0].site_account_id
    pause_account(session, actor_for(dana), site_account_id=account, reason="Audit")
    stop_account(session, system_actor(), site_account_id=account, error=LoginRejectedError("Ash"))
    found = health_of(session, carriers[0])
    assert (found.account_stopped.who, found.row.account_reason) == ("Dana Brooks", "Audit")


def test_health_says_that_the_portal_stopped_an_account(session, carriers):
    stop_account(
        session, system_actor(), site_account_id=carriers[1].site_account_id, error=LoginRejectedError("Birch")
    )
    assert health_of(session, carriers[1]).account_stopped.who == ""


def test_health_takes_four_queries_for_any_number_of_carriers(session, carriers):
    for carrier in session.exec(select(Carrier)).all():
        pause_carrier(session, actor_for(make_user(session, Role.ADMIN)), carrier_id=id_of(carrier), reason="All")
    statements = []
    event.listen(session.get_bind(), "before_cursor_execute", lambda *_: statements.append(1))
    assert len(list_health(session, ADMIN)) == 3
    assert len(statements) == 3
