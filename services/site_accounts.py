"""Accounts at carrier sites: paused and resumed by people, stopped or made to wait by what a site said."""

import time
from collections.abc import Callable
from typing import Any, cast

import pyotp
from sqlalchemy import CursorResult, select, update
from sqlmodel import Session, col

from core.clock import now
from core.crypto import Secret
from core.db import Database, db_now_ms
from core.errors import BillingError, InvalidInputError, WrongStateError
from models import SiteAccount
from models.enums import Role
from services import audit
from services.access import require
from services.actor import Actor
from services.lifecycle import get, ring_account

_REASON = 500
_STEP_SECONDS = 30


def pause_account(session: Session, actor: Actor, *, site_account_id: int, reason: str) -> None:
    """Stop all traffic of an account until a person resumes it; a worker under way finishes its file.

    Raises:
        DeniedError: the actor is neither biller nor admin.
        InvalidInputError: no reason is given.
        WrongStateError: it is paused already.
    """
    require(actor, Role.BILLER, Role.ADMIN, what="Pausing an account")
    if not reason.strip():
        raise InvalidInputError("Pausing an account needs a reason. Nothing was changed; write one and try again.")
    account = _locked(session, site_account_id)
    if account.paused_at is not None:
        raise WrongStateError("The account is paused already. Nothing was changed.")
    _pause(session, account, reason)
    audit.record(session, actor, "site_account:paused", "site_account", site_account_id, note=reason)


def resume_account(session: Session, actor: Actor, *, site_account_id: int, note: str = "") -> None:
    """Let an account's files go again, at once.

    Raises:
        DeniedError: the actor is neither biller nor admin.
        WrongStateError: it is neither paused nor waiting.
    """
    require(actor, Role.BILLER, Role.ADMIN, what="Resuming an account")
    account = _locked(session, site_account_id)
    if account.paused_at is None and account.resume_at_ms is None:
        raise WrongStateError("The account is running already. Nothing was changed.")
    account.paused_at, account.paused_reason, account.resume_at_ms = None, "", None
    session.add(account)
    session.flush()
    audit.record(session, actor, "site_account:resumed", "site_account", site_account_id, note=note)
    ring_account(session, site_account_id)


def stop_account(session: Session, actor: Actor, *, site_account_id: int, error: BillingError) -> None:
    """Pause an account because its site said something only a person can mend; it is never signed in by itself."""
    account = _locked(session, site_account_id)
    if account.paused_at is None:
        _pause(session, account, error.user_message)
    _record_signal(session, actor, "site_account:stopped", site_account_id, error)


def let_account_wait(
    session: Session, actor: Actor, *, site_account_id: int, delay_ms: int, error: BillingError
) -> None:
    """Try an account again by itself, but not before `delay_ms` have passed."""
    values = {"resume_at_ms": db_now_ms() + delay_ms, "paused_reason": error.user_message[:_REASON]}
    session.execute(update(SiteAccount).where(col(SiteAccount.id) == site_account_id).values(values))
    _record_signal(session, actor, "site_account:waits", site_account_id, error)


def note_login(session: Session, *, site_account_id: int) -> None:
    """Remember that the site let us in, and end a waiting time."""
    reachable = {"last_login_at": now(), "resume_at_ms": None}
    mine = col(SiteAccount.id) == site_account_id
    session.execute(update(SiteAccount).where(mine).values(reachable))
    waited = mine & col(SiteAccount.paused_at).is_(None)
    session.execute(update(SiteAccount).where(waited).values(paused_reason=""))


def one_time_code(
    database: Database,
    site_account_id: int,
    seed: Secret,
    *,
    clock: Callable[[], float] = time.time,
    sleep: Callable[[float], None] = time.sleep,
) -> str:
    """Return a TOTP code (RFC 6238, 30 s) of a time step that no log-in of this account used before.

    Takes the step in the database first; waits for the next one where the present one is gone (at most 30 s
    a rival). The codes follow the wall clock, as the site's do.
    """
    while True:
        step = int(clock()) // _STEP_SECONDS
        with database.unit_of_work() as session:
            if _take_step(session, site_account_id, step):
                return pyotp.TOTP(seed.reveal()).at(step * _STEP_SECONDS)
        sleep((step + 1) * _STEP_SECONDS - clock() + 0.05)


def is_paused(session: Session, *, site_account_id: int) -> bool:
    """Whether a person or a site's answer has paused the account."""
    paused = select(col(SiteAccount.paused_at)).where(col(SiteAccount.id) == site_account_id)
    return session.scalars(paused).one() is not None


def _take_step(session: Session, site_account_id: int, step: int) -> bool:
    last = col(SiteAccount.totp_last_step)
    unused = (col(SiteAccount.id) == site_account_id) & (last.is_(None) | (last < step))
    taken = session.execute(update(SiteAccount).where(unused).values(totp_last_step=step))
    return cast("CursorResult[Any]", taken).rowcount == 1


def _locked(session: Session, site_account_id: int) -> SiteAccount:
    account: SiteAccount = get(session, SiteAccount, site_account_id)
    session.refresh(account, with_for_update=True)
    return account


def _pause(session: Session, account: SiteAccount, reason: str) -> None:
    account.paused_at, account.paused_reason = now(), reason[:_REASON]
    session.add(account)
    session.flush()


def _record_signal(session: Session, actor: Actor, tag: str, site_account_id: int, error: BillingError) -> None:
    audit.record(session, actor, tag, "site_account", site_account_id, note=error.user_message, error_code=error.code)
