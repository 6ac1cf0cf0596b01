"""A person without a mouse: every stop of a page by Tab, and whole actions by keys alone, each press counted."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

from tests.journeys.visitor import Visitor

_STOPS = Path(__file__).with_name("stops.js").read_text(encoding="utf-8")
_MOST_STOPS = 900
_IS_AT = """
    const at = document.activeElement;
    if (!at?.matches(arguments[0])) return false;
    return `${at.ariaLabel ?? ""} ${at.innerText} ${at.value ?? ""}`.includes(arguments[1]);
"""
_PLACE = "return document.activeElement?.outerHTML.slice(0, 160) ?? ''"
_MARK_START = "document.activeElement?.blur(); window.scrollTo(0, 0)"


def walk(visitor: Visitor, inside: str = "body") -> list[str]:
    """Press Tab through everything inside, as it stands, and return what is wrong for the keyboard.

    Every control, and everything that a click does something to, must be reached, be seen to have the focus, stand
    clear of bars, and let go of it again.
    """
    driver = visitor.driver
    driver.execute_script(f"{_STOPS}; {_MARK_START}")
    left = driver.execute_script("return stops.watch(arguments[0])", inside)
    pressed = 0
    while left and pressed < _MOST_STOPS:
        met = driver.execute_script("return stops.count()")
        ActionChains(driver).send_keys(Keys.TAB * (left + 3)).perform()
        pressed += left + 3
        left = driver.execute_script("return stops.left()")
        if driver.execute_script("return stops.count()") == met:
            break
    found: list[str] = driver.execute_script("return stops.judge()")
    return found


class Keyboard:
    """The keys of one visitor; a key, a chord and a text typed are one press each."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        self.count = 0

    def press(self, *keys: str) -> None:
        """Press keys one after another."""
        self.count += len(keys)
        self.visitor.keys(*keys)

    def write(self, text: str) -> None:
        """Type a text where the focus is."""
        self.count += 1
        self.visitor.keys(text)

    def chord(self, held: str, key: str) -> None:
        """Press a key while another is held."""
        self.count += 1
        ActionChains(self.visitor.driver).key_down(held).send_keys(key).key_up(held).perform()

    def send(self) -> None:
        """Send the form that the focus is in."""
        self.chord(Keys.CONTROL, Keys.ENTER)

    def is_at(self, selector: str, words: str = "") -> bool:
        """Return whether the focus is on an element that says some words."""
        return bool(self.visitor.driver.execute_script(_IS_AT, selector, words))

    def until_at(self, selector: str, words: str = "") -> None:
        """Wait until the portal has taken the focus somewhere."""
        place = self.visitor.driver.execute_script(_PLACE)
        self.visitor.until(lambda: self.is_at(selector, words), f"the focus on {selector} {words!r}, not on {place!r}")

    def tab_to(self, selector: str, words: str = "", *, most: int = 80, back: bool = False) -> None:
        """Press Tab, or Shift-Tab, until the focus is on an element that says some words."""
        places = []
        for _ in range(most):
            if self.is_at(selector, words):
                return
            places.append(self.visitor.driver.execute_script(_PLACE))
            if back:
                self.chord(Keys.SHIFT, Keys.TAB)
            else:
                self.press(Keys.TAB)
        raise AssertionError(f"{selector} {words!r} is not reached in {most} presses; on the way were {places}")

    def enter(self, selector: str, words: str = "", *, most: int = 80, back: bool = False) -> None:
        """Go to a control and press Enter on it."""
        self.tab_to(selector, words, most=most, back=back)
        self.press(Keys.ENTER)


@contextmanager
def counted(keyboard: Keyboard, *, most: int) -> Iterator[None]:
    """Check that what is done within takes no more presses than it should."""
    before = keyboard.count
    yield
    assert keyboard.count - before <= most, f"{keyboard.count - before} presses, more than {most}"
