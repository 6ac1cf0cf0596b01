"""What a worker needs to visit a site as one account, put together once for whoever visits."""

from sqlmodel import Session

from carriers.evidence import EvidenceSink
from core.db import Database
from models import Site, SiteAccount
from services.lifecycle import get
from services.sites import account_secrets, one_time_codes
from services.sites.account_secrets import ONE_TIME_CODE_FIELD
from services.sites.login_journal import LoginJournal, login_version
from services.uploads import grid_sessions
from services.uploads.leases import AccountLease
from services.uploads.site_visit import VisitOrder


def make_order(
    database: Database, lease: AccountLease, evidence: EvidenceSink, *, is_watched: bool = False
) -> tuple[VisitOrder, int]:
    """Return what a visit needs, and which of the account's log-ins it holds; `is_watched` as in `LoginJournal`.

    Raises:
        LoginMissingError, SecretUnreadableError: there is no log-in that could be typed.
        UnavailableError: the keys cannot be reached.
    """
    with database.read_only() as session:
        version = login_version(session, lease.site_account_id)
        secrets = account_secrets.load_secrets(session, lease.site_account_id)
        site = site_of(session, lease.site_account_id)
    seed = secrets.get(ONE_TIME_CODE_FIELD)

    def one_time_code() -> str:
        if seed is None:
            message = "The site asks for a code and none is set up. Nothing was sent; enter the code's seed."
            raise account_secrets.LoginMissingError(message)
        return one_time_codes.one_time_code(database, lease, seed)

    def note_browser(session_id: str) -> str:
        return database.transact(lambda session: grid_sessions.note_session(session, lease, session_id))

    journal = LoginJournal(database, lease, version, is_watched=is_watched)
    order = VisitOrder(
        site.name,
        site.origin,
        secrets,
        one_time_code,
        evidence,
        journal,
        may_use_forms=bool(site.form_lane_allowed_by),
        note_browser=note_browser,
    )
    return order, version


def site_of(session: Session, site_account_id: int) -> Site:
    """Return the site of an account."""
    account: SiteAccount = get(session, SiteAccount, site_account_id)
    site: Site = get(session, Site, account.site_id)
    return site
