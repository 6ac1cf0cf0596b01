"""Browsers on a Selenium Grid by account, so that one whose worker died can be ended from anywhere."""

from dataclasses import dataclass

from sqlalchemy import select, update
from sqlmodel import Session, col

from core.db import db_now_ms
from models import SiteAccount
from services.uploads import leases
from services.uploads.leases import AccountLease


@dataclass(frozen=True)
class LeftSession:
    """A browser on the Grid that nobody drives any more."""

    site_account_id: int
    session_id: str


def note_session(session: Session, lease: AccountLease, session_id: str) -> str:
    """Write down which browser works for the account, '' for none; returns one that was left there before.

    Raises:
        FencedError: the account is another worker's now.
    """
    leases.require(session, lease)
    account = session.get_one(SiteAccount, lease.site_account_id, populate_existing=True)
    left, account.grid_session = account.grid_session, session_id
    session.add(account)
    session.flush()
    return left if left != session_id else ""


def list_left_sessions(session: Session) -> list[LeftSession]:
    """Return the browsers of accounts that no worker holds."""
    until = col(SiteAccount.lease_until_ms)
    statement = select(col(SiteAccount.id), col(SiteAccount.grid_session)).where(
        col(SiteAccount.grid_session) != "", until.is_(None) | (until <= db_now_ms())
    )
    return [LeftSession(account, left) for account, left in session.execute(statement) if account is not None]


def forget_session(session: Session, left: LeftSession) -> None:
    """Note that a browser was ended, unless a worker has opened another one meanwhile."""
    same = (col(SiteAccount.id) == left.site_account_id) & (col(SiteAccount.grid_session) == left.session_id)
    session.execute(update(SiteAccount).where(same).values(grid_session=""))
