"""A dry run with a real browser: one Chromium for one walk."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from carriers.browser import Browser
from carriers.browser_options import BrowserOptions
from carriers.profile import CarrierProfile
from carriers.rehearsal import Rehearsal, StepReport
from core.settings import Settings
from jobs.noted_browser import NotedBrowser
from services.sites.dry_run_work import DryVisit
from services.uploads.site_visit import VisitOrder


@dataclass(frozen=True)
class _Audience:
    tell: Callable[[StepReport], None]


class BrowserDryVisit:
    """One walk as one account."""

    def __init__(self, order: VisitOrder, options: BrowserOptions) -> None:
        self._order = order
        self._browser = NotedBrowser(Browser(options, order.site_name), order, options.remote_url)

    def walk(self, profile: CarrierProfile, known: Mapping[str, str], tell: Callable[[StepReport], None]) -> None:
        """Start a browser and walk."""
        self._browser.start()
        order = self._order
        rehearsal = Rehearsal(
            self._browser.live, profile, order.origin, order.typed, order.one_time_code, _Audience(tell), order.journal
        )
        rehearsal.walk(known)

    def close(self) -> None:
        """End the browser."""
        self._browser.close()

    def kill(self) -> None:
        """End the browser at once."""
        self._browser.kill()


def open_dry_visit(settings: Settings) -> Callable[[VisitOrder], DryVisit]:
    """Return what opens walks with the browser that the settings name."""
    options = BrowserOptions.from_settings(settings)

    def opened(order: VisitOrder) -> DryVisit:
        return BrowserDryVisit(order, options)

    return opened
