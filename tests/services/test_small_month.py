"""A small month on each database, and rivals who run it at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

from sqlmodel import Session, select

from core.db import Database
from core.errors import InvalidInputError
from ledes.parser import parse
from models import Invoice, InvoiceRevision, Proforma, ProformaLine, User
from models.enums import Role
from services import overview
from services.actor import Actor, actor_of
from services.billing import billing_runs
from services.invoicing import invoice_queries, invoices
from services.review import proformas
from services.review.queue_list import list_queue
from tests.builders import (
    PERIOD_END,
    PERIOD_START,
    id_of,
    make_billable_matter,
    make_biller,
    make_carrier,
    make_timekeeper,
    make_user,
)

MATTERS = 6


def seed(session: Session) -> tuple[Actor, Actor]:
    attorney = make_user(session, Role.ATTORNEY)
    carrier, timekeeper = make_carrier(session), make_timekeeper(session)
    for _ in range(MATTERS):
        make_billable_matter(session, carrier=carrier, timekeeper=timekeeper, attorney=attorney)
    return make_biller(session), actor_of(session.get_one(User, attorney.id))


def bill(database: Database, biller: Actor) -> int:
    try:
        with database.unit_of_work() as session:
            run = billing_runs.run_billing(session, biller, period_start=PERIOD_START, period_end=PERIOD_END)
            billing_runs.send_run_to_review(session, biller, run_id=id_of(run))
    except InvalidInputError:
        return 0
    return 1


def test_month_bills_to_the_cent(each_database: Database) -> None:
    with each_database.unit_of_work() as session:
        biller, attorney = seed(session)
    assert bill(each_database, biller) == 1
    with each_database.unit_of_work() as session:
        seen = {item.row.id: item.row.version for item in list_queue(session, attorney).items}
        result = proformas.approve_clean(session, attorney, seen=seen, cap_amount=Decimal(100_000))
        made = invoices.finalize_proformas(session, biller, proforma_ids=result.approved)
        assert len(made) == MATTERS
    with each_database.read_only() as session:
        billed = sum(invoice.total_amount for invoice in session.exec(select(Invoice)))
        files = [parse(revision.file_content) for revision in session.exec(select(InvoiceRevision))]
        assert billed == sum(file.invoices[0].invoice_total for file in files) == MATTERS * Decimal("897.50")
        assert len(invoice_queries.list_invoices(session, biller).rows) == MATTERS
        assert invoice_queries.ageing(session, biller)[0].amount == billed
        assert {state.count for state in overview.get_overview(session, biller).states} == {MATTERS}


def test_rival_runs_bill_each_entry_once(each_database: Database) -> None:
    with each_database.unit_of_work() as session:
        biller, _ = seed(session)
    with ThreadPoolExecutor(3) as rivals:
        runs = list(rivals.map(lambda _: bill(each_database, biller), range(3)))
    with each_database.read_only() as session:
        entries = [line.time_entry_id for line in session.exec(select(ProformaLine)) if line.time_entry_id]
        assert sum(runs) == 1
        assert len(session.exec(select(Proforma)).all()) == MATTERS
        assert len(entries) == len(set(entries)) == 2 * MATTERS
