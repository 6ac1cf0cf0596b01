"""An attorney goes through her proformas: by keys on a desk, by thumb on a phone, in two browsers at once."""

import pytest
from sqlmodel import col, select

from models import Proforma, ProformaLine, User
from models.enums import ProformaStatus
from tests.builders import id_of
from tests.journeys.conftest import PHONE, Arrive
from tests.journeys.house import House
from tests.journeys.visitor import Visitor

pytestmark = [pytest.mark.chromium, pytest.mark.redis, pytest.mark.slow]

FLAGGED = ".queue-row:has(.flags)"
NARRATIVE = "#line-panel textarea[name=narrative]"


def own_line(house: House, path: str) -> int:
    """Return the first line of a proforma that is the attorney's own time; the text of others she only proposes."""
    statement = (
        select(ProformaLine)
        .join(User, col(User.timekeeper_id) == col(ProformaLine.timekeeper_id))
        .where(col(ProformaLine.proforma_id) == proforma_id(path), col(User.email).startswith("ana.reyes"))
        .order_by(col(ProformaLine.line_number))
        .limit(1)
    )
    with house.database.read_only() as session:
        return id_of(session.exec(statement).one())


def open_line(house: House, ana: Visitor, path: str) -> int:
    """Open the attorney's first own line of a proforma; return the line's id."""
    line_id = own_line(house, path)
    ana.go(path)
    ana.press(".filter", "All")
    ana.press(f".line-body[data-row='{line_id}'] .line-number")
    ana.until(lambda: ana.count(NARRATIVE), "the line's form")
    return line_id


def correct(ana: Visitor, narrative: str) -> None:
    """Change the open line's narrative and save it by the keyboard."""
    ana.type(NARRATIVE, narrative)
    ana.submit_by_keys()
    ana.until_says(".result", "saved")
    ana.press("[aria-label='Close the line']")


def approve(ana: Visitor) -> None:
    """Approve the open proforma, over a blocking guideline with the note that is then asked for."""
    is_blocked = ana.count(".callout.red")
    ana.press(".verbs button", "Approve")
    if is_blocked:
        ana.type("[role=dialog] textarea", "Allowed by the claims handler on the phone")
        ana.press("[role=dialog] button", "Approve all the same")
    ana.until_says(".standing", "Approved")


def stored_narrative(house: House, line_id: int) -> str:
    with house.database.read_only() as session:
        return session.get_one(ProformaLine, line_id).billed_narrative


def status(house: House, path: str) -> ProformaStatus:
    with house.database.read_only() as session:
        return session.get_one(Proforma, proforma_id(path)).status


def proforma_id(path: str) -> int:
    return int(path.partition("?")[0].rsplit("/", 1)[1])


def test_keep_what_was_typed_on_a_stale_version(house: House, arrive: Arrive):
    first, second = arrive("attorney"), arrive("attorney")
    first.go("/review")
    path = first.first_link(f"{FLAGGED} .queue-number")
    line_id = open_line(house, first, path)
    assert open_line(house, second, path) == line_id
    correct(first, "Conference with the adjuster on the inspection of the roof")
    mine = "Telephone conference with the adjuster on the inspection of the roof"
    second.type(NARRATIVE, mine)
    second.submit_by_keys()
    second.until(lambda: second.count(".line-form .callout"), "the conflict")
    assert second.driver.execute_script(f"return document.querySelector('{NARRATIVE}').value") == mine
    assert stored_narrative(house, line_id).startswith("Conference")
    correct(second, mine)
    assert stored_narrative(house, line_id) == mine


def test_approve_by_thumb_on_a_phone(house: House, arrive: Arrive):
    ana = arrive("attorney", PHONE)
    ana.go("/review")
    clean = ana.first_link(".queue-row[data-swipe=both] .queue-number")
    ana.swipe(".queue-row[data-swipe=both]", by=240)
    ana.until_says(".result", "Approved")
    assert status(house, clean) is ProformaStatus.APPROVED
    flagged = ana.first_link(f"{FLAGGED} .queue-number")
    line_id = open_line(house, ana, flagged)
    correct(ana, "Review the engineer's report on the cause of the leak")
    approve(ana)
    assert status(house, flagged) is ProformaStatus.APPROVED
    assert stored_narrative(house, line_id) == "Review the engineer's report on the cause of the leak"


def test_approve_all_clean_and_a_corrected_one_on_a_desk(house: House, arrive: Arrive):
    ana = arrive("attorney")
    ana.go("/review")
    clean, flagged = ana.count(".queue-row .badge-green"), ana.count(FLAGGED)
    ana.press(".page-actions button", f"Approve {clean} clean")
    ana.press("[role=dialog] button[type=submit]", f"Approve {clean}")
    ana.until_says(".result", f"Approved {clean} proformas")
    ana.until(lambda: ana.count(".queue-row") == flagged, "the flagged ones alone")
    ana.keys("j", "e")
    ana.until(lambda: "/proforma/" in ana.driver.current_url, "the proforma")
    path = ana.driver.current_url.removeprefix(house.url)
    line_id = open_line(house, ana, path)
    correct(ana, "Draft the answer to the amended complaint")
    approve(ana)
    assert status(house, path) is ProformaStatus.APPROVED
    assert stored_narrative(house, line_id) == "Draft the answer to the amended complaint"
