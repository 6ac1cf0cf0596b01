"""A page whose rows do not come says so, in a real browser; one that has its rows says nothing."""

from pathlib import Path

import pytest
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.support.wait import WebDriverWait

pytestmark = [pytest.mark.chromium, pytest.mark.timeout(120)]

SCRIPT = Path("assets/late.js").read_text(encoding="utf-8")
NOTE = "aside.late-note"


@pytest.fixture
def page(driver: WebDriver, tmp_path: Path) -> WebDriver:
    """Open a page that waits for its rows, with patience of a fifth of a second."""
    impatient = SCRIPT.replace("PATIENCE = 12000", "PATIENCE = 200").replace("LOOK = 500", "LOOK = 50")
    assert impatient.count("= 200;") == impatient.count("= 50;") == 1
    path = tmp_path / "page.html"
    path.write_text(f"<main><h1>Invoices</h1><div class='skeleton'>Loading</div></main><script>{impatient}</script>")
    driver.get(path.as_uri())
    return driver


def notes(driver: WebDriver) -> list[str]:
    return [note.text for note in driver.find_elements(By.CSS_SELECTOR, NOTE)]


def until(driver: WebDriver, count: int) -> None:
    # A note may go between finding and reading it.
    waiting = WebDriverWait(driver, 10, 0.05, ignored_exceptions=[StaleElementReferenceException])
    waiting.until(lambda _: len(notes(driver)) == count, f"{count} notes")


def test_a_page_that_waits_too_long_says_so_once(page):
    until(page, 1)
    [said] = notes(page)
    assert "longer than it should" in said
    assert not page.execute_async_script("setTimeout(arguments[0], 400)")
    assert len(notes(page)) == 1


def test_rows_that_come_after_all_take_the_note_away(page):
    until(page, 1)
    page.execute_script("document.querySelector('.skeleton').remove()")
    until(page, 0)
    assert notes(page) == []


def test_load_again_loads_the_page_again(page):
    until(page, 1)
    page.execute_script("window.isOld = true")
    page.find_element(By.CSS_SELECTOR, f"{NOTE} button").click()
    WebDriverWait(page, 10, 0.05).until(lambda _: not page.execute_script("return window.isOld"), "a new page")
    assert page.find_element(By.TAG_NAME, "h1").text == "Invoices"


def test_rows_that_are_there_in_time_leave_no_note(page):
    page.execute_script("document.querySelector('.skeleton').remove()")
    page.execute_async_script("setTimeout(arguments[0], 600)")
    assert notes(page) == []
