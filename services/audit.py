"""Audit events, written in the transaction of the change they tell of."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session

from core.clock import now
from core.ids import correlation_id
from models.audit import AuditEvent
from services.actor import Actor
from services.tables import table_of

_NOTE_LENGTH = 1000
# Into the table itself, by rows that name every column: the ORM would look at each again.
_INSERT = insert(table_of(AuditEvent))


def record(
    session: Session,
    actor: Actor,
    tag: str,
    subject_type: str,
    subject_id: int,
    *,
    note: str = "",
    **data: Any,  # noqa: ANN401 -- any JSON value
) -> None:
    """Add one event: `record(session, actor, "invoice:finalized", "invoice", 7, number="10007")`.

    `data` holds JSON values, ids and amounts as text; never secrets, never narratives.
    """
    record_many(session, actor, tag, subject_type, {subject_id: data}, note=note)


def record_many(
    session: Session,
    actor: Actor,
    tag: str,
    subject_type: str,
    data_by_id: Mapping[int, dict[str, Any]] | Iterable[int],
    *,
    note: str = "",
) -> None:
    """Add one event a subject in one statement; a bare iterable of ids means events without data."""
    data = data_by_id if isinstance(data_by_id, Mapping) else {key: {} for key in data_by_id}
    rows = [_row(actor, tag, subject_type, subject_id, note, facts) for subject_id, facts in data.items()]
    if rows:
        session.execute(_INSERT, rows)


def _row(
    actor: Actor, tag: str, subject_type: str, subject_id: int, note: str, facts: dict[str, Any]
) -> dict[str, Any]:
    behalf = {"on_behalf_of_id": actor.on_behalf_of_id} if actor.on_behalf_of_id is not None else {}
    return {
        "at": now(),
        "tag": tag,
        "actor_id": actor.user_id,
        "actor_role": actor.audit_role,
        "subject_type": subject_type,
        "subject_id": subject_id,
        "note": note[:_NOTE_LENGTH],
        "data": {**facts, **behalf},
        "correlation_id": correlation_id(),
    }
