"""Every page on a desk, in the dark and on a phone: no fault by axe, nothing sticks out or is cut, a quiet console."""

import pytest

from tests.journeys.conftest import DARK, DESK, PHONE, Arrive, TourOf
from tests.journeys.pages import PAGES, faults, faults_by_look

pytestmark = [pytest.mark.chromium, pytest.mark.redis, pytest.mark.slow]


@pytest.mark.parametrize("role", PAGES)
def test_show_every_page_without_fault(role: str, tour: TourOf):
    assert tour(role).faults == {}


DIALOGS = {
    "keys": (".keys-button", "", "#keys"),
    "more": (".queue-more", "", ".sheet-step"),
    "return": (".queue-buttons button", "Return", ".reason"),
    "all clean": (".page-actions button", "clean", ".offer"),
}


@pytest.mark.parametrize("name", DIALOGS)
def test_show_questions_of_the_queue_without_fault(name: str, arrive: Arrive):
    ana = arrive("attorney")
    ana.go("/review")
    button, words, shows = DIALOGS[name]
    ana.press(button, words)
    ana.until(lambda: ana.count(shows), name)
    assert faults_by_look(ana, (DARK, DESK) if name == "keys" else (DARK, PHONE, DESK)) == {}


FORMS = {"/absence": ("New absence", "Let somebody act"), "/people": ("New team", "New rule", "New absence")}


@pytest.mark.parametrize(("role", "path"), [("attorney", "/absence"), ("admin", "/people")])
def test_show_forms_of_people_without_fault(role: str, path: str, arrive: Arrive):
    visitor = arrive(role)
    wrong = {}
    for words in FORMS[path]:
        visitor.go(path)
        visitor.press(".desk-head button", words)
        visitor.until(lambda: visitor.count("[role=dialog]"), "the form")
        wrong[words] = faults_by_look(visitor)
    assert not any(wrong.values()), wrong


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
