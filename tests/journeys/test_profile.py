"""An administrator takes in a recording, walks through the site with it, and puts the new profile in force."""

from pathlib import Path

import pytest

from tests.journeys.conftest import Arrive
from tests.journeys.house import House
from tests.journeys.pages import faults, faults_by_look
from tests.journeys.visitor import Visitor

pytestmark = [pytest.mark.chromium, pytest.mark.redis, pytest.mark.slow]

RECORDING = Path(__file__).parents[1] / "carriers" / "recordings" / "harbor-mutual.side"
CARRIER = "Harbor Mutual Insurance"
_DAY = "const field = document.querySelector(arguments[0]); field.value = '2026-05-02'"
_PASTE = "document.getElementById('recording-text').value = arguments[0]"


def paste(visitor: Visitor, text: str) -> None:
    visitor.until(lambda: visitor.count("#recording-text"), "the field of the recording")
    visitor.driver.execute_script(_PASTE, text)
    visitor.press("[role=dialog] button[type=submit]", "Put into the draft")


def test_record_walk_and_activate(house: House, arrive: Arrive):
    omar = arrive("admin")
    omar.go("/carriers")
    omar.press(f"a[aria-label='Profile of {CARRIER}']")
    omar.until_says("main", "Version 1 is in force")
    omar.press("main button", "Import…")
    paste(omar, RECORDING.read_text(encoding="utf-8"))
    omar.until_says("[aria-label=Import]", "Selenium IDE, “Upload an invoice”")
    omar.until_says("[aria-label=Import]", "a field is filled without clicking into it first")
    assert "Winter-Quay-88" not in omar.driver.page_source
    omar.press("section[aria-label='Dry run'] button", "Dry run")
    omar.until_says("section[aria-label='Dry run']", "Reached the upload", seconds=90)
    omar.until(lambda: omar.count(".run-picture img") >= 6, "a picture a step")
    omar.until_says(".steps", "Met in the last dry run: 1")
    omar.press("main button", "Save…")
    omar.until_says("[role=dialog]", "What differs")
    omar.type("[role=dialog] textarea[name=note]", "Recorded after the site's new menu")
    omar.press("[role=dialog] button[type=submit]", "Save version")
    omar.until_says(".versions", "Version 2")
    omar.press(".versions button", "Activate…")
    omar.type("[role=dialog] textarea[name=note]", "Seen in the dry run")
    omar.press("[role=dialog] button[type=submit]", "Activate")
    omar.until_says("main", "Version 2 is in force")
    omar.press(".versions button", "Roll back…")
    omar.type("[role=dialog] textarea[name=note]", "Back to what was proved")
    omar.press("[role=dialog] button[type=submit]", "Activate")
    omar.until_says("main", "Version 1 is in force")
    assert faults(omar) == []


MAIL = """Authentication-Results: mx.hwr.example; dkim=pass header.d=harbor.example
From: Harbor <results@harbor.example>
Subject: Decisions of today

2026-000007 was Cut at $1,200.50
Line 2: Travel is not paid -$80.00
"""
LAYOUT = {
    "name": "Decisions",
    "subject": "^Decisions of",
    "invoice": r"(?P<invoice_number>\S+) was (?P<decision>\w+) at (?P<amount>\$[\d,.]+)",
    "line": r"Line (?P<line>\d+): (?P<reason>.+) (?P<amount>-\$[\d,.]+)",
}


def unfold(visitor: Visitor, title: str) -> str:
    """Open one of the folded forms; return the selector of it."""
    form = f"details[aria-label='{title}']"
    visitor.press(f"{form} > summary")
    return form


def test_what_is_typed_in_one_form_stays_when_another_is_kept(house: House, arrive: Arrive):
    omar = arrive("admin")
    omar.go("/carriers")
    omar.press(f"a[aria-label='Profile of {CARRIER}']")
    omar.until_says("main", "is in force")
    terms, decisions, pages = (unfold(omar, title) for title in ("File and terms", "Decisions", "Pages"))
    typed = {f"{terms} input[name=file_name]": "HM_{invoice_number}.txt", f"{pages} input[name=name]": "start"}
    for field, text in typed.items():
        omar.type(field, text)
    omar.choose(f"{terms} select[name=law_firm_id]", "digits_only")
    omar.type(f"{decisions} textarea[name=pending]", "Waiting for us")
    omar.press(f"{decisions} button[type=submit]")
    omar.until_says("main", "Not saved")
    value = "return document.querySelector(arguments[0]).value"
    assert {field: omar.driver.execute_script(value, field) for field in typed} == typed
    assert omar.driver.execute_script(value, f"{terms} select[name=law_firm_id]") == "digits_only"
    steps = "section[aria-label=Steps]"
    omar.press(f"{steps} button[aria-label='Edit step 2']")
    omar.until(lambda: omar.count(f"{steps} form input[name=label]"), "the step's form")
    assert not omar.driver.find_element("css selector", f"{steps} [aria-label='Move step 2 up']").is_enabled()
    omar.press("main button", "Undo")
    omar.until(lambda: "Not saved" not in omar.texts(".profile-standing")[0], "the draft as it was")


def test_fill_in_what_the_carrier_agreed_to(house: House, arrive: Arrive):
    omar = arrive("admin")
    omar.go("/carriers")
    omar.press(f"a[aria-label='Profile of {CARRIER}']")
    omar.until_says("main", "is in force")
    hours = unfold(omar, "Opening hours and pace")
    omar.type(f"{hours} textarea[name=hours]", "whenever")
    omar.press(f"{hours} button[type=submit]")
    omar.until_says(f"{hours} [role=alert]", "Opening hours, line 1: “whenever” is not understood")
    omar.type(f"{hours} textarea[name=hours]", "Mon-Fri 7:00-19:00")
    omar.press(f"{hours} button[type=submit]")
    omar.until_says("main", "Not saved")
    lane = unfold(omar, "Fast lane")
    omar.until_says(lane, "Off until the carrier's consent is recorded below")
    omar.type(f"{lane} input[name=named]", "Lena Ortiz, vendor manager")
    omar.driver.execute_script(_DAY, f"{lane} input[name=given_on]")
    omar.type(f"{lane} input[name=reference]", "Letter of May 2")
    omar.press(f"{lane} form button[type=submit]")
    omar.until_says(lane, "Consent: Allowed by Lena Ortiz, vendor manager, 2026-05-02")
    omar.press(f"{lane} input[type=checkbox]")
    omar.until(lambda: omar.count(f"{lane} input[type=checkbox]:checked"), "the switch to be on")
    codes = unfold(omar, "Codes")
    omar.type(f"{codes} textarea[name=own]", "X100,task,Claim set-up,soon")
    omar.press(f"{codes} button[type=submit]")
    omar.until_says(f"{codes} [role=alert]", "Line 1, From: “soon” is no date")
    people = unfold(omar, "People and rates")
    omar.press(f"{people} button", "Begin with the rates in force")
    omar.until_says(people, "in force by person")
    mails = unfold(omar, "Result mails")
    omar.type(f"{mails} input[name=sender]", "results@harbor.example")
    omar.type(f"{mails} input[name=dkim_domain]", "harbor.example")
    omar.type(f"{mails} textarea[name=reduced]", "Cut")
    omar.press(f"{mails} form button[type=submit]", "Keep these changes")
    omar.until(lambda: "results@harbor.example" in omar.driver.page_source, "the sender")
    omar.type(f"{mails} input[name=name]", LAYOUT["name"])
    for field in ("subject", "invoice", "line"):
        omar.type(f"{mails} textarea[name={field}]", LAYOUT[field])
    omar.press(f"{mails} form button[type=submit]", "Add layout")
    omar.until_says(f"{mails} .part-rows", "Decisions")
    omar.type(f"{mails} textarea[name=mail]", MAIL)
    omar.press(f"{mails} form button[type=submit]", "Try")
    omar.until_says(".mail-read", "It would count: it comes from results@harbor.example")
    omar.until_says(".mail-read", "approved 1,200.50")
    omar.until_says(".mail-read", "Line 2: Travel is not paid, 80.00 taken off")
    assert faults_by_look(omar) == {}
