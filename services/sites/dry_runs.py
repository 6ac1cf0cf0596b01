"""Dry runs as people see them: asked for, watched step by step, their pictures opened."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlmodel import Session, col

from adapters.object_store import ObjectStore
from carriers.rehearsable import load_rehearsable
from core.clock import now
from core.db import on_commit
from core.errors import NotFoundError, WrongStateError
from core.ids import correlation_id
from core.queue import DRY_RUN, ring
from models import AccountSecret, Carrier, DryRun, DryRunStep, SiteAccount
from models.enums import DryRunEnd, DryRunStepResult, Role
from services import audit
from services.access import person_id, require
from services.actor import Actor
from services.lifecycle import get
from services.row_ids import row_id
from services.uploads.evidence import read_unaltered

WAITS_MINUTES = 10
RUNS_MINUTES = 6


@dataclass(frozen=True)
class DryRunStepRow:
    """One step of a dry run; `list_position` counts from 0."""

    step_id: int
    list_name: str
    list_position: int
    label: str
    result: DryRunStepResult
    milliseconds: int
    counts: tuple[int, ...]
    has_picture: bool


@dataclass(frozen=True)
class DryRunView:
    """A dry run with the steps it has made so far."""

    dry_run_id: int
    requested_at: datetime
    started_at: datetime | None
    ended_as: DryRunEnd | None
    message: str
    steps: tuple[DryRunStepRow, ...]


def request_dry_run(session: Session, actor: Actor, *, carrier_id: int, document: dict[str, Any]) -> int:
    """Ask for a dry run of a profile or a draft and return its id. It needs no permission to automate: nothing is sent.

    Raises:
        DeniedError: the actor is no admin.
        InvalidProfileError: what a dry run needs is wrong, with where.
        WrongStateError: one is under way, the account is paused, or it has no log-in.
    """
    require(actor, Role.ADMIN, what="A dry run")
    load_rehearsable(document)
    carrier: Carrier = get(session, Carrier, carrier_id)
    session.refresh(carrier, with_for_update=True)
    _check_account(session, carrier.site_account_id)
    open_runs = select(col(DryRun.id)).where(
        col(DryRun.site_account_id) == carrier.site_account_id, col(DryRun.ended_at).is_(None)
    )
    if session.scalars(open_runs).first() is not None:
        raise WrongStateError("A dry run on this account is under way. Nothing was started; wait until it has ended.")
    run = DryRun(
        carrier_id=carrier_id,
        site_account_id=carrier.site_account_id,
        document=document,
        requested_by_id=person_id(actor),
        requested_at=now(),
        correlation_id=correlation_id(),
    )
    session.add(run)
    session.flush()
    dry_run_id = row_id(run)
    audit.record(session, actor, "carrier:dry_run_asked", "carrier", carrier_id, dry_run_id=dry_run_id)
    on_commit(session, lambda: _ring(dry_run_id))
    return dry_run_id


def latest_dry_run(session: Session, actor: Actor, *, carrier_id: int) -> DryRunView | None:
    """Return a carrier's newest dry run, None when there was none.

    Raises:
        DeniedError: the actor is no admin.
    """
    require(actor, Role.ADMIN, what="A dry run")
    run = session.scalars(select(DryRun).filter_by(carrier_id=carrier_id).order_by(col(DryRun.id).desc())).first()
    if run is None:
        return None
    rows = session.scalars(select(DryRunStep).filter_by(dry_run_id=run.id).order_by(col(DryRunStep.position)))
    steps = tuple(_row(step) for step in rows)
    return DryRunView(row_id(run), run.requested_at, run.started_at, run.ended_as, run.message, steps)


def read_picture(session: Session, actor: Actor, *, step_id: int, store: ObjectStore | None = None) -> bytes:
    """Return the picture (PNG) that a step left.

    Raises:
        NotFoundError: there is none, or it is not this person's to see.
        EvidenceAlteredError: the bytes do not have the recorded checksum.
    """
    step = session.get(DryRunStep, step_id) if actor.has(Role.ADMIN) else None
    if step is None or not step.picture_key:
        raise NotFoundError("There is no such picture. Nothing was opened; go back to the profile.", step_id=step_id)
    return read_unaltered(store, step.picture_key, step.picture_sha256, step_id=step_id)


def list_due_dry_runs(session: Session) -> list[int]:
    """Return the dry runs that nobody has started yet, for the dispatcher to ring."""
    waiting = col(DryRun.started_at).is_(None) & col(DryRun.ended_at).is_(None)
    return [found for found in session.scalars(select(col(DryRun.id)).where(waiting)) if found is not None]


def end_stale_dry_runs(session: Session) -> None:
    """End what waited too long for its account, and what its worker has left."""
    is_open, at = col(DryRun.ended_at).is_(None), now()
    waited = (
        is_open,
        col(DryRun.started_at).is_(None),
        col(DryRun.requested_at) < at - timedelta(minutes=WAITS_MINUTES),
    )
    left = (is_open, col(DryRun.started_at) < at - timedelta(minutes=RUNS_MINUTES))
    for conditions, message in (
        (waited, "The account was busy all the time. Nothing was done; try again when no files are being sent."),
        (left, "The worker stopped before the dry run ended. Nothing was sent; try again."),
    ):
        fields = {"ended_at": at, "ended_as": DryRunEnd.NOT_MADE, "message": message}
        session.execute(update(DryRun).where(*conditions).values(fields))


def has_stale_dry_runs(session: Session) -> bool:
    """Whether some dry run has been open for too long."""
    since = now() - timedelta(minutes=min(WAITS_MINUTES, RUNS_MINUTES))
    is_old = col(DryRun.ended_at).is_(None) & (col(DryRun.requested_at) < since)
    return session.scalars(select(col(DryRun.id)).where(is_old).limit(1)).first() is not None


def _check_account(session: Session, site_account_id: int) -> None:
    account: SiteAccount = get(session, SiteAccount, site_account_id)
    if account.paused_at is not None:
        raise WrongStateError("The account is paused, so nobody signs in there. Resume it, then try again.")
    stored = select(col(AccountSecret.id)).where(col(AccountSecret.site_account_id) == site_account_id)
    if session.scalars(stored).first() is None:
        raise WrongStateError("No log-in is stored for the account. Enter it on the page of carriers, then try again.")


def _ring(dry_run_id: int) -> None:
    ring(DRY_RUN, dry_run_id, 0)


def _row(step: DryRunStep) -> DryRunStepRow:
    return DryRunStepRow(
        row_id(step),
        step.list_name,
        step.list_position,
        step.label,
        step.result,
        step.milliseconds,
        tuple(step.counts),
        bool(step.picture_key),
    )
