"""What a walk saw of each page: held against its base, kept with a picture where it differs, told to administrators."""

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import select, update
from sqlmodel import Session, col

from adapters.object_store import ObjectStore
from carriers.health_walk import PageLook
from carriers.page_drift import PageChange, compare_pages
from carriers.page_sheet import PageSheet
from core.clock import now
from core.ids import new_correlation_id, sha256_hex
from models import HealthWalk, PageBase, PageDrift, PageView
from models.enums import DriftEnd, NoticeKind
from services.notices import settle_notices, tell_admins
from services.row_ids import row_id

_CARRIER = "carrier"


@dataclass(frozen=True)
class _Held:
    """A view held against its base: what changed, and the drift that is open for its page."""

    base: PageBase | None
    changes: tuple[PageChange, ...]
    drift: PageDrift | None


def keep_look(session: Session, walk: HealthWalk, look: PageLook, *, position: int, store: ObjectStore) -> None:
    """Keep one page of a walk. The first whole view of a page is its base; what differs from it is a drift."""
    key, version_id = page_key(look), walk.version_id or 0
    held = _held(session, version_id, key, look.sheet)
    fingerprint = look.sheet.fingerprint
    is_known = held.drift is not None and held.drift.fingerprint == fingerprint
    needs_picture = held.base is None or (bool(held.changes) and not is_known)
    view = PageView(
        health_walk_id=row_id(walk),
        version_id=version_id,
        page_key=key,
        position=position,
        fingerprint=fingerprint,
        sheet=look.sheet.model_dump(mode="json"),
    )
    if needs_picture and look.png:
        view.picture_key = f"health-walks/{walk.id}/{position:03d}-{new_correlation_id()}.png"
        view.picture_sha256 = sha256_hex(look.png)
        store.put(view.picture_key, look.png, "image/png")
    session.add(view)
    session.flush()
    if held.base is None and not look.sheet.missing:
        session.add(PageBase(version_id=version_id, page_key=key, page_view_id=row_id(view), accepted_at=now()))
    if held.changes:
        _drift(session, walk, view, held)
    elif held.drift is not None:
        settle_drift(session, held.drift, DriftEnd.GONE)


def settle_replaced(session: Session, *, carrier_id: int, version_id: int) -> None:
    """Settle the drifts of other versions than the one in force: its own pages count from now on."""
    mine = (col(PageDrift.carrier_id) == carrier_id) & col(PageDrift.settled_at).is_(None)
    old = mine & (col(PageDrift.version_id) != version_id)
    for drift in session.scalars(select(PageDrift).where(old)):
        settle_drift(session, drift, DriftEnd.REPLACED)


def settle_drift(session: Session, drift: PageDrift, end: DriftEnd) -> None:
    """Settle a drift; once none of its carrier is open, what was told of them is read."""
    fields = {"settled_at": now(), "settled_as": end}
    session.execute(update(PageDrift).where(col(PageDrift.id) == drift.id).values(fields))
    others = select(col(PageDrift.id)).where(
        col(PageDrift.carrier_id) == drift.carrier_id, col(PageDrift.settled_at).is_(None)
    )
    if session.scalars(others.limit(1)).first() is None:
        settle_notices(session, NoticeKind.PAGE_DRIFT, _CARRIER, drift.carrier_id)


def page_key(look: PageLook) -> str:
    """Return what a page is known by within a version: 'upload/upload'."""
    return f"{look.list_name}/{look.page}"[:80]


def open_drift(session: Session, version_id: int, key: str) -> PageDrift | None:
    """Return the drift of a page that nobody settled."""
    mine = (col(PageDrift.version_id) == version_id) & (col(PageDrift.page_key) == key)
    return session.scalars(select(PageDrift).where(mine, col(PageDrift.settled_at).is_(None))).first()


def _held(session: Session, version_id: int, key: str, sheet: PageSheet) -> _Held:
    base = session.scalars(select(PageBase).filter_by(version_id=version_id, page_key=key)).first()
    before = PageSheet()
    if base is not None:
        before = PageSheet.model_validate(session.get_one(PageView, base.page_view_id).sheet)
    changes = compare_pages(before, sheet)
    if base is None:
        changes = tuple(change for change in changes if change.is_breaking)
    return _Held(base, changes, open_drift(session, version_id, key))


def _drift(session: Session, walk: HealthWalk, view: PageView, held: _Held) -> None:
    is_breaking = any(change.is_breaking for change in held.changes)
    drift = held.drift or PageDrift(
        carrier_id=walk.carrier_id,
        version_id=view.version_id,
        page_key=view.page_key,
        seen_at=now(),
        page_view_id=row_id(view),
        fingerprint="",
        is_breaking=is_breaking,
        changes=[],
        last_seen_at=now(),
    )
    drift.last_seen_at = now()
    if drift.fingerprint != view.fingerprint:
        drift.fingerprint, drift.page_view_id, drift.is_breaking = view.fingerprint, row_id(view), is_breaking
        drift.base_view_id = held.base.page_view_id if held.base else None
        drift.changes = [_stored(change) for change in held.changes]
    session.add(drift)
    session.flush()
    occasion = f"drift-{drift.id}{'-breaks' if is_breaking else ''}"
    tell_admins(session, NoticeKind.PAGE_DRIFT, _CARRIER, walk.carrier_id, occasion=occasion)


def _stored(change: PageChange) -> dict[str, Any]:
    return asdict(change)
