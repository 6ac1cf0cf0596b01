"""Who let a carrier or an account stand still, and when, as the audit trail tells it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlmodel import Session

from core.clock import utc
from models import AuditEvent, User
from services.tables import one_of, table_of

_E, _U = table_of(AuditEvent), table_of(User)
_STOPPED_BY = {
    "carrier": ("carrier:paused", "carrier:stopped"),
    "site_account": ("site_account:paused", "site_account:stopped", "site_account:login_deleted"),
}
# The event and the pause are written in one transaction, a moment apart.
_MOMENT = timedelta(minutes=1)


@dataclass(frozen=True)
class Stoppage:
    """Since when something stands still, and who stopped it: '' where the portal did by itself."""

    at: datetime
    who: str


def find_stoppages(
    session: Session, *, subject_type: str, paused_at: Mapping[int, datetime | None]
) -> dict[int, Stoppage]:
    """Return the stoppage of each record that stands still, by its id; `subject_type` is 'carrier' or 'site_account'.

    One query, and none when nothing stands still. What a site said of one that stood still already did not stop it.
    """
    since = {key: utc(at) for key, at in paused_at.items() if at is not None}
    if not since:
        return {}
    asked = {"kind": subject_type, "ids": list(since), "begin": min(since.values()) - _MOMENT}
    told: dict[int, list[tuple[timedelta, str]]] = {key: [] for key in since}
    for key, at, name in session.execute(_events(subject_type), asked):
        told[key].append((abs(utc(at) - since[key]), name or ""))
    return {key: Stoppage(at, min(told[key])[1] if told[key] else "") for key, at in since.items()}


@cache
def _events(subject_type: str) -> Select[*tuple[Any, ...]]:
    return (
        select(_E.c.subject_id, _E.c.at, _U.c.name)
        .outerjoin(_U, _U.c.id == _E.c.actor_id)
        .where(
            _E.c.subject_type == bindparam("kind"),
            _E.c.subject_id.in_(bindparam("ids", expanding=True)),
            _E.c.at >= bindparam("begin", type_=_E.c.at.type),
            one_of(_E.c.tag, _STOPPED_BY[subject_type]),
        )
    )
