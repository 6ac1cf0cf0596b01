"""An administrator stops and starts a carrier's traffic, and stores a log-in that nobody can read again."""

import pytest

from tests.journeys.conftest import Arrive
from tests.journeys.house import House

pytestmark = [pytest.mark.chromium, pytest.mark.redis, pytest.mark.slow]

CARRIER = "Granite Surety"


def test_pause_and_resume_a_carrier(arrive: Arrive):
    omar = arrive("admin")
    omar.go("/carriers")
    omar.press(f"button[aria-label='Pause carrier {CARRIER}']")
    omar.type("[role=dialog] textarea", "The site is closed tonight")
    omar.press("[role=dialog] button[type=submit]", "Pause")
    omar.until(lambda: omar.count(f"button[aria-label='Resume carrier {CARRIER}']"), "the paused carrier")
    omar.until_says("tbody tr", "Paused")
    omar.press(f"button[aria-label='Resume carrier {CARRIER}']")
    omar.press("[role=dialog] button[type=submit]", "Resume")
    omar.until(lambda: omar.count(f"button[aria-label='Pause carrier {CARRIER}']"), "the running carrier")
    assert not any("Paused" in row for row in omar.texts("tbody tr"))


def test_store_a_log_in_that_is_never_shown(house: House, arrive: Arrive):
    password = "the-same-as-before"
    omar = arrive("admin")
    omar.go("/carriers")
    omar.press(f"button[aria-label='Enter the log-in of {CARRIER}']")
    omar.type("[role=dialog] input[name=password]", password)
    omar.press("[role=dialog] button[type=submit]", "Store")
    omar.until_says("[data-sonner-toast]", "1 value stored")
    omar.press(f"button[aria-label='Enter the log-in of {CARRIER}']")
    omar.until(lambda: omar.count("[role=dialog] input[name=password]"), "the form")
    assert password not in omar.driver.page_source
    omar.go("/audit")
    omar.until_says("tbody tr", "Omar Whitfield")
