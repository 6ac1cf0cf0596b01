"""What has changed lately, told by the audit trail and by the bell; live screens watch it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from sqlalchemy import func, select
from sqlmodel import Session, col

from models.audit import AuditEvent
from models.notice import Notice
from models.proforma import Proforma

# A kind of record and an id.
Record = tuple[str, int]
# Besides records: what an attorney answers for, what a person is told, what was said about a proforma.
QUEUE_OF: Final = "queue_of"
NOTICES_OF: Final = "notices_of"
COMMENTS_OF: Final = "comments_of"
_COMMENTED = "proforma:comment"
# An event that commits late has a lower id than one already seen, so a stretch behind the newest is looked at again.
_STRETCH = 500


@dataclass(frozen=True)
class Marks:
    """The ids of the events seen above `floor`, the newest of all, and how much each watched person has unread.

    `unread` is (how many, the newest id) by person.
    """

    floor: int = 0
    newest: int = 0
    seen: frozenset[int] = frozenset()
    unread: Mapping[int, tuple[int, int]] = field(default_factory=dict)

    def after(self, ids: Iterable[int]) -> "Marks":
        """Return the marks with these events seen too; the floor follows once there is much above it."""
        seen = self.seen.union(ids)
        newest = max(seen, default=self.newest)
        floor = newest - _STRETCH if newest - self.floor > 4 * _STRETCH else self.floor
        return replace(self, floor=floor, newest=newest, seen=frozenset(one for one in seen if one > floor))


def newest_marks(session: Session, people: Collection[int] = ()) -> Marks:
    """Return fresh marks a stretch behind the newest event; `people` are those whose bell is watched."""
    newest = session.execute(select(func.max(col(AuditEvent.id)))).scalar() or 0
    floor = max(newest - _STRETCH, 0)
    ids = session.scalars(select(col(AuditEvent.id)).where(col(AuditEvent.id) > floor))
    marks = Marks(floor, newest).after(one for one in ids if one is not None)
    return replace(marks, unread=_unread(session, people))


def changed_since(session: Session, earlier: Marks, people: Collection[int] = ()) -> tuple[Marks, frozenset[Record]]:
    """Return the marks now, and which records changed since: one statement while nothing did."""
    fresh = _fresh(session, earlier)
    if not fresh:
        return earlier, frozenset()
    records = frozenset(record for _, record in fresh.values())
    said = {(COMMENTS_OF, key) for tag, (_, key) in fresh.values() if tag.startswith(_COMMENTED)}
    unread = _unread(session, people)
    rung = {(NOTICES_OF, one) for one in people if unread.get(one) != earlier.unread.get(one, ())}
    return replace(earlier.after(fresh), unread=unread), records | _queues(session, records) | rung | said


def _fresh(session: Session, earlier: Marks) -> dict[int, tuple[str, Record]]:
    """Return tag and record of the events that were not seen yet, by id."""
    above = col(AuditEvent.id) > earlier.floor
    count = session.execute(select(func.count()).select_from(AuditEvent).where(above)).scalar() or 0
    if count == len(earlier.seen):
        return {}
    found = _events(session, earlier.newest)
    if len(earlier.seen) + len(found) < count:
        # One of a lower id has committed after its elders.
        found = {key: told for key, told in _events(session, earlier.floor).items() if key not in earlier.seen}
    return found


def _events(session: Session, above: int) -> dict[int, tuple[str, Record]]:
    columns = col(AuditEvent.id), col(AuditEvent.tag), col(AuditEvent.subject_type), col(AuditEvent.subject_id)
    rows = session.execute(select(*columns).where(col(AuditEvent.id) > above))
    return {key: (tag, (kind, subject_id)) for key, tag, kind, subject_id in rows if key is not None}


def _queues(session: Session, records: frozenset[Record]) -> frozenset[Record]:
    ids = {key for kind, key in records if kind == Proforma.__tablename__}
    if not ids:
        return frozenset()
    owners = session.scalars(select(col(Proforma.reviewer_id)).where(col(Proforma.id).in_(ids)).distinct())
    return frozenset((QUEUE_OF, owner) for owner in owners)


def _unread(session: Session, people: Collection[int]) -> dict[int, tuple[int, int]]:
    """Return how much is unread of each of the people; (0, 0) for nothing."""
    if not people:
        return {}
    counted = (
        select(col(Notice.user_id), func.count(), func.max(col(Notice.id)))
        .where(col(Notice.user_id).in_(people), col(Notice.read_at).is_(None))
        .group_by(col(Notice.user_id))
    )
    found = {user_id: (count, newest) for user_id, count, newest in session.execute(counted)}
    return {user_id: found.get(user_id, (0, 0)) for user_id in people}
