"""A dry run in a worker's hand: the account's lease, one browser, a row and a picture a step, never a submission."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import select
from sqlmodel import Session, col

from adapters.object_store import ObjectStore
from carriers.profile import CarrierProfile
from carriers.rehearsable import load_rehearsable
from carriers.rehearsal import StepReport
from core.clock import now
from core.db import Database
from core.errors import BillingError, FencedError
from core.ids import new_correlation_id, sha256_hex
from core.log import get_logger
from core.settings import Settings
from models import Carrier, DryRun, DryRunStep, Matter, MatterPayor
from models.enums import DryRunEnd, DryRunStepResult, MatterStatus
from services import audit
from services.actor import system_actor
from services.lifecycle import get
from services.outcomes import Pause, outcome_of
from services.sites import site_accounts
from services.uploads import leases, workers
from services.uploads.lease_keeper import LeaseKeeper
from services.uploads.site_visit import VisitOrder
from services.uploads.visit_orders import make_order

_MESSAGE = 1000
_REACHED = "It signed in and came to the upload. Nothing was sent."
_log = get_logger(__name__)


class DryVisit(Protocol):
    """One browser that walks and sends nothing; every method but `kill` raises the leaves of `carriers.errors`."""

    def walk(self, profile: CarrierProfile, known: Mapping[str, str], tell: Callable[[StepReport], None]) -> None:
        """Sign in, walk to the file, sign out; `tell` is called after each step, `known` fills placeholders in."""

    def close(self) -> None:
        """End the browser; never raises."""

    def kill(self) -> None:
        """End the browser at once, from any thread."""


@dataclass(frozen=True)
class DryRunTools:
    """What a dry run works with."""

    database: Database
    settings: Settings
    store: ObjectStore
    open_visit: Callable[[VisitOrder], DryVisit]


class _NoSink:
    """A dry run keeps its pictures as steps, not as proof of a submission."""

    def capture(self, kind: str, label: str, png: bytes, html: str) -> None:
        """Take nothing in."""


@dataclass
class _StepKeeper:
    """Writes each step as it is done, so that the page can show it."""

    tools: DryRunTools
    dry_run_id: int
    lengths: dict[str, int]
    position: int = 0
    failed: bool = False

    def tell(self, report: StepReport) -> None:
        """Keep one step with its picture and page; a stand-in for what the draft lacks is left out."""
        if report.position >= self.lengths[report.list_name]:
            return
        self.failed = self.failed or report.result == "failed"
        row = DryRunStep(
            dry_run_id=self.dry_run_id,
            position=self.position,
            list_name=report.list_name,
            list_position=report.position,
            label=report.label,
            result=DryRunStepResult(report.result),
            milliseconds=report.milliseconds,
            counts=list(report.counts),
        )
        row.picture_key, row.picture_sha256 = self._put("png", "image/png", report.png)
        row.page_key, row.page_sha256 = self._put("html", "text/html", report.html.encode())
        self.position += 1
        with self.tools.database.unit_of_work() as session:
            session.add(row)

    def _put(self, suffix: str, media_type: str, content: bytes) -> tuple[str, str]:
        if not content:
            return "", ""
        key = f"dry-runs/{self.dry_run_id}/{self.position:03d}-{new_correlation_id()}.{suffix}"
        self.tools.store.put(key, content, media_type)
        return key, sha256_hex(content)


def make_dry_run(tools: DryRunTools, dry_run_id: int) -> None:
    """Make a dry run that waits, if its account is free now; otherwise it stays waiting and is rung for again."""
    start = time.monotonic()
    taken = _take(tools, dry_run_id)
    if taken is None:
        return
    lease, known, document = taken
    end, message = DryRunEnd.NOT_MADE, "The worker had to stop. Nothing was sent; try again."
    try:
        end, message = _walk(tools, lease, dry_run_id, known, document, start)
    except FencedError as lost:
        _log.warning("dry_run:fenced", dry_run_id=dry_run_id, **lost.facts)
    finally:
        tools.database.transact(lambda session: _give_back(session, lease, dry_run_id, end, message))


def _give_back(session: Session, lease: leases.AccountLease, dry_run_id: int, end: DryRunEnd, message: str) -> None:
    _end(session, dry_run_id, end, message)
    leases.release_account(session, lease)


def _take(tools: DryRunTools, dry_run_id: int) -> tuple[leases.AccountLease, dict[str, str], dict[str, object]] | None:
    with tools.database.unit_of_work() as session:
        run = session.get(DryRun, dry_run_id, with_for_update=True)
        if run is None or run.started_at is not None or run.ended_at is not None:
            return None
        lease = leases.take_account(
            session,
            site_account_id=run.site_account_id,
            worker_id=workers.register_worker(session),
            lease_ms=tools.settings.lease_seconds * 1000,
        )
        if lease is None:
            return None
        run.started_at = now()
        session.add(run)
        carrier: Carrier = get(session, Carrier, run.carrier_id)
        return lease, known_values(session, carrier), dict(run.document)


def known_values(session: Session, carrier: Carrier) -> dict[str, str]:
    """Return what a site may look up before it takes a file: the carrier's code, its newest open matter and claim."""
    payors = (
        select(col(Matter.number), col(MatterPayor.claim_number))
        .join(MatterPayor, col(MatterPayor.matter_id) == col(Matter.id))
        .where(col(MatterPayor.carrier_id) == carrier.id, col(Matter.status) == MatterStatus.OPEN)
    )
    newest = session.execute(payors.order_by(col(MatterPayor.id).desc()).limit(1)).first()
    paid = {"matter": newest[0], "claim_number": newest[1]} if newest else {}
    return {"client_code": carrier.client_code, **paid}


def _walk(
    tools: DryRunTools,
    lease: leases.AccountLease,
    dry_run_id: int,
    known: dict[str, str],
    document: dict[str, object],
    start: float,
) -> tuple[DryRunEnd, str]:
    try:
        profile = load_rehearsable(document)
        order, version = make_order(tools.database, lease, _NoSink(), is_watched=True)
        visit = tools.open_visit(order)
    except BillingError as missing:
        return DryRunEnd.NOT_MADE, missing.user_message
    keeper = LeaseKeeper(
        tools.database,
        lease,
        lease_seconds=tools.settings.lease_seconds,
        heartbeat_seconds=tools.settings.heartbeat_seconds,
        taken_at=start,
        on_lost=visit.kill,
    )
    steps = _StepKeeper(tools, dry_run_id, _lengths(document))
    with keeper:
        try:
            visit.walk(profile, known, steps.tell)
        except BillingError as said:
            stand_still(tools.database, lease, version, said)
            return DryRunEnd.FAILED if steps.failed else DryRunEnd.NOT_MADE, _told(said)
        finally:
            visit.close()
    return DryRunEnd.REACHED, _REACHED


def stand_still(database: Database, lease: leases.AccountLease, version: int, error: BillingError) -> None:
    """Pause the account where its site said something that only a person can mend, so that it is not locked."""
    outcome = outcome_of(error)
    if outcome.pause is not Pause.ACCOUNT:
        return
    with database.unit_of_work() as session:
        leases.require(session, lease)
        account = lease.site_account_id
        site_accounts.stop_account(session, system_actor(), site_account_id=account, error=error, login_version=version)
        if outcome.tag:
            audit.record(session, system_actor(), outcome.tag, "site_account", account, note=error.user_message)


def _end(session: Session, dry_run_id: int, end: DryRunEnd, message: str) -> None:
    run = session.get_one(DryRun, dry_run_id, with_for_update=True)
    run.ended_at, run.ended_as, run.message = now(), end, message[:_MESSAGE]
    session.add(run)
    actor = system_actor(run.requested_by_id)
    audit.record(session, actor, "carrier:dry_run_ended", "carrier", run.carrier_id, dry_run_id=dry_run_id, ended=end)


def _told(said: BillingError) -> str:
    missing = str(getattr(said, "selector", ""))
    return f"{said.user_message} Looked for: {missing}" if missing else said.user_message


def _lengths(document: dict[str, object]) -> dict[str, int]:
    site = document.get("site")
    steps = site.get("steps") if isinstance(site, dict) else None
    lists = steps if isinstance(steps, dict) else {}
    return {name: len(lists.get(name) or ()) for name in ("login", "upload")}
