"""A visit with a real browser: one warm Chromium an account, started and signed in when first needed."""

from collections.abc import Callable
from contextlib import suppress

from carriers.browser import Browser, BrowserOptions
from carriers.exchange import OutgoingFile, SiteDecision, SiteReceipt
from carriers.grid import end_session
from carriers.profile import CarrierProfile
from carriers.runner import SiteSession
from core.errors import BillingError, FencedError
from core.settings import Settings
from services.account_secrets import ONE_TIME_CODE_FIELD
from services.site_visit import OpenVisit, SiteVisit, VisitOrder


class BrowserVisit:
    """Serves several carriers of one account in turn; the next carrier's record signs out and in again."""

    def __init__(self, order: VisitOrder, options: BrowserOptions) -> None:
        self._order = order
        self._grid = options.remote_url
        self._noted = ""
        self._browser = Browser(options, order.site_name)
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
            if self._noted:
                with suppress(FencedError):  # the account's next owner has taken the note over
                    self._order.note_browser("")

    def kill(self) -> None:
        """End the browser at once."""
        self._browser.kill()

    def _at(self, profile: CarrierProfile) -> SiteSession:
        if self._session is None or self._profile is not profile:
            self._leave()
            self._browser.start()
            self._profile, self._session = profile, self._sign(profile)
        self._note()
        return self._session

    def _note(self) -> None:
        """Note a new browser on the Grid; one that a dead worker left there under this account is ended."""
        opened = self._browser.grid_session
        if opened == self._noted:
            return
        left, self._noted = self._order.note_browser(opened), opened
        if left:
            end_session(self._grid, left)

    def _sign(self, profile: CarrierProfile) -> SiteSession:
        order = self._order
        typed = {name: value for name, value in order.credentials.items() if name != ONE_TIME_CODE_FIELD}
        return SiteSession(
            self._browser,
            profile,
            order.origin,
            typed,
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
        if self._browser.is_alive:
            with suppress(BillingError):
                session.logout()
        session.close()


def open_visit(settings: Settings) -> OpenVisit:
    """Return what opens visits with the browser that the settings name."""
    options = BrowserOptions(settings.chromium_path, settings.chromedriver_path, settings.selenium_remote_url)

    def opened(order: VisitOrder) -> SiteVisit:
        return BrowserVisit(order, options)

    return opened
