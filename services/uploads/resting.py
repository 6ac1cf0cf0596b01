"""Resting between files: a worker waits with its browser warm where the next file may go soon, or gives way."""

import time

from sqlalchemy import select
from sqlmodel import Session, col

from models import Submission
from services.sites.site_traffic import Held, clock_ms, held_carriers
from services.uploads import ledger
from services.uploads.dispatch import others_wait
from services.uploads.turns import CarrierTurn
from services.uploads.workbench import Workbench

RESTED = "rested"
_SLICE_SECONDS = 0.5


def rest(bench: Workbench, turn: CarrierTurn) -> str:
    """Wait until the account's next file may go: RESTED once it may, else why files are left for another visit.

    'nothing_due' where no file waits, 'closed' where the site is, 'batch' where this visit has sent its share, 'paced'
    where the wait is too long, a stop is asked for, or another account needs the worker.
    """
    has_waited = False
    while not bench.should_stop():
        with bench.database.read_only() as session:
            why, wait_ms = _why(session, bench, turn)
            is_wanted = why == "paced" and others_wait(session, site_account_id=bench.lease.site_account_id)
        if why == RESTED and not has_waited:
            return "nothing_due"
        if why != "paced" or is_wanted or wait_ms > bench.settings.drain_rest_seconds * 1000:
            return why
        bench.keeper.check()
        time.sleep(min(_SLICE_SECONDS, wait_ms / 1000))
        has_waited = True
    return "asked_to_stop"


def _why(session: Session, bench: Workbench, turn: CarrierTurn) -> tuple[str, int]:
    """Return why no file was taken, and the milliseconds until one may be where a pace is the cause."""
    account = bench.lease.site_account_id
    held = held_carriers(session, site_account_id=account, sent=turn.by_carrier)
    waiting = _carriers_with_files(session, account)
    if waiting - held.ids:
        return RESTED, 0
    paced = [until for carrier_id, until in held.paced.items() if carrier_id in waiting - held.full]
    if paced:
        return "paced", max(1, min(paced) - clock_ms(session))
    return _other_cause(held, waiting), 0


def _other_cause(held: Held, waiting: set[int]) -> str:
    if waiting & held.full:
        return "batch"
    return "closed" if waiting & held.closed.keys() else "nothing_due"


def _carriers_with_files(session: Session, site_account_id: int) -> set[int]:
    found = select(col(Submission.carrier_id)).where(ledger.due_files(site_account_id)).distinct()
    return set(session.scalars(found))
