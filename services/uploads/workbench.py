"""What a worker holds while it works on one account, and the transactions it writes with."""

from collections.abc import Callable
from dataclasses import dataclass, field

from sqlmodel import Session

from core.db import Database, on_commit
from core.errors import BillingError, FencedError
from core.settings import Settings
from services import audit
from services.actor import Actor
from services.outcomes import Outcome, Pause, Retry, retry_delay_ms
from services.sites import carriers, site_accounts
from services.uploads import leases
from services.uploads.evidence import EvidenceCollector
from services.uploads.lease_keeper import LeaseKeeper
from services.uploads.leases import AccountLease
from services.uploads.outgoing import ProfileCache
from services.uploads.site_visit import SiteVisit


@dataclass
class Workbench:
    """One drain's tools: the database, the account's lease and its keeper, the browser, the collected proof."""

    database: Database
    settings: Settings
    lease: AccountLease
    keeper: LeaseKeeper
    visit: SiteVisit
    evidence: EvidenceCollector
    should_stop: Callable[[], bool]
    profiles: ProfileCache = field(default_factory=ProfileCache)
    is_reachable: bool = False
    login_version: int | None = None

    @property
    def lease_ms(self) -> int:
        """Length of a lease in milliseconds."""
        return self.settings.lease_seconds * 1000

    def write(self, work: Callable[[Session], object]) -> None:
        """Run `work` in a unit of work that also takes the proof collected so far; see `Database.transact`.

        The account's row is locked first, as the heartbeat does. When the write is fenced, the proof is still kept, in
        a transaction of its own.
        """

        def with_proof(session: Session) -> int:
            leases.lock(session, self.lease)
            work(session)
            return self.evidence.flush(session)

        try:
            kept = self.database.transact(with_proof)
        except FencedError:
            self.keep_evidence()
            raise
        self.evidence.forget(kept)

    def keep_evidence(self) -> None:
        """Write the proof collected so far, whatever became of the work."""
        if not self.evidence.has_more:
            return
        self.evidence.forget(self.database.transact(self.evidence.flush))

    def delay_ms(self, outcome: Outcome, attempt: int) -> int:
        """Return how long a file waits after this outcome."""
        return retry_delay_ms(attempt, self.settings.retry_scale) if outcome.retry is Retry.BACKOFF else 0

    def note_reachable(self, session: Session) -> None:
        """Remember, once a drain, that the site let us in."""
        if not self.is_reachable:
            site_accounts.note_login(session, site_account_id=self.lease.site_account_id)
            on_commit(session, self._reached)

    def _reached(self) -> None:
        self.is_reachable = True

    def stand_still(
        self, session: Session, actor: Actor, outcome: Outcome, error: BillingError, *, carrier_id: int, attempt: int
    ) -> None:
        """Pause what the outcome says must stand still, and tell the audit trail who should hear."""
        account = self.lease.site_account_id
        match outcome.pause:
            case Pause.ACCOUNT:
                site_accounts.stop_account(
                    session, actor, site_account_id=account, error=error, login_version=self.login_version
                )
            case Pause.ACCOUNT_WAITS:
                delay = retry_delay_ms(attempt, self.settings.retry_scale)
                site_accounts.let_account_wait(session, actor, site_account_id=account, delay_ms=delay, error=error)
            case Pause.CARRIER_AFTER_TWO:
                carriers.pause_after_page_changes(session, actor, carrier_id=carrier_id, error=error)
            case Pause.NOTHING:
                pass
        if outcome.tag:
            audit.record(session, actor, outcome.tag, "site_account", account, note=error.user_message)
