"""A carrier's health for administrators: its last walk, its pages, and what drifted, with both pictures."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from adapters.object_store import ObjectStore
from carriers.page_sheet import Place
from core.clock import now
from core.errors import InvalidInputError, NotFoundError, WrongStateError
from models import CarrierProfileVersion, HealthWalk, PageBase, PageDrift, PageView
from models.enums import DriftEnd, Role, WalkEnd
from services import audit
from services.access import person_id, require
from services.actor import Actor
from services.lifecycle import get
from services.row_ids import row_id
from services.sites.page_views import settle_drift
from services.sites.walk_consent import WalkTerms, walk_terms
from services.uploads.evidence import read_unaltered

_NOTE = 500


@dataclass(frozen=True)
class WalkRow:
    """A walk: when it was, how it ended, how far each step list came, and what was stopped in the browser."""

    walk_id: int
    due_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    ended_as: WalkEnd | None
    message: str
    lists: dict[str, str]
    stopped: tuple[str, ...]


@dataclass(frozen=True)
class PageRow:
    """A page as the version in force was seen last; `list_name` and `page` as in the profile."""

    list_name: str
    page: str
    seen_at: datetime
    drift_id: int | None
    is_breaking: bool


@dataclass(frozen=True)
class ChangeRow:
    """One change in words, and where it is in either picture."""

    words: str
    is_breaking: bool
    before: Place | None
    now: Place | None


@dataclass(frozen=True)
class DriftRow:
    """A drift that nobody settled; views are those whose pictures are shown, None where there is none."""

    drift_id: int
    list_name: str
    page: str
    is_breaking: bool
    seen_at: datetime
    last_seen_at: datetime
    base_view_id: int | None
    view_id: int | None
    changes: tuple[ChangeRow, ...]


@dataclass(frozen=True)
class HealthView:
    """Everything about the walks of one carrier. `last` has started, `waiting` has not; None where there is none."""

    terms: WalkTerms
    last: WalkRow | None
    waiting: WalkRow | None
    pages: tuple[PageRow, ...]
    drifts: tuple[DriftRow, ...]


def carrier_health(session: Session, actor: Actor, *, carrier_id: int) -> HealthView:
    """Return what the walks of a carrier found.

    Raises:
        DeniedError: the actor is no admin.
        NotFoundError: there is no such carrier.
    """
    require(actor, Role.ADMIN, what="A carrier's health")
    terms = walk_terms(session, carrier_id=carrier_id)
    mine = select(HealthWalk).where(col(HealthWalk.carrier_id) == carrier_id).order_by(col(HealthWalk.id).desc())
    told = col(HealthWalk.started_at).is_not(None) | col(HealthWalk.ended_at).is_not(None)
    last, waiting = session.scalars(mine.where(told)).first(), session.scalars(mine.where(~told)).first()
    drifts = tuple(_drift_row(session, drift) for drift in _open_drifts(session, carrier_id))
    return HealthView(
        terms,
        _walk_row(last) if last else None,
        _walk_row(waiting) if waiting else None,
        tuple(_pages(session, carrier_id, drifts)),
        drifts,
    )


def accept_look(session: Session, actor: Actor, *, drift_id: int, note: str) -> None:
    """Take a page's new look as its base, so that it is no drift any more.

    Raises:
        DeniedError: the actor is no admin.
        InvalidInputError: no reason is given.
        NotFoundError: there is no such drift.
        WrongStateError: it was settled meanwhile.
    """
    require(actor, Role.ADMIN, what="Accepting how a page looks")
    if not note.strip():
        raise InvalidInputError("Say why the new look is right. Nothing was changed; write a reason and try again.")
    drift: PageDrift = get(session, PageDrift, drift_id)
    session.refresh(drift, with_for_update=True)
    if drift.settled_at is not None:
        raise WrongStateError("This was settled meanwhile. Nothing was changed; look at the page again.")
    base = session.scalars(select(PageBase).filter_by(version_id=drift.version_id, page_key=drift.page_key)).first()
    base = base or PageBase(
        version_id=drift.version_id, page_key=drift.page_key, page_view_id=drift.page_view_id, accepted_at=now()
    )
    base.page_view_id, base.accepted_by_id, base.accepted_at = drift.page_view_id, person_id(actor), now()
    drift.settled_by_id, drift.note = person_id(actor), note.strip()[:_NOTE]
    session.add_all([base, drift])
    session.flush()
    settle_drift(session, drift, DriftEnd.ACCEPTED)
    audit.record(
        session,
        actor,
        "carrier:page_accepted",
        "carrier",
        drift.carrier_id,
        note=note.strip(),
        page=drift.page_key,
        drift_id=drift_id,
    )


def read_view_picture(session: Session, actor: Actor, *, view_id: int, store: ObjectStore | None = None) -> bytes:
    """Return the picture (PNG) of a page that a walk saw.

    Raises:
        NotFoundError: there is none, or it is not this person's to see.
        EvidenceAlteredError: the bytes do not have the recorded checksum.
    """
    view = session.get(PageView, view_id) if actor.has(Role.ADMIN) else None
    if view is None or not view.picture_key:
        raise NotFoundError("There is no such picture. Nothing was opened; go back to the profile.", view_id=view_id)
    return read_unaltered(store, view.picture_key, view.picture_sha256, view_id=view_id)


def _open_drifts(session: Session, carrier_id: int) -> list[PageDrift]:
    mine = (col(PageDrift.carrier_id) == carrier_id) & col(PageDrift.settled_at).is_(None)
    order = (col(PageDrift.is_breaking).desc(), col(PageDrift.id))
    return list(session.scalars(select(PageDrift).where(mine).order_by(*order)))


def _pages(session: Session, carrier_id: int, drifts: tuple[DriftRow, ...]) -> list[PageRow]:
    """Return each page of the version in force as it was seen last, in the order of the walk."""
    active = select(col(CarrierProfileVersion.id)).where(
        col(CarrierProfileVersion.carrier_id) == carrier_id, col(CarrierProfileVersion.is_active)
    )
    newest = (
        select(func.max(col(PageView.id)))
        .where(col(PageView.version_id).in_(active.scalar_subquery()))
        .group_by(col(PageView.page_key))
    )
    seen = session.execute(
        select(col(PageView.page_key), col(HealthWalk.started_at))
        .join(HealthWalk, col(HealthWalk.id) == col(PageView.health_walk_id))
        .where(col(PageView.id).in_(newest))
        .order_by(col(PageView.position), col(PageView.id))
    )
    drifted = {(drift.list_name, drift.page): drift for drift in drifts}
    rows = []
    for key, at in seen:
        list_name, _, page = key.partition("/")
        drift = drifted.get((list_name, page))
        rows.append(PageRow(list_name, page, at, drift.drift_id if drift else None, bool(drift and drift.is_breaking)))
    return rows


def _drift_row(session: Session, drift: PageDrift) -> DriftRow:
    list_name, _, page = drift.page_key.partition("/")
    return DriftRow(
        row_id(drift),
        list_name,
        page,
        drift.is_breaking,
        drift.seen_at,
        drift.last_seen_at,
        _with_picture(session, drift.base_view_id),
        _with_picture(session, drift.page_view_id),
        tuple(_change_row(change) for change in drift.changes),
    )


def _with_picture(session: Session, view_id: int | None) -> int | None:
    view = session.get(PageView, view_id) if view_id is not None else None
    return view.id if view is not None and view.picture_key else None


def _change_row(change: dict[str, Any]) -> ChangeRow:
    before, after = change.get("before"), change.get("now")
    return ChangeRow(
        str(change["words"]),
        bool(change["is_breaking"]),
        tuple(before) if before else None,
        tuple(after) if after else None,
    )


def _walk_row(walk: HealthWalk) -> WalkRow:
    stopped = dict.fromkeys(f"{one['method']} {one['path']}" for one in walk.stopped)
    return WalkRow(
        row_id(walk),
        walk.due_at,
        walk.started_at,
        walk.ended_at,
        walk.ended_as,
        walk.message,
        dict(walk.lists),
        tuple(stopped),
    )
