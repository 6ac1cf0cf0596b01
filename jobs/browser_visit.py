"""A visit with a real browser: one warm Chromium an account, started and signed in when first needed."""

from collections.abc import Callable
from contextlib import suppress

from carriers.browser import Browser
from carriers.browser_options import BrowserOptions
from carriers.exchange import OutgoingFile, SiteDecision, SiteReceipt
from carriers.profile import CarrierProfile
from carriers.runner import SiteSession
from core.errors import BillingError
from core.settings import Settings
from jobs.noted_browser import NotedBrowser
from services.uploads.site_visit import OpenVisit, SiteVisit, VisitOrder


class BrowserVisit:
    """Serves several carriers of one account in turn; the next carrier's record signs out and in again."""

    def __init__(self, order: VisitOrder, options: BrowserOptions) -> None:
        self._order = order
        self._browser = NotedBrowser(Browser(options, order.site_name), order, options.remote_url)
        self._profile: CarrierProfile | None = None
        self._session: SiteSession | None = None

    def find_invoice(self, profile: CarrierProfile, file: OutgoingFile) -> SiteReceipt | None:
        """Look for a file on the site."""
        return self._at(profile).find_invoice(file)

    def keep_listing(self, profile: CarrierProfile, file: OutgoingFile) -> None:
        """Keep a picture of the site's list."""
        self._at(profile).keep_listing(file)

    def upload(
        self, profile: CarrierProfile, file: OutgoingFile, *, before_commit: Callable[[str], None]
    ) -> SiteReceipt:
        """Place a file."""
        return self._at(profile).upload(file, before_commit=before_commit)

    def read_result(self, profile: CarrierProfile, file: OutgoingFile) -> SiteDecision:
        """Read the carrier's decision."""
        return self._at(profile).read_result(file)

    def close(self) -> None:
        """Sign out and end the browser."""
        try:
            self._leave()
        finally:
            self._browser.close()

    def kill(self) -> None:
        """End the browser at once."""
        self._browser.kill()

    def _at(self, profile: CarrierProfile) -> SiteSession:
        if self._session is None or self._profile is not profile:
            self._leave()
            self._browser.start()
            self._profile, self._session = profile, self._sign(profile)
        self._browser.note()  # the session may have started another after a crash
        return self._session

    def _sign(self, profile: CarrierProfile) -> SiteSession:
        order = self._order
        return SiteSession(
            self._browser.live,
            profile,
            order.origin,
            order.typed,
            order.one_time_code,
            order.evidence,
            order.journal,
            may_use_forms=order.may_use_forms,
        )

    def _leave(self) -> None:
        """Sign out; a site that does not let us is left anyway, its session ends by itself."""
        session, self._session = self._session, None
        if session is None:
            return
        if self._browser.live.is_alive:
            with suppress(BillingError):
                session.logout()
        session.close()


def open_visit(settings: Settings) -> OpenVisit:
    """Return what opens visits with the browser that the settings name."""
    options = BrowserOptions.from_settings(settings)

    def opened(order: VisitOrder) -> SiteVisit:
        return BrowserVisit(order, options)

    return opened
