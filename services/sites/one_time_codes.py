"""One-time codes: one code a log-in, under the account's lease, and none that is about to expire."""

import time
from collections.abc import Callable
from typing import Any, cast

import pyotp
from sqlalchemy import CursorResult, select, update
from sqlmodel import Session, col

from core.crypto import Secret
from core.db import Database, db_now_ms
from core.errors import UnavailableError
from models import SiteAccount
from services.uploads import leases
from services.uploads.leases import AccountLease

_STEP_SECONDS = 30
# From giving the code out to the site's reading it: typing, the click, the way there.
_TIME_TO_TYPE_SECONDS = 5
_CLOCK_AHEAD_STEPS = 2


def database_clock(session: Session) -> float:
    """Return the database's clock in seconds: the same for every worker, whatever the clock of its machine says."""
    ms: int = session.execute(select(db_now_ms())).scalar_one()
    return ms / 1000


def one_time_code(
    database: Database,
    lease: AccountLease,
    seed: Secret,
    *,
    clock: Callable[[Session], float] = database_clock,
    sleep: Callable[[float], None] = time.sleep,
) -> str:
    """Return a TOTP code (RFC 6238, 30 s) of a time step that no log-in of this account used before.

    Takes the step in the database first. Where the present step is used or ends within 5 s, waits for the next one.

    Raises:
        FencedError: the account is no longer ours.
        UnavailableError: the clock stands before codes that were used already.
    """
    while True:
        with database.unit_of_work() as session:
            leases.require(session, lease)
            at = clock(session)
            step, left = int(at) // _STEP_SECONDS, _STEP_SECONDS - at % _STEP_SECONDS
            _check_clock(session, lease.site_account_id, step)
            if left >= _TIME_TO_TYPE_SECONDS and _take_step(session, lease.site_account_id, step):
                return pyotp.TOTP(seed.reveal()).at(step * _STEP_SECONDS)
        sleep(left + 0.05)


def _take_step(session: Session, site_account_id: int, step: int) -> bool:
    last = col(SiteAccount.totp_last_step)
    unused = (col(SiteAccount.id) == site_account_id) & (last.is_(None) | (last < step))
    taken = session.execute(update(SiteAccount).where(unused).values(totp_last_step=step))
    return cast("CursorResult[Any]", taken).rowcount == 1


def _check_clock(session: Session, site_account_id: int, step: int) -> None:
    used = session.scalars(select(col(SiteAccount.totp_last_step)).where(col(SiteAccount.id) == site_account_id)).one()
    if used is not None and used - step >= _CLOCK_AHEAD_STEPS:
        behind = (used - step) * _STEP_SECONDS
        message = (
            f"The database's clock stands {behind} seconds before the last one-time code that was used, so no code "
            "would fit. Every file was kept and is tried again; set the clock."
        )
        raise UnavailableError(message, site_account_id=site_account_id, behind_seconds=behind)
