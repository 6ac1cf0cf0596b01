"""Draining a site account: one lease, one warm browser, every file and every decision that is due."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from sqlmodel import Session

from adapters.object_store import ObjectStore
from core.db import Database
from core.errors import BillingError, FencedError
from core.log import get_logger
from core.settings import Settings
from services.actor import system_actor
from services.outcomes import retry_delay_ms
from services.responses import decisions
from services.responses.results import poll_decision
from services.sites import site_accounts
from services.sites.site_traffic import held_carriers
from services.uploads import leases, ledger, workers
from services.uploads.conclusion import Verdict
from services.uploads.delivery import handle
from services.uploads.evidence import EvidenceCollector
from services.uploads.lease_keeper import LeaseKeeper
from services.uploads.resting import RESTED, rest
from services.uploads.site_visit import OpenVisit
from services.uploads.turns import AccountTurn, CarrierTurn
from services.uploads.visit_orders import make_order
from services.uploads.workbench import Workbench

_log = get_logger(__name__)


@dataclass(frozen=True)
class DrainTools:
    """What a drain works with; `should_stop` is asked between files."""

    database: Database
    settings: Settings
    store: ObjectStore
    open_visit: OpenVisit
    should_stop: Callable[[], bool] = lambda: False


@dataclass
class DrainReport:
    """What one drain did: files taken up, decisions looked after, and why it ended."""

    files: int = 0
    decisions: int = 0
    ended: str = "nothing_due"
    seconds: float = 0.0


def drain_account(tools: DrainTools, site_account_id: int) -> DrainReport:
    """Work off what is due on an account, within the settings' limits of files and seconds.

    Returns at once when the account is paused, waiting, or in another worker's hands.
    """
    report, start = DrainReport(), time.monotonic()
    lease = tools.database.transact(lambda session: _take_account(session, tools, site_account_id))
    if lease is None:
        report.ended = "not_free"
        return report
    try:
        _drain(tools, lease, start, report)
    except FencedError as lost:
        report.ended = "fenced"
        _log.warning("drain:fenced", **{**lost.facts, "site_account_id": site_account_id})
    finally:
        tools.database.transact(lambda session: leases.release_account(session, lease))
    report.seconds = time.monotonic() - start
    _log.info("drain:ended", site_account_id=site_account_id, files=report.files, ended=report.ended)
    return report


def _take_account(session: Session, tools: DrainTools, site_account_id: int) -> leases.AccountLease | None:
    return leases.take_account(
        session,
        site_account_id=site_account_id,
        worker_id=workers.register_worker(session),
        lease_ms=tools.settings.lease_seconds * 1000,
    )


def _drain(tools: DrainTools, lease: leases.AccountLease, start: float, report: DrainReport) -> None:
    evidence = EvidenceCollector(tools.store)
    try:
        order, version = make_order(tools.database, lease, evidence)
    except BillingError as missing:
        _stop(tools, lease, missing)
        report.ended = missing.code
        return
    visit = tools.open_visit(order)
    keeper = LeaseKeeper(
        tools.database,
        lease,
        lease_seconds=tools.settings.lease_seconds,
        heartbeat_seconds=tools.settings.heartbeat_seconds,
        taken_at=start,
        on_lost=visit.kill,
    )
    bench = Workbench(tools.database, tools.settings, lease, keeper, visit, evidence, tools.should_stop)
    bench.login_version = version
    with keeper:
        try:
            if _send_files(bench, start, report):
                _look_after_decisions(bench, start, report)
        finally:
            visit.close()
            bench.keep_evidence()


def _send_files(bench: Workbench, start: float, report: DrainReport) -> bool:
    """Send what is due; False when the visit is over."""
    account = AccountTurn(bench.database, bench.settings, bench.lease.site_account_id, start)
    carrier = CarrierTurn(bench.settings.carrier_turn_files)
    while not _is_enough(bench, start, report):
        if report.files and account.is_over():
            report.ended = "turn"
            return False
        bench.keeper.check()
        taken_at = time.monotonic()
        claim = _claim(bench, carrier)
        if claim is None:
            report.ended = rest(bench, carrier)
            if report.ended == RESTED:
                continue
            return True
        bench.keeper.hold(claim.lease, taken_at)
        report.files += 1
        try:
            verdict = handle(bench, claim)
        finally:
            bench.keeper.drop()
        if verdict is Verdict.END_VISIT:
            report.ended = "site_says_stop"
            return False
    return False


def _look_after_decisions(bench: Workbench, start: float, report: DrainReport) -> None:
    limit = bench.settings.drain_max_files
    with bench.database.read_only() as session:
        account = bench.lease.site_account_id
        closed = held_carriers(session, site_account_id=account).closed
        due = decisions.list_due_decisions(session, site_account_id=account, limit=limit, closed=closed)
    for decision in due:
        if _is_enough(bench, start, report):
            return
        report.decisions += 1
        if not poll_decision(bench, decision):
            report.ended = "site_says_stop"
            return


def _claim(bench: Workbench, turn: CarrierTurn) -> ledger.Claim | None:
    """Take the next file, while the account is certainly ours and nobody paused it."""

    def claim_next(session: Session) -> ledger.Claim | None:
        leases.require(session, bench.lease)
        account = bench.lease.site_account_id
        if site_accounts.is_paused(session, site_account_id=account):
            return None
        return ledger.claim_next(
            session,
            site_account_id=account,
            worker_id=bench.lease.worker_id,
            lease_ms=bench.lease_ms,
            from_carrier_id=turn.from_carrier_id,
            held=held_carriers(session, site_account_id=account, sent=turn.by_carrier),
        )

    claim = bench.database.transact(claim_next)
    if claim is not None:
        turn.take(claim)
    return claim


def _is_enough(bench: Workbench, start: float, report: DrainReport) -> bool:
    if bench.should_stop():
        report.ended = "asked_to_stop"
        return True
    too_long = time.monotonic() - start >= bench.settings.drain_max_seconds
    if too_long or report.files + report.decisions >= bench.settings.drain_max_files:
        report.ended = "limit"
        return True
    return False


def _stop(tools: DrainTools, lease: leases.AccountLease, error: BillingError) -> None:
    """Let the account stand still; for a while only, when what is missing may come back by itself."""
    account, delay_ms = lease.site_account_id, retry_delay_ms(1, tools.settings.retry_scale)

    def write(session: Session) -> None:
        leases.require(session, lease)
        if error.retryable:
            site_accounts.let_account_wait(
                session, system_actor(), site_account_id=account, delay_ms=delay_ms, error=error
            )
        else:
            site_accounts.stop_account(session, system_actor(), site_account_id=account, error=error)

    tools.database.transact(write)
