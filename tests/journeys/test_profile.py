"""An administrator takes in a recording, walks through the site with it, and puts the new profile in force."""

from pathlib import Path

import pytest

from tests.journeys.conftest import Arrive
from tests.journeys.house import House
from tests.journeys.test_all_pages import faults
from tests.journeys.visitor import Visitor

pytestmark = [pytest.mark.chromium, pytest.mark.redis, pytest.mark.slow]

RECORDING = Path(__file__).parents[1] / "carriers" / "recordings" / "harbor-mutual.side"
CARRIER = "Harbor Mutual Insurance"
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
    omar.press("button[aria-label='Put in force version 2']")
    omar.type("[role=dialog] textarea[name=note]", "Seen in the dry run")
    omar.press("[role=dialog] button[type=submit]", "Activate")
    omar.until_says("main", "Version 2 is in force")
    omar.press("button[aria-label='Put in force version 1']")
    omar.type("[role=dialog] textarea[name=note]", "Back to what was proved")
    omar.press("[role=dialog] button[type=submit]", "Activate")
    omar.until_says("main", "Version 1 is in force")
    assert faults(omar) == []
