"""The lease of a site account: one worker at a time signs in there, for as long as it keeps saying so."""

from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, Update, select, update
from sqlmodel import Session, col

from core.db import db_now_ms
from core.errors import FencedError
from models import SiteAccount, Submission


@dataclass(frozen=True)
class AccountLease:
    """What a worker shows to prove that the account is its own."""

    site_account_id: int
    fence: int
    worker_id: int


@dataclass(frozen=True)
class FileLease:
    """What a worker shows to prove that a ledger row is its own."""

    submission_id: int
    fence: int


def take_account(session: Session, *, site_account_id: int, worker_id: int, lease_ms: int) -> AccountLease | None:
    """Take a free account that is neither paused nor waiting, and whose log-in the site did not refuse; else None."""
    statement = update(SiteAccount).where(
        col(SiteAccount.id) == site_account_id,
        _is_free(),
        col(SiteAccount.paused_at).is_(None),
        col(SiteAccount.login_refused_at).is_(None),
        is_not_waiting(),
    )
    fields = {"fence": SiteAccount.fence + 1, "lease_until_ms": db_now_ms() + lease_ms, "worker_id": worker_id}
    if not _changed(session, statement.values(fields)):
        return None
    fence = session.scalars(select(col(SiteAccount.fence)).where(col(SiteAccount.id) == site_account_id)).one()
    return AccountLease(site_account_id, fence, worker_id)


def renew(session: Session, lease: AccountLease, file: FileLease | None, lease_ms: int) -> bool:
    """Prolong the account's lease and that of the file in hand; False when either is lost."""
    until = {"lease_until_ms": db_now_ms() + lease_ms}
    if not _changed(session, update(SiteAccount).where(*_mine(lease)).values(until)):
        return False
    if file is None:
        return True
    row = update(Submission).where(
        col(Submission.id) == file.submission_id,
        col(Submission.fence) == file.fence,
        col(Submission.lease_until_ms) > db_now_ms(),
    )
    return _changed(session, row.values(until))


def require(session: Session, lease: AccountLease) -> None:
    """Lock the account's row and check that it is still ours.

    Raises:
        FencedError: it is not; write nothing.
    """
    held = select(col(SiteAccount.id)).where(*_mine(lease)).with_for_update()
    if session.scalars(held).first() is None:
        message = "Another worker has taken over this account. This one stopped and wrote nothing."
        raise FencedError(message, site_account_id=lease.site_account_id, fence=lease.fence)


def lock(session: Session, lease: AccountLease) -> None:
    """Lock the account's row, whoever owns it by now.

    Who locks an account and one of its files does it in this order, as the heartbeat does; the other way round, the
    two wait for one another until the database ends one of them. On MySQL and MariaDB a change of a file's state locks
    the account too: the index that holds the state serves the foreign key.
    """
    session.scalars(select(col(SiteAccount.id)).where(col(SiteAccount.id) == lease.site_account_id).with_for_update())


def release_account(session: Session, lease: AccountLease) -> None:
    """Give the account back, if it is still ours."""
    fields = {"lease_until_ms": None, "worker_id": None}
    _changed(session, update(SiteAccount).where(*_mine(lease)).values(fields))


def is_not_waiting() -> ColumnElement[bool]:
    """Whether the account's own waiting time, if it has one, is over."""
    resume_at = col(SiteAccount.resume_at_ms)
    return resume_at.is_(None) | (resume_at <= db_now_ms())


def _is_free() -> ColumnElement[bool]:
    until = col(SiteAccount.lease_until_ms)
    return until.is_(None) | (until <= db_now_ms())


def _mine(lease: AccountLease) -> tuple[ColumnElement[bool], ...]:
    return (
        col(SiteAccount.id) == lease.site_account_id,
        col(SiteAccount.fence) == lease.fence,
        col(SiteAccount.lease_until_ms) > db_now_ms(),
    )


def _changed(session: Session, statement: Update) -> bool:
    result = session.execute(statement.execution_options(synchronize_session=False))
    return cast("CursorResult[Any]", result).rowcount == 1
