"""Reading the audit trail, one searchable page at a time."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlmodel import Session, col

from core.errors import DeniedError
from models.audit import AuditEvent
from models.enums import Role
from models.person import User
from services.actor import Actor
from services.listing import Listing, TableQuery, contains, ordered, page_of

_SORTABLE = {
    "at": col(AuditEvent.at),
    "tag": col(AuditEvent.tag),
    "actor": col(User.name),
    "subject": col(AuditEvent.subject_type),
}


@dataclass(frozen=True)
class AuditEntry:
    """One line of the trail; `actor_name` is '' where the machine acted by itself."""

    id: int
    at: datetime
    tag: str
    actor_name: str
    actor_role: str
    subject_type: str
    subject_id: int
    note: str
    data: dict[str, Any]
    correlation_id: str


def list_audit_events(session: Session, actor: Actor, *, query: TableQuery) -> Listing[AuditEntry]:
    """Return one page of the trail, newest first unless sorted otherwise.

    `query.filters["subject"]` keeps one kind of record. Search looks at tag, person, note, record id and correlation.

    Raises:
        DeniedError: only administrators read the trail.
    """
    if not actor.has(Role.ADMIN):
        raise DeniedError("Only an administrator can read the audit trail.")
    asked = query.checked()
    statement = select(AuditEvent, col(User.name)).outerjoin(User, col(User.id) == col(AuditEvent.actor_id))
    if subject := asked.filters.get("subject"):
        statement = statement.where(col(AuditEvent.subject_type) == subject)
    if asked.search:
        statement = statement.where(_matches(asked.search))
    found = page_of(session, ordered(statement, asked, _SORTABLE, col(AuditEvent.id)), asked)
    return Listing([_entry(event, name) for event, name in found.rows], found.total)


def _matches(text: str) -> Any:  # noqa: ANN401 -- an SQL condition
    searched = (AuditEvent.tag, AuditEvent.note, AuditEvent.correlation_id, User.name)
    conditions = [contains(col(column), text) for column in searched]
    if text.isdecimal():
        conditions.append(col(AuditEvent.subject_id) == int(text[:18]))
    return or_(*conditions)


def _entry(event: AuditEvent, actor_name: str | None) -> AuditEntry:
    return AuditEntry(
        id=event.id or 0,
        at=event.at,
        tag=event.tag,
        actor_name=actor_name or "",
        actor_role=event.actor_role,
        subject_type=event.subject_type,
        subject_id=event.subject_id,
        note=event.note,
        data=event.data,
        correlation_id=event.correlation_id,
    )
