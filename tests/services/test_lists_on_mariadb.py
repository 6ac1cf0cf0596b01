"""The pages' lists and figures on a real MariaDB, whose SQL differs from SQLite's in counts and cases."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from core.clock import now
from core.db import Database
from models import Carrier, Invoice
from models.enums import DecisionStatus, DocumentStatus, ProformaStatus, Role
from services import next_steps, overview
from services.actor import Actor
from services.billing import ready_work
from services.invoicing import invoice_queries, invoice_views, invoices
from services.responses import rejections
from services.review import proforma_queries, queue_list, review_queue
from services.sites import acceptance, carrier_health, carriers
from services.sites.carriers import pause_carrier
from services.sites.site_accounts import pause_account
from services.uploads import submission_board, submission_tasks
from tests.builders import actor_for, id_of, make_biller, make_proforma, make_user

pytestmark = pytest.mark.mariadb

EVERYBODY = Actor(1, "Dana Brooks", frozenset({Role.BILLER, Role.ADMIN, Role.ATTORNEY}))
READS: tuple[Callable[..., Any], ...] = (
    overview.get_overview,
    next_steps.next_steps,
    ready_work.approved_proformas,
    ready_work.unqueued_invoices,
    review_queue.review_totals,
    proforma_queries.list_proformas,
    queue_list.list_queue,
    invoice_queries.ageing,
    invoice_queries.list_invoices,
    invoice_views.count_views,
    submission_board.list_lanes,
    submission_board.list_submissions,
    submission_tasks.list_tasks,
    submission_tasks.todays_sending,
    carriers.list_carriers,
    carrier_health.list_health,
    acceptance.acceptance_rates,
    rejections.list_rejections,
)


@pytest.fixture
def billed(mariadb_database: Database) -> Database:
    """One invoice and one approved proforma."""
    with mariadb_database.unit_of_work() as session:
        biller = make_biller(session)
        first = make_proforma(session, status=ProformaStatus.APPROVED)
        make_proforma(session, status=ProformaStatus.APPROVED)
        invoices.finalize_proformas(session, biller, proforma_ids=[id_of(first)])
    return mariadb_database


def test_read_every_list(billed):
    with billed.read_only() as session:
        found = {read.__name__: read(session, EVERYBODY) for read in READS}
    assert found["approved_proformas"].ids
    assert len(found["unqueued_invoices"].ids) == 1
    assert len(found["list_invoices"].rows) == 1
    assert sum(bucket.count for bucket in found["ageing"]) == 1
    assert len(found["list_proformas"]) == 2
    assert len(found["list_carriers"]) == 2
    assert len(found["list_health"]) == 2
    assert found["acceptance_rates"] == {}
    assert found["list_rejections"] == []
    assert found["list_lanes"] == []
    assert found["list_submissions"] == []


def test_count_what_was_accepted_and_who_paused(billed):
    with billed.unit_of_work() as session:
        invoice = session.scalars(select(Invoice)).one()
        invoice.document_status, invoice.decision_status = DocumentStatus.DELIVERED, DecisionStatus.APPROVED
        invoice.decided_at = now()
        dana = actor_for(make_user(session, Role.BILLER, name="Dana Brooks"))
        pause_carrier(session, dana, carrier_id=invoice.carrier_id, reason="New site")
        account = session.get_one(Carrier, invoice.carrier_id).site_account_id
        pause_account(session, dana, site_account_id=account, reason="Audit")
        session.flush()
        [found] = [
            one for one in carrier_health.list_health(session, EVERYBODY) if one.row.carrier_id == invoice.carrier_id
        ]
    assert found.rate == acceptance.AcceptanceRate(answered=1, accepted=1)
    assert (found.stopped.who, found.account_stopped.who) == ("Dana Brooks", "Dana Brooks")
