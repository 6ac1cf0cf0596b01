"""The real browser: Chromium without a screen, local or on a Selenium Grid. Only this and its start import selenium."""

import base64
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any, Self, cast

from selenium import webdriver
from selenium.common.exceptions import (
    ElementClickInterceptedException,
    ElementNotInteractableException,
    InvalidElementStateException,
    JavascriptException,
    NoAlertPresentException,
    NoSuchElementException,
    NoSuchFrameException,
    NoSuchWindowException,
    StaleElementReferenceException,
    TimeoutException,
    UnexpectedAlertPresentException,
    WebDriverException,
)
from selenium.webdriver.remote.webelement import WebElement
from urllib3.exceptions import HTTPError

from carriers.browser_options import BrowserOptions
from carriers.browser_start import open_session, start_driver, uses_shell
from carriers.errors import BrowserLostError, BrowserUnavailableError
from carriers.outgoing_files import OutgoingFiles
from carriers.page import (
    NO_OTHER_ROWS,
    Cookie,
    Element,
    Look,
    Match,
    NotClickedError,
    OtherRows,
    Snapshot,
    Source,
    Target,
    ViewLostError,
)
from carriers.process import DriverNotStartedError, DriverProcess
from carriers.steps import RowField
from carriers.tunnel import Tunnel

_NOT_CLICKED = (
    ElementClickInterceptedException,
    ElementNotInteractableException,
    InvalidElementStateException,
    NoSuchElementException,
    StaleElementReferenceException,
    UnexpectedAlertPresentException,
)
_VIEW_LOST = (NoSuchFrameException, NoSuchWindowException)
_ON_ITS_WAY = (
    JavascriptException,
    StaleElementReferenceException,
    TimeoutException,
    UnexpectedAlertPresentException,
)
_Kinds = tuple[type[WebDriverException], ...]
_SOCKETS_PAGE = "chrome://net-internals/#sockets"
_SCREENSHOT = {"cmd": "Page.captureScreenshot", "params": {"format": "png", "optimizeForSpeed": True}}
_BLANK = "about:blank"
_COVERINGS = 3


class Browser:
    """One warm Chromium with a private profile. Not for two threads, except `kill` and `is_alive`.

    Raises:
        BrowserUnavailableError: from `start` and `restart`, when no browser can be had.
        BrowserLostError: from everything else, once the browser has gone.
    """

    def __init__(self, options: BrowserOptions, site: str = "the carrier's site") -> None:
        self._options = options
        self._site = site
        self._process: DriverProcess | None = None
        self._tunnel: Tunnel | None = None
        self._driver: webdriver.Remote | None = None
        self._main = ""
        self._sockets = ""
        self._ours: set[str] = set()
        self._frames: list[WebElement] = []
        self._outgoing = OutgoingFiles()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def is_alive(self) -> bool:
        """Whether a browser is there to be driven."""
        return self._driver is not None and (self._process is None or self._process.is_alive)

    @property
    def pid(self) -> int | None:
        """Process id at the head of the local browser's processes; None on a Grid or before the start."""
        return self._process.pid if self._process else None

    @property
    def grid_session(self) -> str:
        """The session of a browser on a Grid; '' for a local one and before the start."""
        is_remote = self._driver is not None and self._process is None
        return str(self._driver.session_id) if is_remote and self._driver else ""

    def start(self) -> None:
        """Start a browser, unless one runs."""
        if self.is_alive:
            return
        try:
            self._connect()
            self._main = self._live.current_window_handle
            self._ours = {self._main}
            if self._tunnel is None:
                self._sockets = self._open_beside(_SOCKETS_PAGE)
        except (DriverNotStartedError, WebDriverException, HTTPError, OSError) as missing:
            self.kill()
            raise BrowserUnavailableError(self._site, reason=type(missing).__name__) from missing

    def restart(self) -> None:
        """Throw the browser away and start a new one."""
        self.kill()
        self.start()

    def close(self) -> None:
        """End the browser and leave nothing behind, neither processes nor files."""
        self.kill()

    def kill(self) -> None:
        """End the browser at once; may be called from another thread while a command hangs."""
        process, driver, tunnel = self._process, self._driver, self._tunnel
        self._process, self._driver, self._tunnel = None, None, None
        self._outgoing.forget()
        if process is not None:
            process.kill()
        elif driver is not None:
            with suppress(WebDriverException, HTTPError):
                driver.quit()
        if tunnel is not None:
            tunnel.stop()

    def open(self, url: str) -> None:
        """Go to an address; a page that is slow to load is left to the caller's own waits."""
        self._frames.clear()
        self._outgoing.forget()
        with self._talking(), suppress(TimeoutException):
            try:
                self._live.get(url)
            except WebDriverException as refused:
                if "net::ERR_" not in (refused.msg or ""):  # the error page says so to the next look
                    raise

    def look(self, targets: Sequence[Target]) -> Look:
        """Look once for every target; a page on its way shows nothing."""
        asked = [{"selectors": t.selectors, "texts": t.texts, "hidden_too": t.hidden_too} for t in targets]
        try:
            depth, url, status, failed, found = self._ask("look", asked, passing=_ON_ITS_WAY)
        except _ON_ITS_WAY:
            return Look(_BLANK, 0, failed_to_load=False, matches=(None,) * len(targets))
        if depth != len(self._frames):  # chromedriver moves out of a frame that has gone without a word
            self._leave_lost_view()
            raise ViewLostError(f"{depth} of {len(self._frames)} frames")
        return Look(url, int(status), bool(failed), tuple(Match(*match) if match else None for match in found))

    def click(self, element: Element) -> None:
        """Click; NotClickedError when surely nothing was clicked."""
        with self._touching(), suppress(TimeoutException):
            _real(element).click()

    def fill(self, element: Element, text: str) -> None:
        """Replace the text of a field; in a list, choose the option: recordings do not say which of the two it is."""
        with self._touching():
            is_list = _real(element).tag_name == "select"
        if is_list and not self.choose(element, text):
            raise NotClickedError("no such option")
        if is_list:
            return
        with self._touching():
            _real(element).clear()
            _real(element).send_keys(text)

    def choose(self, element: Element, value: str) -> bool:
        """Choose an option by value or text; False when there is none."""
        return bool(self._ask("choose", element, value))

    def check(self, element: Element, *, on: bool) -> None:
        """Set a check box."""
        with self._touching():
            if _real(element).is_selected() != on:
                _real(element).click()

    def attach(self, element: Element, file_name: str, content: bytes) -> None:
        """Give a file to a file field; the copy lies in the browser's private folder until the next address."""
        path = self._outgoing.place(file_name, content, beside=self._process.folder if self._process else None)
        with self._touching():
            _real(element).send_keys(str(path))

    def rows(self, row_selectors: Sequence[str], columns: Mapping[RowField, str]) -> list[dict[str, str]]:
        """Read a table: the text of each column in each visible row."""
        return cast("list[dict[str, str]]", self._ask("rows", list(row_selectors), dict(columns)))

    def enter_frame(self, element: Element | None) -> None:
        """Work inside a frame, or in the whole page again; NotClickedError when the frame is no longer there."""
        with self._touching():
            if element is None:
                self._frames.clear()
                self._live.switch_to.default_content()
            else:
                self._live.switch_to.frame(_real(element))
                self._frames.append(_real(element))

    def switch_window(self, which: str) -> bool:
        """Work in the newest or the main window; False while there is no other."""
        with self._talking():
            others = self._other_windows()
            if which == "newest" and not others:
                return False
            self._work_in(others[-1] if which == "newest" else self._main)
            return True

    def close_other_windows(self) -> None:
        """Close what the site opened and work in the whole main window."""
        with self._talking():
            for handle in self._other_windows():
                with suppress(NoSuchWindowException):  # it may close itself at the same moment
                    self._live.switch_to.window(handle)
                    self._live.close()
            self._work_in(self._main)

    def answer_dialog(self, *, accept: bool) -> bool:
        """Answer a browser dialog; False when there is none."""
        with self._talking():
            try:
                dialog = self._live.switch_to.alert
                dialog.accept() if accept else dialog.dismiss()
            except NoAlertPresentException:
                return False
            return True

    def forbid_resend(self) -> None:
        """Close every kept connection, so that the next request travels on a fresh one.

        Chromium repeats any request, a POST too, when a kept or preconnected connection dies before the first byte of
        the answer: a site that took the file and then dropped the line got it three times. On a fresh connection it
        never does.
        """
        if self._tunnel is not None:
            with self._talking():
                self._tunnel.close_kept()
            return
        self._aside(self._sockets, lambda: self._live.execute_script("chrome.send('flushSocketPools')"))

    def snapshot(self, masked: Sequence[str], others: OtherRows = NO_OTHER_ROWS) -> Snapshot:
        """Capture the page with password fields, the `masked` selectors and the rows of `others` blanked.

        A page that shows a row of another matter anew, faster than it can be covered, is kept without a picture.
        """
        tables = [[list(selectors), column] for selectors, column in others.tables]
        for _ in range(_COVERINGS):
            html, covered = self._ask("html_and_cover", list(masked), tables, others.keep)
            with self._talking():
                png = self._live.execute("executeCdpCommand", _SCREENSHOT)["value"]["data"]
            if not (covered or tables) or self._ask("uncover", tables, others.keep):
                return Snapshot(base64.b64decode(png), html)
        return Snapshot(b"", html)

    def cookies(self) -> list[Cookie]:
        """Return the cookies of the page's site, those that scripts cannot see too."""
        with self._talking():
            return [Cookie(c["name"], c["value"], c["domain"], c["path"]) for c in self._live.get_cookies()]

    def user_agent(self) -> str:
        """Return how the browser names itself to sites."""
        return str(self._ask("user_agent"))

    def source(self) -> Source | None:
        """Return the page's HTML as it stands now; None while it is on its way."""
        found = self._ask_unless_on_its_way("source")
        return Source(float(found[0]), str(found[1])) if found else None

    @property
    def _live(self) -> webdriver.Remote:
        if self._driver is None:
            raise BrowserLostError(self._site)
        return self._driver

    def _ask(self, question: str, *arguments: object, passing: _Kinds = ()) -> Any:  # noqa: ANN401 -- the page's JSON
        with self._talking(*passing):
            return self._live.execute_script(_page_script(), question, *arguments)

    def _ask_unless_on_its_way(self, question: str, *arguments: object) -> Any:  # noqa: ANN401 -- the page's JSON
        try:
            return self._ask(question, *arguments, passing=_ON_ITS_WAY)
        except _ON_ITS_WAY:
            return None

    @contextmanager
    def _talking(self, *passing: type[WebDriverException]) -> Iterator[None]:
        """Any trouble with the browser itself means that it is lost, but for the kinds that the caller handles."""
        try:
            yield
        except passing:
            raise
        except _VIEW_LOST as gone:
            self._leave_lost_view()
            raise ViewLostError(type(gone).__name__) from gone
        except (WebDriverException, HTTPError, OSError) as gone:
            raise BrowserLostError(self._site, reason=type(gone).__name__) from gone

    @contextmanager
    def _touching(self) -> Iterator[None]:
        try:
            with self._talking(*_NOT_CLICKED, TimeoutException):
                yield
        except _NOT_CLICKED as untouched:
            raise NotClickedError(type(untouched).__name__) from untouched

    def _leave_lost_view(self) -> None:
        try:
            self._work_in(self._main)
        except (WebDriverException, HTTPError, OSError) as gone:
            raise BrowserLostError(self._site, reason=type(gone).__name__) from gone

    def _work_in(self, window: str) -> None:
        self._frames.clear()
        self._live.switch_to.window(window)

    def _other_windows(self) -> list[str]:
        return [handle for handle in self._live.window_handles if handle not in self._ours]

    def _connect(self) -> None:
        self._process = start_driver(self._options)
        self._tunnel = Tunnel() if uses_shell(self._options) else None
        self._driver = open_session(self._options, self._process, self._tunnel)

    def _open_beside(self, url: str) -> str:
        """Open a window of our own, which no step ever works in; return its handle."""
        self._live.switch_to.new_window("window")
        self._live.get(url)
        handle = self._live.current_window_handle
        self._ours.add(handle)
        self._live.switch_to.window(self._main)
        return handle

    def _aside(self, window: str, work: Callable[[], Any]) -> Any:  # noqa: ANN401 -- the page's JSON
        """Do something in a window of our own, and go back to where the work is."""
        with self._talking():
            here = self._live.current_window_handle
            self._live.switch_to.window(window)
            done = work()
            self._live.switch_to.window(here)
            for frame in self._frames:
                self._live.switch_to.frame(frame)
            return done


def _real(element: Element) -> WebElement:
    return cast("WebElement", element)


@cache
def _page_script() -> str:
    return Path(__file__).with_name("page.js").read_text(encoding="utf-8")
