"""What has changed lately, told by the audit trail; live screens watch it."""

from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlmodel import Session, col

from models.audit import AuditEvent

# An event that commits late has a lower id than one already seen, so a stretch behind the newest is counted again.
_STRETCH = 500


@dataclass(frozen=True)
class Marks:
    """How many events each kind of record has above `floor`, and the newest id of all."""

    floor: int = 0
    newest: int = 0
    counts: dict[str, int] = field(default_factory=dict)

    def changed_since(self, earlier: "Marks") -> frozenset[str]:
        """Return the kinds of record with events that `earlier`, taken above the same floor, did not have."""
        return frozenset(kind for kind, count in self.counts.items() if count != earlier.counts.get(kind, 0))


def newest_marks(session: Session) -> Marks:
    """Return fresh marks above a floor a stretch behind the newest event."""
    newest = session.execute(select(func.max(col(AuditEvent.id)))).scalar() or 0
    return marks_above(session, max(newest - _STRETCH, 0))


def marks_above(session: Session, floor: int) -> Marks:
    """Count the events above a floor by kind of record."""
    counted = (
        select(col(AuditEvent.subject_type), func.count(), func.max(col(AuditEvent.id)))
        .where(col(AuditEvent.id) > floor)
        .group_by(col(AuditEvent.subject_type))
    )
    rows = session.execute(counted).all()
    newest = max((last for _, _, last in rows), default=floor)
    return Marks(floor, newest, {kind: count for kind, count, _ in rows})


def is_floor_stale(marks: Marks) -> bool:
    """Whether so much has happened above the floor that counting it again has become work."""
    return marks.newest - marks.floor > 4 * _STRETCH
