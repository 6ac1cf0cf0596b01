"""A person in a Chromium: reads what is shown, presses what is offered, waits for what must come by itself."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory

from selenium.common.exceptions import ElementClickInterceptedException, StaleElementReferenceException
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.actions.action_builder import ActionBuilder
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.select import Select

from sandbox.screenshots.camera import Camera, Look, chromium

WAIT_SECONDS = 45
_LOOKS, _FADE_SECONDS = 4, 0.7
_AXE = files("axe_playwright_python") / "axe.min.js"
# WCAG 2.2 at level AA with all that came before it, and axe's own rules of good practice.
_RUN_AXE = """
    axe.run(document, { runOnly: arguments[0] }).then(arguments[arguments.length - 1]);
"""
_LEVELS = {
    "type": "tag",
    "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}
_COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
# Of level A too (2.5.3), but axe holds its own rule back and takes ten times as long for it: what is read on a control
# is what a voice says to press it.
_MISNAMED = """
    const words = (text) => text.toLowerCase().replace(/[^\\p{L}\\p{N}]+/gu, " ").trim();
    const isMisnamed = (one) => one.checkVisibility() && !words(one.ariaLabel).includes(words(one.innerText));
    return [...document.querySelectorAll("button[aria-label], a[aria-label], summary[aria-label]")]
      .filter(isMisnamed).map((one) => `its name lacks what it says: ${one.outerHTML.slice(0, 160)}`);
"""
_SETTLED = """
    const isMoving = (one) => one.playState === "running" && one.effect.getComputedTiming().iterations !== Infinity;
    const isThemed = document.documentElement.classList.contains(arguments[0]);
    return isThemed && !document.getAnimations().some(isMoving);
"""
_SAID = "main, .late-note, [data-sonner-toast]"
_SHOWN = """
    const isShown = (one) => one.checkVisibility({ opacityProperty: true, visibilityProperty: true });
    return [...document.querySelectorAll(arguments[0])].filter(isShown)
"""


class Visitor(Camera):
    """Everything waits up to 45 s for what it needs; a failure says what was missing and what was shown."""

    def sign_in_by_address(self, email: str) -> None:
        """Sign in as anybody, by typing who it is."""
        self.driver.get(f"{self.url}/auth/login")
        self.driver.find_element(By.ID, "sub").send_keys(email, Keys.ENTER)
        self.until(lambda: self.driver.current_url.startswith(self.url), "the portal")

    def texts(self, selector: str) -> list[str]:
        """Return what the shown elements say."""
        found: list[str] = self.driver.execute_script(f"{_SHOWN}.map((one) => one.innerText.trim())", selector)
        return found

    def count(self, selector: str) -> int:
        """Return how many elements are shown."""
        return len(self.texts(selector))

    def until(self, is_so: Callable[[], object], what: str, seconds: float = WAIT_SECONDS) -> None:
        """Wait until something is so."""
        deadline = time.monotonic() + seconds
        while not is_so():
            assert time.monotonic() < deadline, f"{what} did not come; the page says: {self.texts(_SAID)}"
            time.sleep(0.1)

    def until_says(self, selector: str, words: str, seconds: float = WAIT_SECONDS) -> None:
        """Wait until an element says some words."""
        self.until(lambda: any(words in text for text in self.texts(selector)), f"{words!r} in {selector}", seconds)

    def press(self, selector: str, words: str = "", seconds: float = WAIT_SECONDS) -> None:
        """Click the first shown element that holds some words, as a hand does: covered ones cannot be clicked."""
        self.until(lambda: self._try_press(selector, words), f"{selector} {words!r} to press", seconds)

    def type(self, selector: str, text: str) -> None:
        """Replace what a field holds."""

        def replace(field: WebElement) -> None:
            field.clear()
            field.send_keys(text)

        self._with(selector, replace, "field")

    def choose(self, selector: str, value: str) -> None:
        """Choose an option of a list by its value."""
        self._with(selector, lambda found: Select(found).select_by_value(value), "list")

    def keys(self, *keys: str) -> None:
        """Press keys where the focus is."""
        ActionChains(self.driver).send_keys(*keys).perform()

    def submit_by_keys(self) -> None:
        """Press Ctrl-Enter where the focus is."""
        ActionChains(self.driver).key_down(Keys.CONTROL).send_keys(Keys.ENTER).key_up(Keys.CONTROL).perform()

    def go(self, path: str, *, shows: str = "main h1") -> None:
        """Open a page and wait until it has loaded its rows."""
        self.open(path, shows=shows)
        self.until(lambda: not self.count(".skeleton"), f"the rows of {path}")

    def swipe(self, selector: str, by: int) -> None:
        """Drag an element sideways with a thumb; `by` in CSS pixels."""
        x, y = self.driver.execute_script(
            "const one = document.querySelector(arguments[0]);"
            "one.scrollIntoView({ block: 'center' });"
            "const box = one.getBoundingClientRect();"
            "return [box.x + box.width / 2, box.y + 20];",
            selector,
        )
        self.driver.execute_cdp_cmd("Emulation.setTouchEmulationEnabled", {"enabled": True})
        self._touch("touchStart", x - by / 2, y)
        for part in range(1, 6):
            self._touch("touchMove", x - by / 2 + by * part / 5, y)
        self._touch("touchEnd")

    def see_as(self, look: Look) -> None:
        """Change the screen under the open page, and wait until its colours have settled."""
        self.look_as(look)
        self.until(lambda: self.driver.execute_script(_SETTLED, look.scheme), f"the {look.name} look")

    def violations(self, *, colours_only: bool = False) -> list[str]:
        """Return what axe finds wrong with the page, each with its element and why.

        `colours_only` is for a page that was judged whole in other colours. A fault that is gone at a second look was
        a colour on its way to another; a real one stays.
        """
        if not self.driver.execute_script("return 'axe' in window"):
            self.driver.execute_script(_AXE.read_text(encoding="utf-8"))
        found: list[str] = []
        for _ in range(_LOOKS):
            found = self._judged(_COLOURS if colours_only else _LEVELS)
            if not found:
                break
            time.sleep(_FADE_SECONDS)
        return [*found, *self.driver.execute_script(_MISNAMED)]

    def _judged(self, rules: dict[str, object]) -> list[str]:
        found = self.driver.execute_async_script(_RUN_AXE, rules)
        return [
            f"{rule['id']}: {node['html'][:160]} {node.get('failureSummary', '')[:200]}"
            for rule in found["violations"]
            for node in rule["nodes"]
        ]

    def overflow(self) -> list[str]:
        """Return what sticks out of the page sideways."""
        found: list[str] = self.driver.execute_script(_OVERFLOW)
        return found

    def clipped(self) -> list[str]:
        """Return the texts cut off at the edge of a box, and tables to be scrolled on a desk.

        Texts shortened with an ellipsis are shortened on purpose.
        """
        found: list[str] = self.driver.execute_script(_CLIPPED)
        return found

    def complaints(self) -> list[str]:
        """Return what the console has complained about since the last time."""
        said = self.driver.get_log("browser")
        return [entry["message"] for entry in said if self.url in entry["message"] or "http" not in entry["message"]]

    def _try_press(self, selector: str, words: str) -> bool:
        try:
            found = self._shown(selector, words)
            if found is not None and found.is_enabled():
                self.driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", found)
                found.click()
                return True
        except StaleElementReferenceException:
            return False
        except ElementClickInterceptedException:
            self._take_the_hand_away()  # a message that lies over it stays as long as the pointer does
        return False

    def _take_the_hand_away(self) -> None:
        pointer = ActionBuilder(self.driver)
        pointer.pointer_action.move_to_location(1, 1)
        pointer.perform()

    def _with(self, selector: str, act: Callable[[WebElement], None], kind: str) -> None:
        """Act on the first shown element; one that was drawn anew in between is looked for again."""

        def acted() -> bool:
            with suppress(StaleElementReferenceException):
                found = self._shown(selector, "")
                if found is not None:
                    act(found)
                    return True
            return False

        self.until(acted, f"{kind} {selector}")

    def _shown(self, selector: str, words: str) -> WebElement | None:
        script = f"{_SHOWN}.find((one) => one.innerText.includes(arguments[1])) ?? null"
        found: WebElement | None = self.driver.execute_script(script, selector, words)
        return found

    def _touch(self, kind: str, x: float = 0, y: float = 0) -> None:
        points = [] if kind == "touchEnd" else [{"x": x, "y": y}]
        self.driver.execute_cdp_cmd("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


_OVERFLOW = """
    const width = document.scrollingElement.clientWidth;
    if (document.scrollingElement.scrollWidth <= width) return [];
    const isWide = (one) => one.getBoundingClientRect().right > width + 1;
    const wide = [...document.querySelectorAll("body *")].filter(isWide);
    return wide.slice(-3).map((one) => one.outerHTML.slice(0, 160));
"""
# A text is cut when its own box ends beyond an ancestor that hides what sticks out and cannot be scrolled.
_CLIPPED = """
    const words = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
    const cut = [];
    while (words.nextNode()) {
      const text = words.currentNode;
      const parent = text.parentElement;
      if (!text.data.trim() || !parent.checkVisibility()) continue;
      const range = document.createRange();
      range.selectNodeContents(text);
      const end = range.getBoundingClientRect();
      if (end.width < 2) continue;
      for (let box = parent; box.tagName !== "MAIN"; box = box.parentElement) {
        const look = getComputedStyle(box);
        if (look.position === "absolute" && look.clipPath !== "none") break;
        if (look.textOverflow === "ellipsis" || look.webkitLineClamp !== "none") break;
        if (/auto|scroll/.test(look.overflowX)) break;
        if (look.overflowX !== "visible" && end.right > box.getBoundingClientRect().right + 1) {
          cut.push(text.data.trim().slice(0, 60));
          break;
        }
      }
    }
    if (innerWidth < 1280) return cut;
    const tables = [...document.querySelectorAll(".table-frame, .board-frame, .lines-frame")];
    const wide = tables.filter((one) => one.checkVisibility() && one.scrollWidth > one.clientWidth + 1);
    return [...cut, ...wide.map((one) => `table ${one.ariaLabel}: ${one.scrollWidth} in ${one.clientWidth} px`)];
"""


@contextmanager
def visitor_of(url: str) -> Iterator[Visitor]:
    """Start a browser for one person; it ends with the block."""
    with TemporaryDirectory(prefix="visitor-") as profile, chromium(Path(profile)) as driver:
        driver.set_window_size(1440, 900)
        driver.set_script_timeout(WAIT_SECONDS)
        yield Visitor(driver, url)
