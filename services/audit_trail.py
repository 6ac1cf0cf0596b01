"""Reading the audit trail, one searchable page at a time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, String, bindparam, func, or_, select
from sqlmodel import Session

from core.errors import DeniedError
from models.audit import AuditEvent
from models.enums import Role
from models.person import User
from services.actor import Actor
from services.listing import ESCAPE, Listing, TableQuery, anywhere
from services.tables import table_of

_E, _U = table_of(AuditEvent), table_of(User)
_Rows = Select[*tuple[Any, ...]]
_SORTABLE = {"at": _E.c.at, "tag": _E.c.tag, "actor": _U.c.name, "subject": _E.c.subject_type}


@dataclass(frozen=True)
class AuditEntry:
    """One line of the trail; `actor_name` is '' where the machine acted by itself, `for_name` says in whose place."""

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
    for_name: str = ""


def list_audit_events(session: Session, actor: Actor, *, query: TableQuery) -> Listing[AuditEntry]:
    """Return one page of the trail, newest first unless sorted otherwise.

    `query.filters["subject"]` keeps one kind of record. Search looks at tag, person, note, record id and correlation.

    Raises:
        DeniedError: only administrators read the trail.
    """
    if not actor.has(Role.ADMIN):
        raise DeniedError("Only an administrator can read the audit trail.")
    asked = query.checked()
    values = {**_values(asked), "size": asked.size, "offset": asked.offset}
    page = _page(frozenset(values), asked.sort if asked.sort in _SORTABLE else "", asked.descending)
    total = asked.known_total
    if total is None:
        total = session.execute(_count(frozenset(values)), values).scalar_one()
    rows = session.execute(page, values).all()
    names = _in_whose_place(session, rows)
    return Listing([_entry(row, names) for row in rows], total)


def list_audit_before(
    session: Session, actor: Actor, *, subject: str = "", text: str = "", before: int | None = None, limit: int = 50
) -> list[AuditEntry]:
    """Return events below the id `before`, the newest first; its cost does not grow with how far one has read.

    Raises:
        DeniedError: only administrators read the trail.
    """
    if not actor.has(Role.ADMIN):
        raise DeniedError("Only an administrator can read the audit trail.")
    query = TableQuery(text, size=limit, filters={"subject": subject}).checked()
    values = {**_values(query), "size": limit, "offset": 0}
    if before is not None:
        values["before"] = before
    rows = session.execute(_page(frozenset(values), "", False), values).all()
    names = _in_whose_place(session, rows)
    return [_entry(row, names) for row in rows]


@cache
def _page(given: frozenset[str], sort: str, descending: bool) -> _Rows:  # noqa: FBT001 -- a cache's key
    columns = (_E.c.id, _E.c.at, _E.c.tag, _E.c.actor_role, _E.c.subject_type, _E.c.subject_id, _E.c.note, _E.c.data)
    statement = select(*columns, _E.c.correlation_id, _U.c.name.label("actor_name"))
    statement = statement.outerjoin(_U, _U.c.id == _E.c.actor_id).where(*_conditions(given))
    if sort:
        column = _SORTABLE[sort]
        statement = statement.order_by(column.desc() if descending else column.asc())
    return statement.order_by(_E.c.id.desc()).limit(bindparam("size")).offset(bindparam("offset"))


@cache
def _count(given: frozenset[str]) -> _Rows:
    counted = select(func.count()).select_from(_E)
    if "text" in given:
        counted = counted.outerjoin(_U, _U.c.id == _E.c.actor_id)
    return counted.where(*_conditions(given))


def _values(asked: TableQuery) -> dict[str, Any]:
    values: dict[str, Any] = {}
    if subject := asked.filters.get("subject"):
        values["subject"] = subject
    if asked.search:
        values["text"] = anywhere(asked.search)
    if asked.search.isdecimal():
        values["number"] = int(asked.search[:18])
    return values


def _conditions(given: frozenset[str]) -> Iterator[ColumnElement[bool]]:
    if "subject" in given:
        yield _E.c.subject_type == bindparam("subject")
    if "before" in given:
        yield _E.c.id < bindparam("before")
    if "text" in given:
        text = bindparam("text", type_=String())
        searched = [
            column.ilike(text, escape=ESCAPE) for column in (_E.c.tag, _E.c.note, _E.c.correlation_id, _U.c.name)
        ]
        yield or_(*searched, *((_E.c.subject_id == bindparam("number"),) if "number" in given else ()))


def _in_whose_place(session: Session, rows: Sequence[Row[*tuple[Any, ...]]]) -> dict[int, str]:
    """Return the names of those in whose place, or in whose name, something was done."""
    ids = {row.data["on_behalf_of_id"] for row in rows if row.data.get("on_behalf_of_id") is not None}
    if not ids:
        return {}
    return dict(session.execute(select(_U.c.id, _U.c.name).where(_U.c.id.in_(ids))).all())


def _entry(row: Row[*tuple[Any, ...]], names: dict[int, str]) -> AuditEntry:
    return AuditEntry(
        id=row.id,
        at=row.at,
        tag=row.tag,
        actor_name=row.actor_name or "",
        actor_role=row.actor_role,
        subject_type=row.subject_type,
        subject_id=row.subject_id,
        note=row.note,
        data=row.data,
        correlation_id=row.correlation_id,
        for_name=names.get(row.data.get("on_behalf_of_id"), ""),
    )
