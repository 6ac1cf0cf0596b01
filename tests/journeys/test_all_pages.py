"""Every page on a desk, in the dark and on a phone: no fault by axe, nothing sticks out or is cut, a quiet console."""

import pytest

from tests.journeys.conftest import DARK, DESK, PHONE, Arrive
from tests.journeys.visitor import Visitor

pytestmark = [pytest.mark.chromium, pytest.mark.redis, pytest.mark.slow]

# By role: the list that leads to a page, and the link to follow there; '' = the list itself.
PAGES = {
    "attorney": (("/", ""), ("/review", ""), ("/review", ".queue-number"), ("/invoices", ""), ("/attest", "")),
    "biller": (
        ("/", ""),
        ("/review?status=finalized", ""),
        ("/review?status=finalized", ".queue-number"),
        ("/billing", ""),
        ("/invoices", ""),
        ("/invoices", "a.row-link"),
        ("/ledes", ""),
        ("/submissions", ""),
        ("/submissions?column=delivered", "a.row-link"),
        ("/rejections", ""),
        ("/rejections?view=reductions", ""),
        ("/results", ""),
    ),
    "admin": (
        ("/", ""),
        ("/carriers", ""),
        ("/carriers", "a.rules-link"),
        ("/carriers", "a[href$='/profile']"),
        ("/results", ""),
        ("/audit", ""),
    ),
}


ROW_SECONDS = 120  # the first file is on its way to its site while the house is new


def faults(visitor: Visitor) -> list[str]:
    """Return everything that is wrong with the page as it stands."""
    return [*visitor.violations(), *visitor.overflow(), *visitor.clipped(), *visitor.complaints()]


def address(visitor: Visitor, path: str, link: str) -> str:
    if not link:
        return path
    visitor.go(path)
    visitor.until(lambda: visitor.count(link), f"a row of {path}", seconds=ROW_SECONDS)
    return visitor.first_link(link)


@pytest.mark.parametrize("role", PAGES)
def test_show_every_page_without_fault(role: str, arrive: Arrive):
    visitor = arrive(role)
    wrong = {}
    for path, link in PAGES[role]:
        place = address(visitor, path, link)
        visitor.go(place)
        for look in (DARK, PHONE, DESK):
            visitor.see_as(look)
            if found := faults(visitor):
                wrong[place, look.name] = found
    assert wrong == {}


def test_show_palette_and_menu_without_fault(arrive: Arrive):
    dana = arrive("biller")
    dana.go("/")
    dana.press("[data-opens=palette]")
    dana.type("[data-palette-field]", "2026")
    dana.until(lambda: dana.count("[data-palette-item]"), "what was found")
    assert faults(dana) == []


def test_keep_filters_on_skipping_to_content(arrive: Arrive):
    dana = arrive("biller")
    dana.go("/invoices?document=open")
    dana.driver.execute_script("document.querySelector('.skip-link').click()")
    assert dana.driver.current_url.endswith("?document=open#content")
