"""Each log-in is written down before it is typed, so that a wrong password is tried once, whoever dies in between."""

from sqlalchemy import select, update
from sqlmodel import Session, col

from core.clock import now
from core.db import Database
from core.errors import BillingError, FencedError
from models import SiteAccount
from services.actor import system_actor
from services.sites.site_accounts import stop_account
from services.uploads import leases
from services.uploads.leases import AccountLease

# A log-in that let us in before may be tried once more after a crash; one that never did, never.
_TRIES_UNANSWERED = {True: 1, False: 0}


class LoginUnansweredError(BillingError):
    """The stored log-in was typed before and nobody saw what the site answered."""

    code = "login_unanswered"
    status_code = 409


class LoginJournal:
    """Keeps the account's facts about its log-in, for one visit.

    `version` is the log-in that the visit holds: what is learnt of it is not said of one that was stored meanwhile.
    With `is_watched` an administrator asked for the visit and looks at its pictures: a log-in whose answer nobody saw
    may then be typed once more, and stays unanswered until the site lets us in.
    """

    def __init__(self, database: Database, lease: AccountLease, version: int, *, is_watched: bool = False) -> None:
        self._database = database
        self._lease = lease
        self._is_watched = is_watched
        self.version = version

    def begin(self) -> None:
        """Write down that the log-in is about to be typed.

        Raises:
            FencedError: the account is no longer ours, or its log-in was changed meanwhile.
            LoginUnansweredError: it was typed before without an answer, and might be wrong.
        """
        self._database.transact(self._begin)

    def accepted(self) -> None:
        """Write down that the site let us in."""
        at = now()
        self._note(login_unanswered=0, login_proved_at=at, last_login_at=at)

    def refused(self, error: BillingError) -> None:
        """Stop the account, because the site refused this log-in; true whoever owns the account by now."""
        self._database.transact(
            lambda session: stop_account(
                session,
                system_actor(),
                site_account_id=self._lease.site_account_id,
                error=error,
                login_version=self.version,
            )
        )

    def unjudged(self) -> None:
        """Write down that the site was not there to judge it, so that the log-in is as good as before."""
        self._note(login_unanswered=SiteAccount.login_unanswered - 1)

    def _begin(self, session: Session) -> None:
        leases.require(session, self._lease)
        account = session.get_one(SiteAccount, self._lease.site_account_id, populate_existing=True)
        if account.login_version != self.version or account.login_refused_at is not None:
            message = "The log-in was changed while this worker held the old one. It stopped; the next uses the new."
            raise FencedError(message, site_account_id=account.id)
        tries = _TRIES_UNANSWERED[account.login_proved_at is not None]
        if account.login_unanswered > tries and not self._is_watched:
            raise LoginUnansweredError(
                "A worker stopped while it signed in, and nobody saw whether the site took the log-in. Nothing was "
                "sent, and it is not tried again, so that the account is not locked; an administrator must check."
            )
        account.login_unanswered += 1
        session.add(account)

    def _note(self, **facts: object) -> None:
        mine = (col(SiteAccount.id) == self._lease.site_account_id) & (col(SiteAccount.login_version) == self.version)
        self._database.transact(lambda session: session.execute(update(SiteAccount).where(mine).values(facts)))


def login_version(session: Session, site_account_id: int) -> int:
    """Return which log-in an account has now."""
    return session.scalars(select(col(SiteAccount.login_version)).where(col(SiteAccount.id) == site_account_id)).one()
