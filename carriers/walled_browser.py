"""The browser of a health walk: it lists what a page is made of, and can be kept from sending anything."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from carriers.browser import Browser
from carriers.browser_options import BrowserOptions
from carriers.page import ViewLostError
from carriers.page_sheet import RawSurvey
from carriers.wall import StoppedRequest, WallError, wall_extension, wall_page

# High, so that most of a page is in its picture.
_WINDOW = "1280,1600"


class WalledBrowser(Browser):
    """A Chromium with the wall's extension; the wall stands from the start."""

    def __init__(self, options: BrowserOptions, site: str = "the carrier's site") -> None:
        super().__init__(replace(options, extension=wall_extension(), window=_WINDOW), site)
        self._wall = ""

    def start(self) -> None:
        """Start a browser, unless one runs.

        Raises:
            WallError: the wall does not stand.
        """
        if self.is_alive:
            return
        super().start()
        with self._talking():
            self._wall = self._open_beside(wall_page())
        self._set_wall(up=True)

    def raise_wall(self) -> None:
        """Stop everything that could submit."""
        self._set_wall(up=True)

    def lower_wall(self) -> None:
        """Let forms through, for a log-in or a log-out."""
        self._set_wall(up=False)

    def stopped(self) -> tuple[StoppedRequest, ...]:
        """Return what ran into the wall so far, in order."""
        found = self._behind_wall("arguments[0](window.stopped)")
        return tuple(StoppedRequest(**one) for one in found or ())

    def survey(self, data_rows: Sequence[str], selectors: Sequence[str]) -> RawSurvey:
        """List the parts of the page, and what selectors meet; a page on its way, or one that has gone, has none."""
        try:
            found = self._ask_unless_on_its_way("survey", list(data_rows), list(selectors))
        except ViewLostError:
            found = None
        parts, met = found or ((), ((0, None),) * len(selectors))
        return RawSurvey.model_validate({"parts": parts, "met": met})

    def _set_wall(self, *, up: bool) -> None:
        standing = "true" if up else "false"
        asked = f"const done = arguments[0]; window.setWall ? setWall({standing}).then(done) : done(false)"
        if not self._behind_wall(asked):
            self.kill()
            raise WallError

    def _behind_wall(self, script: str) -> Any:  # noqa: ANN401 -- the page's JSON
        """Ask the wall's own page, and go back to where the work is; for a window that has gone, to the main one."""
        try:
            return self._aside(self._wall, lambda: self._live.execute_async_script(script))
        except ViewLostError:
            return self._aside(self._wall, lambda: self._live.execute_async_script(script))
