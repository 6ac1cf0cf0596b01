"""An attorney mends what the carrier would cut, a timekeeper gives the hours of a split, and the bill adds up."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlmodel import Session, col

from models import Matter, Proforma, User
from models.enums import LineTreatment, Role
from sandbox.month import desk
from services.billing.billing_runs import run_billing, send_run_to_review
from services.review.line_edits import settle
from services.review.proforma_findings import lines_of
from tests.builders import (
    id_of,
    make_carrier,
    make_matter,
    make_rate,
    make_time_entry,
    make_timekeeper,
    profile_document,
)
from tests.journeys.conftest import PHONE, Arrive
from tests.journeys.house import EMAIL, House
from tests.journeys.pages import faults
from tests.journeys.visitor import Visitor

pytestmark = [pytest.mark.chromium, pytest.mark.redis, pytest.mark.slow]

RATE, OLD_RATE = Decimal("285.00"), Decimal("310.00")
RULES = [
    {"kind": "rate_cap", "action": "reduce"},
    {"kind": "travel_time", "action": "reduce", "percent": "50"},
    {"kind": "block_billing", "action": "reduce"},
]
TASKS = ["L120", "L240", "L330"]
DAY = date(2026, 10, 5)
HOURS = ("1.5", "0.6")
WORK = (
    ("1.0", "L120", "Analyze the coverage defenses raised in the answer"),
    ("1.0", "L310", "Prepare for the deposition of the plaintiff's treating physician"),
    ("1.0", "L120", "Travel to Dayton for the inspection of the premises"),
    ("2.4", "L120", "Drafted motion to dismiss; telephone call with opposing counsel regarding depositions"),
)


@pytest.fixture
def path(house: House) -> str:
    """Bill four entries of Dana Brooks on a new matter of Ana Reyes, each with something for the carrier to cut."""
    with house.database.unit_of_work() as session:
        matter = _make_matter(session)
        biller = desk.first_person(session, Role.BILLER)
        first = DAY.replace(day=1)
        run = run_billing(
            session, biller, period_start=first, period_end=DAY.replace(day=31), matter_ids=[id_of(matter)]
        )
        send_run_to_review(session, biller, run_id=id_of(run))
        proforma = session.scalars(select(Proforma).where(col(Proforma.matter_id) == matter.id)).one()
        _bill_at_old_rate(session, proforma)
        return f"/proforma/{proforma.id}"


def _make_matter(session: Session) -> Matter:
    ana, dana = (
        session.scalars(select(User).where(col(User.email) == EMAIL[role])).one() for role in ("attorney", "biller")
    )
    carrier = make_carrier(session, profile=profile_document(guidelines=RULES, codes={"task": TASKS}))
    who = make_timekeeper(session)
    dana.timekeeper_id = who.id
    make_rate(session, RATE, carrier=carrier, timekeeper=who)
    matter = make_matter(session, carrier=carrier, attorney=ana, number="2026-RULES")
    for day, (hours, task, text) in enumerate(WORK, start=5):
        on = DAY.replace(day=day)
        make_time_entry(
            session, matter=matter, timekeeper=who, hours=hours, task_code=task, narrative=text, worked_on=on
        )
    return matter


def _bill_at_old_rate(session: Session, proforma: Proforma) -> None:
    """Let the first line stand at a rate that the carrier has lowered since."""
    lines = lines_of(session, id_of(proforma))
    lines[0].unit_cost = lines[0].billed_amount = OLD_RATE
    settle(session, proforma, lines)


def fix(ana: Visitor, words: str) -> None:
    """Press a fix and wait until it has been carried out."""
    ana.press(".line-flags button", words)
    ana.until_says(".result", "Fixed.")
    ana.until(lambda: not any(words in text for text in ana.texts(".line-flags button")), f"{words!r} to be gone")
    ana.press(".result .icon-button")
    ana.until(lambda: not ana.count(".result"), "the result to be put away, so that nothing moves under the next click")


def test_mend_findings_and_split_with_the_timekeeper(house: House, path: str, arrive: Arrive):
    ana = arrive("attorney")
    ana.go(path)
    for words in ("Cut to $285.00", "Move to L330", "Reduce to 50 % ($142.50)"):
        fix(ana, words)
    ana.press(".line-flags button", "Propose a split")
    ana.until(lambda: ana.count("[role=dialog] textarea") == len(HOURS), "the texts proposed")
    ana.press("[role=dialog] button", "Propose to the timekeeper")
    ana.until_says(".result", "Proposed.")
    assert faults(ana) == []
    give_hours(arrive)
    ana.go(path)
    ana.press(".filters button", "All")
    ana.until_says(".line-marks", "Split into 5, 6")
    ana.until_says(".figure-main", "$1,311.00")
    assert stored(house, path) == [
        (LineTreatment.SPLIT, "2.4"),
        (LineTreatment.BILL, "1.5"),
        (LineTreatment.BILL, "0.6"),
    ]


def give_hours(arrive: Arrive) -> None:
    """Give the hours of the split on a phone, as its timekeeper."""
    dana = arrive("biller", PHONE)
    dana.go("/attest")
    assert faults(dana) == []
    for place, hours in enumerate(HOURS, start=1):
        dana.type(f".attest-part:nth-of-type({place}) input", hours)
    dana.until_says(".attest-sum", "2.1 of 2.4 h given, 0.3 h will be written down")
    dana.press(".attest-card button", "Attest")
    dana.until_says(".result", "Attested.")
    dana.until_says("main", "Nothing waits for you")


def stored(house: House, path: str) -> list[tuple[LineTreatment, str]]:
    """Return treatment and hours of the split line and its parts."""
    with house.database.read_only() as session:
        lines = lines_of(session, int(path.rsplit("/", 1)[1]))[len(WORK) - 1 :]
        return [(line.treatment, f"{line.billed_units.normalize():f}") for line in lines]
