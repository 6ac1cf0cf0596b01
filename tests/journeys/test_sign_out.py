"""Signing out ends the browser's session: other tabs too, and going back shows nothing."""

import pytest

from tests.journeys.conftest import Arrive

pytestmark = [pytest.mark.chromium, pytest.mark.redis, pytest.mark.slow]


def test_leave_nothing_behind_on_signing_out(arrive: Arrive):
    dana = arrive("biller")
    dana.go("/invoices", shows="a[href^='/invoices/']")
    dana.press(".avatar")
    dana.press(".menu-item", "Sign out")
    dana.until_says("[role=alert]", "You are signed out.")
    dana.driver.back()
    dana.until(lambda: "/sign-in" in dana.driver.current_url, "the sign-in page instead of the invoices")
    assert dana.count("a[href^='/invoices/']") == 0
