"""Who looks at a proforma right now, and which line is open in front of them, while their tab shows it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, bindparam, delete, select
from sqlmodel import Session, col

from core.clock import now
from core.ids import sha256_hex
from models import Presence, User
from services.access import person_id
from services.actor import Actor
from services.review.proforma_queries import visible_proforma
from services.tables import table_of

STILL_THERE = timedelta(seconds=25)
_SAID_EVERY = timedelta(seconds=11)
_KEPT = timedelta(hours=12)
_PROFORMA = "proforma"
_SEEN, _U = table_of(Presence), table_of(User)
# Asked by every tab every few seconds, so it is built once.
_HERE = (
    select(_SEEN.c.tab, _SEEN.c.user_id, _SEEN.c.line_number, _SEEN.c.is_editing, _SEEN.c.seen_at, _U.c.name)
    .join(_U, _U.c.id == _SEEN.c.user_id)
    .where(
        _SEEN.c.subject_type == bindparam("kind"),
        _SEEN.c.subject_id == bindparam("key"),
        _SEEN.c.seen_at >= bindparam("since"),
    )
    .order_by(_SEEN.c.is_editing, _SEEN.c.seen_at)
)


@dataclass(frozen=True)
class OtherPerson:
    """Somebody else who looks at the same proforma; `line_number` is the line that is open."""

    name: str
    line_number: int | None
    is_editing: bool


def be_present(
    session: Session, actor: Actor, *, tab: str, proforma_id: int, line_number: int | None, is_editing: bool
) -> list[OtherPerson]:
    """Say that one is still here, and return who else is, each once.

    Raises:
        NotFoundError: there is no such proforma among the actor's.
    """
    visible_proforma(session, actor, proforma_id)
    key = sha256_hex(tab.encode())
    row = session.get(Presence, key) or Presence(
        tab=key, user_id=person_id(actor), subject_type=_PROFORMA, subject_id=proforma_id, seen_at=now()
    )
    session.add(row)
    said = person_id(actor), _PROFORMA, proforma_id, line_number, is_editing
    if said != (row.user_id, row.subject_type, row.subject_id, row.line_number, row.is_editing):
        row.user_id, row.subject_type, row.subject_id, row.line_number, row.is_editing = said
        row.seen_at = now()
    elif now() - row.seen_at > _SAID_EVERY:
        # Nothing new to say: once in a while is enough for the others to know.
        row.seen_at = now()
    session.flush()
    return _others(session, actor, proforma_id)


def others_present(
    session: Session, actor: Actor, *, tab: str, proforma_id: int, line_number: int | None, is_editing: bool
) -> list[OtherPerson] | None:
    """Return who else is here where the tab need say nothing anew; None where `be_present` is to be called."""
    rows = _here(session, proforma_id)
    said = person_id(actor), line_number, is_editing, sha256_hex(tab.encode())
    fresh = now() - _SAID_EVERY
    if not any(
        (row.user_id, row.line_number, row.is_editing, row.tab) == said and row.seen_at >= fresh for row in rows
    ):
        return None
    return _each_once(row for row in rows if row.user_id != actor.user_id)


def leave(session: Session, *, tab: str) -> None:
    """Say that a tab does not show a proforma any more."""
    session.execute(delete(Presence).where(col(Presence.tab) == sha256_hex(tab.encode())))


def forget_the_gone(session: Session) -> int:
    """Delete what tabs left behind that ended without a word; return how many."""
    found = session.execute(delete(Presence).where(col(Presence.seen_at) < now() - _KEPT))
    return int(getattr(found, "rowcount", 0))


def _others(session: Session, actor: Actor, proforma_id: int) -> list[OtherPerson]:
    return _each_once(row for row in _here(session, proforma_id) if row.user_id != actor.user_id)


def _here(session: Session, proforma_id: int) -> Sequence[Row[*tuple[Any, ...]]]:
    asked = {"kind": _PROFORMA, "key": proforma_id, "since": now() - STILL_THERE}
    return session.execute(_HERE, asked).all()


def _each_once(rows: Iterable[Row[*tuple[Any, ...]]]) -> list[OtherPerson]:
    # Of several tabs the one that edits counts, else the one seen last.
    by_name = {row.name: OtherPerson(row.name, row.line_number, row.is_editing) for row in rows}
    return [by_name[name] for name in sorted(by_name)]
