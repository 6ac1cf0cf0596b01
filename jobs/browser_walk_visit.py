"""A health walk with a real browser: one walled Chromium for one walk."""

from collections.abc import Callable, Mapping

from carriers.browser_options import BrowserOptions
from carriers.health_walk import HealthWalk, WalkAudience
from carriers.profile import CarrierProfile
from carriers.walled_browser import WalledBrowser
from core.settings import Settings
from jobs.noted_browser import NotedBrowser
from services.sites.health_walk_work import WalkFindings, WalkVisit
from services.uploads.site_visit import VisitOrder


class BrowserWalkVisit:
    """One walk as one account."""

    def __init__(self, order: VisitOrder, options: BrowserOptions) -> None:
        self._order = order
        self._browser = NotedBrowser(WalledBrowser(options, order.site_name), order, options.remote_url)

    def walk(self, profile: CarrierProfile, known: Mapping[str, str], audience: WalkAudience) -> WalkFindings:
        """Start a browser behind the wall and walk."""
        self._browser.start()
        order, browser = self._order, self._browser.live
        walk = HealthWalk(browser, profile, order.origin, order.typed, order.one_time_code, audience, order.journal)
        lists = walk.walk(known)
        return WalkFindings(lists, browser.stopped())

    def close(self) -> None:
        """End the browser."""
        self._browser.close()

    def kill(self) -> None:
        """End the browser at once."""
        self._browser.kill()


def open_walk_visit(settings: Settings) -> Callable[[VisitOrder], WalkVisit]:
    """Return what opens walks with the browser that the settings name."""
    options = BrowserOptions.from_settings(settings)

    def opened(order: VisitOrder) -> WalkVisit:
        return BrowserWalkVisit(order, options)

    return opened
