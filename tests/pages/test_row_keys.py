"""The scripts of walked lists in a real browser: what a key acts upon is the row that is seen to be the current one."""

from pathlib import Path

import pytest
from selenium.webdriver import ActionChains
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.support.wait import WebDriverWait

pytestmark = [pytest.mark.chromium, pytest.mark.timeout(120)]

ASSETS = Path("assets")
ROW = (
    '<li data-row="{id}" tabindex="-1"><button data-key="a" data-moves-on="yes">Approve</button>'
    '<button data-key="r">Return</button></li>'
)
PLACES = """
    return [document.activeElement.closest("[data-row]"), document.querySelector("[data-row].current")]
      .map((row) => row?.dataset.row ?? null);
"""
ASK = """
    const question = document.createElement("div");
    question.setAttribute("role", "dialog");
    question.dataset.state = "open";
    question.innerHTML = "<button>Send</button>";
    document.body.append(question);
    question.firstChild.focus();
"""


@pytest.fixture
def rows(driver: WebDriver, tmp_path: Path) -> WebDriver:
    """Show a list of six with the scripts the portal has on every page, walked to the second."""
    page = tmp_path / "list.html"
    scripts = "".join(f"<script>{(ASSETS / name).read_text()}</script>" for name in ("focus.js", "review.js"))
    listed = "".join(ROW.format(id=number) for number in range(1, 7))
    page.write_text(f"<main><h1>Review</h1>{scripts}<ul class='queue'>{listed}</ul></main>")
    driver.get(page.as_uri())
    driver.execute_script("window.clicked = []; addEventListener('click', (e) => clicked.push([e.target.textContent,"
                          " e.target.closest('[data-row]')?.dataset.row]))")  # fmt: skip
    press(driver, "j")
    press(driver, "j")
    assert comes_to(driver, "2")
    return driver


def press(driver: WebDriver, key: str) -> None:
    ActionChains(driver).send_keys(key).perform()


def comes_to(driver: WebDriver, row: str) -> bool:
    """Wait until the focus and the mark are both on a row; times out otherwise."""
    both = WebDriverWait(driver, 10, 0.05)
    return both.until(lambda _: driver.execute_script(PLACES) == [row, row], f"the focus and the mark on {row}")


def remove(driver: WebDriver, selector: str) -> None:
    """Take an element away and let the scripts see it before anything else happens."""
    driver.execute_async_script(
        "document.querySelector(arguments[0]).remove();"
        "requestAnimationFrame(() => requestAnimationFrame(() => arguments[1]()))",
        selector,
    )


def test_approving_moves_on_to_the_next_row(rows):
    press(rows, "a")
    assert comes_to(rows, "3")
    assert rows.execute_script("return clicked") == [["Approve", "2"]]


def test_row_returned_after_one_before_it_has_gone_hands_its_place_to_the_next(rows):
    press(rows, "a")
    assert comes_to(rows, "3")
    remove(rows, "[data-row='2']")
    # The list hears of the return before the question is closed.
    rows.execute_script(ASK)
    remove(rows, "[data-row='3']")
    remove(rows, "[role=dialog]")
    assert comes_to(rows, "4")
    press(rows, "a")
    assert rows.execute_script("return clicked.at(-1)") == ["Approve", "4"]


def test_rows_that_others_take_away_do_not_move_the_place(rows):
    press(rows, "j")
    assert comes_to(rows, "3")
    remove(rows, "[data-row='1']")
    remove(rows, "[data-row='2']")
    assert comes_to(rows, "3")
    remove(rows, "[data-row='3']")
    assert comes_to(rows, "4")
    press(rows, "k")
    assert comes_to(rows, "4")


def test_last_row_that_goes_leaves_the_place_to_the_one_before(rows):
    for _ in range(4):
        press(rows, "j")
    assert comes_to(rows, "6")
    remove(rows, "[data-row='6']")
    assert comes_to(rows, "5")


def test_mark_goes_where_tab_goes(rows):
    for _ in range(3):
        press(rows, Keys.TAB)  # over both buttons of the second row, to the first of the third
    assert comes_to(rows, "3")
    press(rows, "a")
    assert rows.execute_script("return clicked.at(-1)") == ["Approve", "3"]
