"""What a worker asks of a carrier's site, whoever drives the browser behind it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from carriers.evidence import EvidenceSink
from carriers.exchange import LoginJournal, OutgoingFile, SiteDecision, SiteReceipt
from carriers.profile import CarrierProfile
from core.crypto import Secret
from services.sites.account_secrets import ONE_TIME_CODE_FIELD


@dataclass(frozen=True)
class VisitOrder:
    """Everything needed to visit a site as one account. `origin` is scheme, host and port.

    `may_use_forms` tells that the site consented to plain HTTP within the session. `note_browser` is told the session
    of a browser on a Grid, '' once it has ended, and names one that was left behind.
    """

    site_name: str
    origin: str
    credentials: Mapping[str, Secret]
    one_time_code: Callable[[], str]
    evidence: EvidenceSink
    journal: LoginJournal | None
    may_use_forms: bool = False
    note_browser: Callable[[str], str] = lambda _session_id: ""

    @property
    def typed(self) -> dict[str, Secret]:
        """The log-in without the seed of one-time codes, which no page gets to see."""
        return {name: value for name, value in self.credentials.items() if name != ONE_TIME_CODE_FIELD}


class SiteVisit(Protocol):
    """One warm browser of one account: started and signed in when first needed, for several carriers in turn.

    Every method raises the leaves of `carriers.errors`.
    """

    def find_invoice(self, profile: CarrierProfile, file: OutgoingFile) -> SiteReceipt | None:
        """Look for a file on the site; None when it is not there."""
        ...

    def keep_listing(self, profile: CarrierProfile, file: OutgoingFile) -> None:
        """Keep a picture of the site's list as it is shown now."""
        ...

    def upload(
        self, profile: CarrierProfile, file: OutgoingFile, *, before_commit: Callable[[str], None]
    ) -> SiteReceipt:
        """Place a file; `before_commit(step)` is called right before each click that cannot be taken back."""
        ...

    def read_result(self, profile: CarrierProfile, file: OutgoingFile) -> SiteDecision:
        """Read the carrier's decision."""
        ...

    def close(self) -> None:
        """Sign out and end the browser; never raises."""
        ...

    def kill(self) -> None:
        """End the browser at once, from any thread."""
        ...


OpenVisit = Callable[[VisitOrder], SiteVisit]
