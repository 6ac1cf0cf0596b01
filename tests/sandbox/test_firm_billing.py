"""The seeded month bills as promised, and the practice sites take every bill and cut what was planted."""

from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from sqlmodel import Session, col, select

from core.db import Database
from core.key_ring import KeyRing
from models import Carrier, Invoice, InvoiceRevision, Proforma, User
from models.enums import ProformaStatus, Role
from sandbox.firm.seed import seed_firm
from sandbox.firm.world import World
from sandbox.portals.checks import check_bill
from sandbox.portals.reader import read_file
from sandbox.portals.review import Review, review_bill
from sandbox.portals.world import parse_world
from services.actor import Actor, actor_of
from services.billing.billing_runs import preview_run, run_billing, send_run_to_review
from services.billing.billing_selection import Reason
from services.invoicing.invoices import finalize_proformas
from services.review.proformas import approve_proforma

INVOICES = 60


@pytest.fixture
def world(database: Database, tmp_path: Path) -> World:
    ring = KeyRing.load_or_create(tmp_path / "ring.json")
    return seed_firm(database, key_ring=ring, seed=3, today=date(2026, 11, 22), origin_port=8800, invoices=INVOICES)


def _dana(session: Session) -> Actor:
    return actor_of(session.exec(select(User).where(User.name == "Dana Brooks")).one())


def test_preview_bills_the_clean_matters_and_names_each_other(database: Database, world: World) -> None:
    with database.read_only() as session:
        preview = preview_run(session, _dana(session), period_start=world.period.start, period_end=world.period.end)
    assert len(preview.proformas) == INVOICES == len({proforma.matter_id for proforma in preview.proformas})
    assert preview.line_count == world.lines
    reasons = {obstacle.matter_id - INVOICES: obstacle.reason for obstacle in preview.obstacles}
    assert set(reasons) == {1, 2, 3, 4, 5}
    assert len(set(reasons.values())) == 5
    assert set(reasons.values()) <= set(Reason)


def test_every_bill_is_taken_by_its_site_and_planted_faults_are_cut(database: Database, world: World) -> None:
    files = _billed_files(database, world)
    reviews = [_reviewed(client_code, content, world) for client_code, content in files]
    decisions = Counter(review.decision for review in reviews)
    assert decisions.total() == INVOICES
    assert decisions["approved"] > INVOICES / 2
    assert decisions["reduced"] >= INVOICES // 10
    assert decisions["disputed"] + decisions["rejected"] >= 1
    reasons = " ".join(line.reasons for review in reviews for line in review.lines)
    for cause in ("disallowed description", "overhead", "daily time entry", "per entry", "negotiated rate"):
        assert cause in reasons


def _billed_files(database: Database, world: World) -> list[tuple[str, bytes]]:
    """Bill the month through the product's own services and return each file with its carrier's code."""
    with database.unit_of_work() as session:
        dana = _dana(session)
        run = run_billing(session, dana, period_start=world.period.start, period_end=world.period.end)
        send_run_to_review(session, dana, run_id=run.id or 0)
    with database.unit_of_work() as session:
        ids = _approve_all(session)
        finalize_proformas(session, _dana(session), proforma_ids=ids, invoice_date=date(2026, 11, 22))
    with database.read_only() as session:
        statement = (
            select(Carrier.client_code, InvoiceRevision.file_content)
            .join(Invoice, col(Invoice.carrier_id) == col(Carrier.id))
            .join(InvoiceRevision, col(InvoiceRevision.invoice_id) == col(Invoice.id))
        )
        return [(code, content) for code, content in session.exec(statement)]


def _approve_all(session: Session) -> list[int]:
    ids = []
    for proforma in session.exec(select(Proforma).where(Proforma.status == ProformaStatus.IN_REVIEW)).all():
        reviewer = actor_of(session.get_one(User, proforma.reviewer_id))
        assert reviewer.has(Role.ATTORNEY)
        approve_proforma(
            session, reviewer, proforma_id=proforma.id or 0, expected_version=proforma.version, note="As worked."
        )
        ids.append(proforma.id or 0)
    return ids


def _reviewed(client_code: str, content: bytes, world: World) -> Review:
    sites = parse_world(world.document)
    carrier = next(one for one in sites.carriers.values() if one.client_id == client_code)
    reading = read_file(content, carrier.file_format, carrier.habits)
    assert reading.findings == []
    assert reading.bill is not None
    assert check_bill(reading.bill, carrier, sites) == []
    return review_bill(reading.bill, carrier)
