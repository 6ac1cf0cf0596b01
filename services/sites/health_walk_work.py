"""A health walk in a worker's hand: the account's lease, one walled browser, each page held against its base."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from sqlalchemy import func, select
from sqlmodel import Session, col

from adapters.object_store import ObjectStore
from carriers.errors import BrowserLostError, BrowserUnavailableError, PageChangedError, SiteUnavailableError
from carriers.health_walk import PageLook, WalkAudience
from carriers.profile import CarrierProfile, StepListName
from carriers.wall import StoppedRequest
from core.clock import now
from core.db import Database
from core.errors import BillingError, FencedError
from core.log import get_logger
from core.settings import Settings
from models import Carrier, HealthWalk, Invoice, Submission
from models.enums import NoticeKind, SubmissionStatus, WalkEnd
from services import audit
from services.actor import system_actor
from services.lifecycle import get
from services.notices import settle_notices, tell_admins
from services.outcomes import Pause, outcome_of
from services.sites.dry_run_work import known_values, stand_still
from services.sites.health_walks import has_ready_file, put_back
from services.sites.page_views import keep_look, settle_replaced
from services.sites.profiles import ActiveProfile, active_profiles
from services.sites.site_traffic import held_carriers
from services.sites.walk_consent import walk_terms
from services.uploads import leases, workers
from services.uploads.lease_keeper import LeaseKeeper
from services.uploads.site_visit import VisitOrder
from services.uploads.visit_orders import make_order

_MESSAGE = 1000
_SHOWN_STOPPED = 50
_LISTS = {"upload": "the upload", "find_invoice": "the list of invoices", "read_result": "the result"}
_log = get_logger(__name__)


@dataclass(frozen=True)
class WalkFindings:
    """How far each step list came, and what was stopped in the browser."""

    lists: Mapping[StepListName, str] = field(default_factory=dict)
    stopped: tuple[StoppedRequest, ...] = ()


class WalkVisit(Protocol):
    """One walled browser; every method but `kill` raises the leaves of `carriers.errors`, or WallError."""

    def walk(self, profile: CarrierProfile, known: Mapping[str, str], audience: WalkAudience) -> WalkFindings:
        """Sign in, look at the pages, sign out."""
        ...

    def close(self) -> None:
        """End the browser; never raises."""

    def kill(self) -> None:
        """End the browser at once, from any thread."""


@dataclass(frozen=True)
class WalkTools:
    """What a walk works with; `should_stop` is asked between step lists."""

    database: Database
    settings: Settings
    store: ObjectStore
    open_visit: Callable[[VisitOrder], WalkVisit]
    should_stop: Callable[[], bool] = lambda: False


class GaveWayError(BillingError):
    """The walk ended early because something more urgent waits."""

    code = "walk_gave_way"


class _NoSink:
    """A walk keeps its pictures with its pages."""

    def capture(self, kind: str, label: str, png: bytes, html: str) -> None:
        """Take nothing in."""


@dataclass(frozen=True)
class _Taken:
    lease: leases.AccountLease
    active: ActiveProfile
    known: dict[str, str]


@dataclass
class _End:
    """How a walk ended; `is_early` when it had not begun, for want of a browser."""

    ended_as: WalkEnd = WalkEnd.NOT_MADE
    message: str = "The worker had to stop. Nothing was sent; the next night tries again."
    findings: WalkFindings = field(default_factory=WalkFindings)
    is_in: bool = False
    is_early: bool = False


@dataclass
class _Keeper:
    """Keeps each page as it is seen, while the account is ours; gives way to files."""

    tools: WalkTools
    lease: leases.AccountLease
    walk_id: int
    position: int = 0

    def tell(self, look: PageLook) -> None:
        """Keep one page."""
        with self.tools.database.unit_of_work() as session:
            leases.require(session, self.lease)
            walk = session.get_one(HealthWalk, self.walk_id)
            keep_look(session, walk, look, position=self.position, store=self.tools.store)
        self.position += 1

    def check(self) -> None:
        """Give way to files that became ready, and to a worker's end."""
        with self.tools.database.read_only() as session:
            is_wanted = session.scalars(select(has_ready_file(self.lease.site_account_id))).one()
        if is_wanted or self.tools.should_stop():
            raise GaveWayError("The walk gave way to files that were ready. Nothing was sent; the next night walks on.")


def make_walk(tools: WalkTools, walk_id: int) -> None:
    """Make a walk that waits, if it may be made and its account is free now; otherwise it stays waiting."""
    start = time.monotonic()
    taken = _take(tools, walk_id)
    if taken is None:
        return
    end = _End()
    try:
        end = _walk(tools, taken, walk_id, start)
    except FencedError as lost:
        _log.warning("health_walk:fenced", walk_id=walk_id, **lost.facts)
    finally:
        with tools.database.unit_of_work() as session:
            if not (end.is_early and put_back(session, walk_id)):
                _finish(session, walk_id, end)
            leases.release_account(session, taken.lease)


def _take(tools: WalkTools, walk_id: int) -> _Taken | None:
    """Take the walk and its account, once everything that it rests on was looked at again."""
    with tools.database.unit_of_work() as session:
        walk = session.get(HealthWalk, walk_id, with_for_update=True)
        if walk is None or walk.started_at is not None or walk.ended_at is not None or walk.due_at > now():
            return None
        if reasons := walk_terms(session, carrier_id=walk.carrier_id).reasons:
            _finish(session, walk_id, _End(message=f"{' '.join(reasons)} Nothing was opened."))
            return None
        account_id = walk.site_account_id
        is_closed = walk.carrier_id in held_carriers(session, site_account_id=account_id).closed
        if is_closed or session.scalars(select(has_ready_file(account_id))).one():
            return None
        lease = leases.take_account(
            session,
            site_account_id=account_id,
            worker_id=workers.register_worker(session),
            lease_ms=tools.settings.lease_seconds * 1000,
        )
        if lease is None:
            return None
        carrier: Carrier = get(session, Carrier, walk.carrier_id)
        active = active_profiles(session, [walk.carrier_id])[walk.carrier_id]
        walk.started_at, walk.version_id = now(), active.version_id
        session.add(walk)
        settle_replaced(session, carrier_id=walk.carrier_id, version_id=active.version_id)
        known = {**known_values(session, carrier), **_delivered(session, walk)}
        return _Taken(lease, active, known)


def _delivered(session: Session, walk: HealthWalk) -> dict[str, str]:
    """Return the number of the newest invoice that the site has, so that its result can be walked to."""
    newest = (
        select(col(Invoice.number))
        .join(Submission, col(Submission.invoice_id) == col(Invoice.id))
        .where(
            col(Submission.carrier_id) == walk.carrier_id,
            col(Submission.site_account_id) == walk.site_account_id,
            col(Submission.status) == SubmissionStatus.DELIVERED,
        )
        .order_by(col(Submission.id).desc())
    )
    number = session.scalars(newest.limit(1)).first()
    return {"invoice_number": number} if number else {}


def _walk(tools: WalkTools, taken: _Taken, walk_id: int, start: float) -> _End:
    try:
        order, version = make_order(tools.database, taken.lease, _NoSink())
        visit = tools.open_visit(order)
    except BillingError as missing:
        return _End(message=missing.user_message)
    pages = _Keeper(tools, taken.lease, walk_id)
    keeper = LeaseKeeper(
        tools.database,
        taken.lease,
        lease_seconds=tools.settings.lease_seconds,
        heartbeat_seconds=tools.settings.heartbeat_seconds,
        taken_at=start,
        on_lost=visit.kill,
    )
    with keeper:
        try:
            findings = visit.walk(taken.active.profile, taken.known, pages)
        except FencedError:
            raise
        except BillingError as said:
            _log.warning("health_walk:ended_early", walk_id=walk_id, error=said.code, reason=said.facts.get("reason"))
            stand_still(tools.database, taken.lease, version, said)
            return _ended_by(said)
        finally:
            visit.close()
    return _ended_with(findings)


def _ended_by(said: BillingError) -> _End:
    if outcome_of(said).pause is Pause.ACCOUNT:
        return _End(WalkEnd.STOPPED, said.user_message)
    if isinstance(said, PageChangedError):
        return _End(WalkEnd.CHANGED, f"The log-in is not as the profile describes. Looked for: {said.selector}")
    if isinstance(said, SiteUnavailableError):
        if said.site_text:
            return _End(WalkEnd.CLOSED, f"The site says: “{said.site_text}”")
        return _End(WalkEnd.AWAY, f"{said.site} could not be reached.")
    if isinstance(said, BrowserLostError):
        # It had signed in, so it is not begun anew in the same night.
        return _End(message=f"The browser stopped on its way through {said.site}. Nothing was sent.")
    return _End(message=said.user_message, is_early=isinstance(said, BrowserUnavailableError))


def _ended_with(findings: WalkFindings) -> _End:
    told = {
        "changed": "A page on the way to {} is not as the profile describes.",
        "would_send": "The way to {} leads over a form that would be sent, so the walk ended before it.",
        "not_asked": "No invoice was delivered yet, so {} was not walked to.",
    }
    said = [told[end].format(_LISTS.get(name, name)) for name, end in findings.lists.items() if end in told]
    is_changed = "changed" in findings.lists.values()
    message = " ".join(said)
    return _End(WalkEnd.CHANGED if is_changed else WalkEnd.WALKED, message, findings, is_in=True)


def _finish(session: Session, walk_id: int, end: _End) -> None:
    walk = session.get_one(HealthWalk, walk_id, with_for_update=True)
    walk.ended_at, walk.ended_as, walk.message = now(), end.ended_as, end.message[:_MESSAGE]
    walk.lists = {str(name): how for name, how in end.findings.lists.items()}
    walk.stopped = [
        {"method": one.method, "host": one.host, "path": one.path[:200], "kind": one.kind}
        for one in end.findings.stopped[:_SHOWN_STOPPED]
    ]
    session.add(walk)
    session.flush()
    if end.ended_as is WalkEnd.AWAY:
        tell_admins(session, NoticeKind.SITE_AWAY, "carrier", walk.carrier_id, occasion=_since(session, walk))
    elif end.is_in:
        settle_notices(session, NoticeKind.SITE_AWAY, "carrier", walk.carrier_id)
    actor = system_actor(walk.requested_by_id)
    audit.record(session, actor, "carrier:walk_ended", "carrier", walk.carrier_id, walk_id=walk_id, ended=end.ended_as)


def _since(session: Session, walk: HealthWalk) -> str:
    """Return the last walk that got in: while the site stays away, administrators are told once."""
    got_in = col(HealthWalk.ended_as).in_([WalkEnd.WALKED, WalkEnd.CHANGED])
    last = select(func.max(col(HealthWalk.id))).where(col(HealthWalk.carrier_id) == walk.carrier_id, got_in)
    return f"since-{session.scalars(last).one() or 0}"
