"""Today: each role sees what it must do next, and every number leads to its rows."""

import pytest

from core.clock import now
from core.db import Database
from models import Carrier
from models.enums import Role
from state.today import Today
from tests.acting import acting_as, call, fresh_state
from tests.builders import id_of, make_approval, make_carrier, make_invoice, make_submission, make_user
from tests.state.review_desk import ReviewDesk, make_review_desk


@pytest.fixture
def desk(database: Database) -> ReviewDesk:
    return make_review_desk(database)


async def opened() -> Today:
    state = fresh_state(Today, "/")
    await call(state, "load")
    return state


async def test_show_attorney_own_queue_and_cycle(desk: ReviewDesk):
    with acting_as(Role.ATTORNEY, user_id=desk.attorney_id, name="Ana Reyes"):
        state = await opened()
    assert (state.greeting, state.queue_count, len(state.queue)) == ("Today, Ana", "3", 3)
    assert [(row.word, row.count, row.href) for row in state.cycle] == [
        ("In review", "3", "/review?status=in_review&period=2026-10-31")
    ]
    assert (state.cycle_title, state.steps, state.is_loading) == ("October 2026", [], False)


async def test_show_biller_files_and_proformas_that_wait(desk: ReviewDesk):
    with desk.database.unit_of_work() as session:
        make_submission(session, make_invoice(session), status="refused")
    with acting_as(Role.BILLER, user_id=99):
        state = await opened()
    assert [(row.count, row.href) for row in state.steps] == [("1", "/submissions?column=refused")]
    assert (state.queue, state.queue_count, state.queue_href) == ([], "1", "/submissions?column=refused")


async def test_show_biller_invoices_nobody_queued(desk: ReviewDesk):
    with desk.database.unit_of_work() as session:
        make_invoice(session)
    with acting_as(Role.BILLER, user_id=99):
        state = await opened()
    assert [(row.title, row.count, row.href) for row in state.steps] == [("Queue finished invoices", "1", "/invoices")]
    assert state.queue_count == "1"


async def test_show_admin_paused_carriers_and_no_queue(database: Database):
    with database.unit_of_work() as session:
        carrier: Carrier = make_carrier(session)
        carrier.paused_at = now()
    with acting_as(Role.ADMIN, user_id=99):
        state = await opened()
    assert [(row.title, row.href) for row in state.steps] == [("Mend paused carriers", "/carriers")]
    assert (state.has_queue, state.cycle, state.days_left) == (False, [], "")


async def test_show_admin_approvals_that_are_asked_for(database: Database):
    with database.unit_of_work() as session:
        omar = make_user(session, Role.ADMIN)
        make_approval(session, approver=omar)
        make_approval(session)
        user_id = id_of(omar)
    with acting_as(Role.ADMIN, user_id=user_id):
        state = await opened()
    assert [(row.title, row.count, row.href) for row in state.steps] == [
        ("Approve proformas", "1", "/review?scope=approvals")
    ]
