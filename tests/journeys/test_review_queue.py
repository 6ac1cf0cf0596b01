"""Sixty proformas, 48 of them clean, are done in under forty interactions: by keys on a desk, by thumb on a phone."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import pytest
from selenium.webdriver.common.keys import Keys

from models import Proforma
from models.enums import ProformaStatus
from sandbox.screenshots.camera import Look
from tests.journeys.conftest import DESK, PHONE
from tests.journeys.house import House
from tests.journeys.sixty_proformas import Kind, Sixty, make_sixty, waiting
from tests.journeys.visitor import Visitor, visitor_of

pytestmark = [pytest.mark.chromium, pytest.mark.redis, pytest.mark.slow, pytest.mark.timeout(600)]

MOST = 40
CURRENT = ".queue-row.current"
SignIn = Callable[[Sixty, Look], Visitor]


@dataclass
class Hand:
    """Counts what a person does: each click, each key and each swipe is one."""

    visitor: Visitor
    count: int = 0

    def click(self, selector: str, words: str = "") -> None:
        self.count += 1
        self.visitor.press(selector, words)

    def key(self, key: str) -> None:
        self.count += 1
        self.visitor.keys(key)

    def send(self) -> None:
        """Send the open form by the keyboard: Ctrl-Enter, counted as one."""
        self.count += 1
        self.visitor.submit_by_keys()

    def swipe(self, selector: str, by: int) -> None:
        self.count += 1
        self.visitor.swipe(selector, by)


@pytest.fixture
def sign_in(house: House) -> Iterator[SignIn]:
    """Return a function that signs in whoever has the sixty, in a browser of its own."""
    with ExitStack() as browsers:

        def signed_in(sixty: Sixty, look: Look) -> Visitor:
            visitor = browsers.enter_context(visitor_of(house.url))
            visitor.look_as(look)
            visitor.sign_in_by_address(sixty.email)
            visitor.go("/review")
            return visitor

        yield signed_in


def rows(visitor: Visitor) -> int:
    return visitor.count(".queue-row")


def approve_clean(hand: Hand) -> None:
    """Approve the clean ones of each page of the list at once."""
    visitor = hand.visitor
    while clean := visitor.count(".queue-row .badge-green"):
        left = waiting_text(visitor)
        hand.click(".page-actions button", f"Approve {clean} clean")
        hand.click("[role=dialog] button[type=submit]", f"Approve {clean}")
        visitor.until_says(".result", f"Approved {clean} proformas")
        until_differs(visitor, left)


def until_differs(visitor: Visitor, before: str) -> None:
    visitor.until(lambda: waiting_text(visitor) != before, "a shorter list")


def waiting_text(visitor: Visitor) -> str:
    return visitor.texts(".page-subtitle")[0]


def current(visitor: Visitor) -> int:
    """Return the proforma whose row is the current one."""
    found = "return document.querySelector(arguments[0])?.dataset.row ?? null"
    visitor.until(lambda: visitor.driver.execute_script(found, CURRENT), "a current row")
    return int(visitor.driver.execute_script(found, CURRENT))


def gone(visitor: Visitor, proforma_id: int) -> None:
    visitor.until(lambda: not visitor.count(f".queue-row[data-row='{proforma_id}']"), f"{proforma_id} to leave")
    visitor.until(lambda: not visitor.count("[role=dialog]"), "no question")


def check_done(house: House, hand: Hand, sixty: Sixty) -> None:
    visitor = hand.visitor
    visitor.until_says("main", "Nothing waits for you")
    assert waiting(house, sixty) == 0
    assert hand.count < MOST, f"{hand.count} interactions"
    with house.database.read_only() as session:
        status = {key: session.get_one(Proforma, key).status for key in sixty.kinds}
    returned = {key for key, kind in sixty.kinds.items() if kind is Kind.RETURN}
    assert {key for key, found in status.items() if found is ProformaStatus.RETURNED} == returned
    assert {found for key, found in status.items() if key not in returned} == {ProformaStatus.APPROVED}


def test_finish_sixty_by_keys_on_a_desk(house: House, sign_in: SignIn, record_property):
    sixty = make_sixty(house)
    visitor = sign_in(sixty, DESK)
    hand = Hand(visitor)
    approve_clean(hand)
    hand.key("j")
    while rows(visitor):
        proforma_id = current(visitor)
        kind = sixty.kinds[proforma_id]
        if kind is Kind.FIX:
            hand.key("f")
            visitor.until(lambda: visitor.count(f"{CURRENT} .badge-green"), "the mended row")
        if kind is Kind.RETURN:
            hand.key("r")
            visitor.until(lambda: visitor.count("[role=dialog] .reason"), "the reasons")
            hand.key(Keys.SPACE)
            hand.send()
        else:
            hand.key("a")
        gone(visitor, proforma_id)
    record_property("interactions", hand.count)
    check_done(house, hand, sixty)


def test_finish_sixty_by_thumb_on_a_phone(house: House, sign_in: SignIn, record_property):
    sixty = make_sixty(house)
    visitor = sign_in(sixty, PHONE)
    hand = Hand(visitor)
    approve_clean(hand)
    while rows(visitor):
        proforma_id = current(visitor)
        kind = sixty.kinds[proforma_id]
        if kind is Kind.FIX:
            hand.click(f"{CURRENT} .flag button")
            visitor.until(lambda: visitor.count(f"{CURRENT} .badge-green"), "the mended row")
            hand.swipe(CURRENT, by=240)
        elif kind is Kind.RETURN:
            hand.click(".thumb-button", "Return")
            hand.click("[role=dialog] .reason .check-line")
            hand.click("[role=dialog] button[type=submit]", "Return")
        else:
            hand.click(".thumb-button", "Approve")
        gone(visitor, proforma_id)
    record_property("interactions", hand.count)
    check_done(house, hand, sixty)


def test_walk_by_keys_and_come_back_to_the_place(house: House, sign_in: SignIn):
    sixty = make_sixty(house)
    visitor = sign_in(sixty, DESK)
    visitor.keys("?")
    visitor.until(lambda: visitor.count("#keys"), "the keys")
    visitor.keys(Keys.ESCAPE)
    visitor.until(lambda: not visitor.count("#keys"), "no keys")
    # In a field letters are letters.
    visitor.keys("/")
    visitor.keys("a", "r", "x")
    visitor.until(lambda: visitor.driver.current_url.endswith("/review?search=arx"), "the search in the address")
    visitor.until(lambda: not rows(visitor), "nothing of that name")
    visitor.keys(Keys.BACKSPACE * 3)
    visitor.until(lambda: visitor.driver.current_url.endswith("/review"), "the whole list's address")
    visitor.keys(Keys.ESCAPE)
    visitor.until(lambda: rows(visitor) == 50, "the whole list")
    assert waiting(house, sixty) == 60

    visitor.keys("j", "j")
    second = current(visitor)
    visitor.keys("x")
    visitor.until_says(".selection-bar", "1 proforma")
    visitor.keys("A")
    visitor.until(lambda: visitor.count("[role=dialog] .offer"), "what was ticked")
    visitor.keys(Keys.ESCAPE)
    visitor.until(lambda: not visitor.count("[role=dialog]"), "no question")
    visitor.keys("o")
    visitor.until(lambda: visitor.driver.current_url.endswith(f"/proforma/{second}"), "the proforma")
    visitor.driver.back()
    visitor.until(lambda: visitor.driver.current_url.endswith("/review") and rows(visitor), "the list again")
    assert current(visitor) == second

    visitor.keys("a")
    visitor.until_says(".result", "Approved")
    assert waiting(house, sixty) == 59
    visitor.keys("u")
    visitor.until(lambda: waiting(house, sixty) == 60, "it back in review")
    visitor.keys("g", "t")
    visitor.until_says("main h1", "Today")
