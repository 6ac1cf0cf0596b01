"""The fast lane of a site that allows it: learnt from the browser, played by forms, given up when surprised.

The browser signs in and plays each step list once. While it does, every look and every table is worked out from the
page's own HTML too; only a list for which both saw the same is played without the browser from then on. Whatever is not
as learnt, before anything was sent, closes the lane and the browser goes on; after that only the site's list can tell.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Protocol

from lxml.html import HtmlElement

from carriers.errors import PageChangedError, SiteError, SiteUnavailableError
from carriers.evidence import Recorder
from carriers.forms.document import Document
from carriers.forms.page import FormPage
from carriers.forms.wire import Wire
from carriers.hosts import NEUTRAL, AllowedHosts
from carriers.page import Cookie, Look, Match, Page, Source, Target
from carriers.player import Player
from carriers.plays import Play
from carriers.profile import SiteRules, StepListName
from carriers.steps import Table
from core.log import get_logger

_BY_BROWSER = frozenset({"login", "logout"})
_PROVEN_BY: StepListName = "find_invoice"
_SHOWN = "Shown on the site"
_log = get_logger(__name__)


class LiveBrowser(Page, Protocol):
    """A browser whose session and pages can be read."""

    def cookies(self) -> list[Cookie]:
        """Return the session's cookies."""
        ...

    def user_agent(self) -> str:
        """Return how it names itself."""
        ...

    def source(self) -> Source | None:
        """Return the page's HTML as it stands now; None while it is on its way."""
        ...


class Twin:
    """Watches a browser's player and works everything out from the HTML too.

    Attributes:
        difference: the first thing that the two saw differently, '' while they agree.
    """

    def __init__(self, browser: LiveBrowser) -> None:
        self._browser = browser
        self._missed: tuple[Target, float] | None = None
        self.difference = ""

    def looked(self, targets: Sequence[Target], seen: Look) -> None:
        """Compare one look; a page that is still changing is left to the next one."""
        source = self._browser.source()
        if seen.failed_to_load or seen.url == NEUTRAL or source is None:
            return
        if _told(self._browser.look(targets)) != _told(seen):
            return
        self._watch_for_scripts(targets[0], seen, source)
        page = Document(source.html, seen.url, seen.status)
        for target, found in zip(targets, seen.matches, strict=True):
            if not _is_same(page.match(target), found):
                self._note(f"{found.selector if found else target} at {seen.url}")

    def read(self, table: Table, rows: list[dict[str, str]]) -> None:
        """Compare one table."""
        source = self._browser.source()
        if source is None or Document(source.html, NEUTRAL).rows(table.selectors, table.columns) != rows:
            self._note(f"table {table.selectors[0]}")

    def _watch_for_scripts(self, wanted: Target, seen: Look, source: Source) -> None:
        """What was missing and then appears in the same document was put there by a script."""
        here = (wanted, source.loaded_at)
        if seen.matches[0] is None:
            self._missed = here
        elif self._missed == here:
            self._note(f"{wanted.selectors[:1]} at {seen.url} is put there by a script")

    def _note(self, what: str) -> None:
        self.difference = self.difference or what


class FormLane:
    """Plays step lists by the browser or by forms; has the same `play` as a player.

    Attributes:
        closed_because: why the browser does everything again; '' while the lane is open.
        posted: how many lists were played without the browser.
    """

    def __init__(
        self,
        browser: LiveBrowser,
        player: Player,
        site: SiteRules,
        base_url: str,
        *,
        recorder: Callable[[Page], Recorder],
        one_time_code: Callable[[], str],
    ) -> None:
        self._browser = browser
        self._by_browser = player
        self._proof = recorder(browser)
        hosts = AllowedHosts(site.title, site.allowed_hosts, base_url)
        self._wire = Wire(hosts)
        page = FormPage(self._wire, site.title)
        self._by_forms = Player(page, site, base_url, recorder(page), one_time_code)
        self._last: StepListName = "submit" if site.steps.submit else "upload"
        self._learnt: set[StepListName] = set()
        self.closed_because = ""
        self.posted = 0

    def play(self, name: StepListName, play: Play) -> None:
        """Play one list to its end; see `Player.play`."""
        if name in _BY_BROWSER:
            self._by_browser.play(name, play)
            if name == "login":
                self._take_over()
        elif self.closed_because:
            self._by_browser.play(name, play)
        elif name in self._learnt:
            self._play_by_forms(name, play)
        else:
            self._learn(name, play)

    def close(self) -> None:
        """Close the connections."""
        self._wire.close()

    def _learn(self, name: StepListName, play: Play) -> None:
        twin = Twin(self._browser)
        self._by_browser.watcher = twin
        try:
            self._by_browser.play(name, play)
        finally:
            self._by_browser.watcher = None
        if twin.difference:
            self._give_up(f"{name}: {twin.difference}")
        else:
            self._learnt.add(name)
            self._take_over()

    def _play_by_forms(self, name: StepListName, play: Play) -> None:
        before = replace(play, read=dict(play.read), tables=dict(play.tables))
        try:
            self._by_forms.play(name, play)
        except (PageChangedError, SiteUnavailableError) as why:
            if play.commits > before.commits:
                raise
            self._give_up(f"{name}: {why.code} {why.facts}")
            play.read, play.tables = before.read, before.tables
            self._by_browser.play(name, play)
            return
        self.posted += 1
        if name == self._last and play.commits > before.commits:
            self._show(play)

    def _show(self, play: Play) -> None:
        """Let the browser take the picture: the site's own list with the file in it. Nothing hangs on it."""
        with suppress(SiteError):
            self._by_browser.play(_PROVEN_BY, Play(play.values))
            self._proof.about(play.values.get("invoice_number", ""))
            self._proof.capture("after", _SHOWN)

    def _take_over(self) -> None:
        self._wire.take_over(self._browser.cookies(), self._browser.user_agent())

    def _give_up(self, why: str) -> None:
        self.closed_because = why
        _log.info("lane:closed", why=why, goes_on="The browser does everything from here.")


def _is_same(mine: Match | None, seen: Match | None) -> bool:
    """Whether both found the same; in what holds other elements, style sheets may space and capitalise."""
    if mine is None or seen is None:
        return mine is seen
    if (mine.selector, mine.count) != (seen.selector, seen.count):
        return False
    if isinstance(mine.element, HtmlElement) and len(mine.element) == 0:
        return mine.text == seen.text
    return _letters(mine.text) == _letters(seen.text)


def _letters(text: str) -> str:
    return "".join(text.split()).casefold()


def _told(look: Look) -> list[tuple[str, int, str] | None]:
    return [None if found is None else (found.selector, found.count, found.text) for found in look.matches]
