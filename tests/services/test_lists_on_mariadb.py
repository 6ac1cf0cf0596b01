"""The pages' lists and figures on a real MariaDB, whose SQL differs from SQLite's in counts and cases."""

from collections.abc import Callable
from typing import Any

import pytest

from core.db import Database
from models.enums import ProformaStatus, Role
from services import (
    carriers,
    invoice_queries,
    invoice_views,
    invoices,
    next_steps,
    overview,
    proforma_queries,
    ready_work,
    review_queue,
    submission_board,
    submission_tasks,
)
from services.actor import Actor
from tests.builders import id_of, make_biller, make_proforma

pytestmark = pytest.mark.mariadb

EVERYBODY = Actor(1, "Dana Brooks", frozenset({Role.BILLER, Role.ADMIN, Role.ATTORNEY}))
READS: tuple[Callable[..., Any], ...] = (
    overview.get_overview,
    next_steps.next_steps,
    ready_work.approved_proformas,
    ready_work.unqueued_invoices,
    review_queue.review_totals,
    proforma_queries.list_for_review,
    proforma_queries.list_proformas,
    invoice_queries.ageing,
    invoice_queries.list_invoices,
    invoice_views.count_views,
    submission_board.list_lanes,
    submission_board.list_submissions,
    submission_tasks.list_tasks,
    submission_tasks.todays_sending,
    carriers.list_carriers,
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
    assert found["list_lanes"] == []
    assert found["list_submissions"] == []
