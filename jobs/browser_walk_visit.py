"""A health walk with a real browser: one walled Chromium for one walk."""

from collections.abc import Callable, Mapping
from contextlib import suppress

from carriers.browser import BrowserOptions
from carriers.grid import end_session
from carriers.health_walk import HealthWalk, WalkAudience
from carriers.profile import CarrierProfile
from carriers.walled_browser import WalledBrowser
from core.errors import FencedError
from core.settings import Settings
from services.account_secrets import ONE_TIME_CODE_FIELD
from services.health_walk_work import WalkFindings, WalkVisit
from services.site_visit import VisitOrder


class BrowserWalkVisit:
    """One walk as one account."""

    def __init__(self, order: VisitOrder, options: BrowserOptions) -> None:
        self._order = order
        self._grid = options.remote_url
        self._noted = ""
        self._browser = WalledBrowser(options, order.site_name)

    def walk(self, profile: CarrierProfile, known: Mapping[str, str], audience: WalkAudience) -> WalkFindings:
        """Start a browser behind the wall and walk."""
        self._browser.start()
        self._note()
        order = self._order
        typed = {name: value for name, value in order.credentials.items() if name != ONE_TIME_CODE_FIELD}
        walk = HealthWalk(self._browser, profile, order.origin, typed, order.one_time_code, audience, order.journal)
        lists = walk.walk(known)
        return WalkFindings(lists, self._browser.stopped())

    def close(self) -> None:
        """End the browser."""
        self._browser.close()
        if self._noted:
            with suppress(FencedError):  # the account's next owner has taken the note over
                self._order.note_browser("")

    def kill(self) -> None:
        """End the browser at once."""
        self._browser.kill()

    def _note(self) -> None:
        """Note the browser on the Grid; one that a dead worker left there under this account is ended."""
        self._noted = self._browser.grid_session
        if self._noted and (left := self._order.note_browser(self._noted)):
            end_session(self._grid, left)


def open_walk_visit(settings: Settings) -> Callable[[VisitOrder], WalkVisit]:
    """Return what opens walks with the browser that the settings name."""
    options = BrowserOptions(settings.chromium_path, settings.chromedriver_path, settings.selenium_remote_url)

    def opened(order: VisitOrder) -> WalkVisit:
        return BrowserWalkVisit(order, options)

    return opened
