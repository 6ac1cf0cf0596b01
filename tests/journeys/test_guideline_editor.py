"""An administrator changes a carrier's rule, sees first what it would do, and the next bill follows the new version."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlmodel import Session, col

from models import Carrier, Matter, Proforma, Timekeeper, User
from models.enums import Role
from sandbox.month import desk
from services.billing.billing_runs import run_billing, send_run_to_review
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

NAME, DAY = "Larkspur Mutual", date(2026, 10, 6)
RULES = [
    {"kind": "max_hours_per_day", "action": "reduce", "hours": "12"},
    {"kind": "receipt_required", "action": "warn", "over": "50"},
]


@pytest.fixture
def path(house: House) -> str:
    """Make a carrier with two rules, and bill one day of seven hours to it."""
    with house.database.unit_of_work() as session:
        carrier = make_carrier(session, name=NAME, profile=profile_document(guidelines=RULES))
        make_rate(session, Decimal("200.00"), carrier=carrier, timekeeper=make_timekeeper(session))
        bill(session, carrier, "2026-LARK-1")
        return f"/carriers/{carrier.id}/guidelines"


def bill(session: Session, carrier: Carrier, number: str) -> Proforma:
    """Bill one day of seven hours on a new matter of Ana Reyes."""
    ana = session.scalars(select(User).where(col(User.email) == EMAIL["attorney"])).one()
    who = session.scalars(select(Timekeeper).order_by(col(Timekeeper.id).desc())).first()
    matter: Matter = make_matter(session, carrier=carrier, attorney=ana, number=number)
    text = "Analyze the coverage defenses raised in the answer"
    make_time_entry(session, matter=matter, timekeeper=who, hours="7", narrative=text, worked_on=DAY)
    biller = desk.first_person(session, Role.BILLER)
    first, last = DAY.replace(day=1), DAY.replace(day=31)
    run = run_billing(session, biller, period_start=first, period_end=last, matter_ids=[id_of(matter)])
    send_run_to_review(session, biller, run_id=id_of(run))
    return session.scalars(select(Proforma).where(col(Proforma.matter_id) == matter.id)).one()


def test_change_a_rule_and_see_the_next_bill_follow_it(house: House, path: str, arrive: Arrive):
    omar = arrive("admin")
    omar.go("/carriers")
    omar.press(f"[aria-label='Guidelines of {NAME}']")
    change_the_hours(omar)
    save(omar)
    assert faults(omar) == []
    with house.database.unit_of_work() as session:
        carrier = session.scalars(select(Carrier).where(col(Carrier.name) == NAME)).one()
        proforma_id = bill(session, carrier, "2026-LARK-2").id
    read_as_attorney(arrive("attorney"), f"/proforma/{proforma_id}", path)


def change_the_hours(omar: Visitor) -> None:
    omar.until_says(".rule-card", "Would have met nothing")
    omar.press(".rule-title", "Hours in a day")
    omar.type(".rule-panel input[name=hours]", "a lot")
    omar.until_says(".rule-panel .field-problem", "Give a number")
    omar.type(".rule-panel input[name=hours]", "5")
    omar.until_says(".rule-card.selected", "Would have cut 1 line, $400.00")
    omar.until_says(".rule-card.selected", "1 line more, $400.00 more than today")
    omar.until(lambda: omar.count(".rule-examples a"), "an example with its bill")
    assert faults(omar) == []
    omar.see_as(PHONE)
    assert faults(omar) == []


def save(omar: Visitor) -> None:
    omar.press(".rule-panel [aria-label='Close the rule']")
    omar.press(".unsaved-bar button", "Save")
    omar.type("[role=dialog] textarea[name=note]", "Letter of 2 November")
    omar.press("[role=dialog] button[type=submit]", "Save")
    omar.until_says(".result", "Version 2 is in force")
    omar.press("button", "Versions")
    omar.until_says(".version-list li", "Letter of 2 November")
    omar.until_says(".change-list", "Most hours a day: 5 hours, was 12 hours.")


def read_as_attorney(ana: Visitor, proforma: str, path: str) -> None:
    ana.go(proforma)
    ana.until_says(".line-flags", "5 h")
    ana.press(".line-flags a", "See the rule")
    ana.until_says(".rule-panel h2", "Hours in a day")
    ana.until_says(".rule-card.selected", "One person bills at most 5 hours a day")
    assert ana.driver.current_url.endswith(f"{path}?rule=max_hours_per_day")
    assert not ana.driver.execute_script(
        "return document.querySelector('.rule-panel input[name=hours]').matches(':enabled')"
    )
    assert ana.count(".trial-bar") == 0
    assert faults(ana) == []
