"""Who looks at a proforma right now, and which line is open in front of them, while their tab shows it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, Row, bindparam, delete, insert, select, update
from sqlmodel import Session, col

from core.clock import now
from core.ids import sha256_hex
from models import Presence, User
from services.access import person_id
from services.actor import Actor
from services.review.proforma_queries import seen_proforma
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
_SAY = update(_SEEN).where(_SEEN.c.tab == bindparam("own_tab"))


@dataclass(frozen=True)
class OtherPerson:
    """Somebody else who looks at the same proforma; `line_number` is the line that is open."""

    name: str
    line_number: int | None
    is_editing: bool


@dataclass(frozen=True)
class Here:
    """A tab on a proforma: the number of the line that is open in it, and whether that may be edited there."""

    tab: str
    proforma_id: int
    line_number: int | None = None
    is_editing: bool = False


def others_present(session: Session, actor: Actor, here: Here) -> tuple[list[OtherPerson], bool]:
    """Return who else is on a tab's proforma, each once, and whether `say_present` is due.

    Raises:
        NotFoundError: there is no such proforma among the actor's.
    """
    asked = {"kind": _PROFORMA, "key": here.proforma_id, "since": now() - STILL_THERE}
    rows = session.execute(_HERE, asked).all()
    # Nothing new to say: once in a while is enough for the others to know.
    said = person_id(actor), here.line_number, here.is_editing, sha256_hex(here.tab.encode())
    fresh = now() - _SAID_EVERY
    is_said = any(
        (row.user_id, row.line_number, row.is_editing, row.tab) == said and row.seen_at >= fresh for row in rows
    )
    if not is_said:
        seen_proforma(session, actor, here.proforma_id)
    return _each_once(row for row in rows if row.user_id != actor.user_id), not is_said


def say_present(session: Session, actor: Actor, here: Here) -> None:
    """Say that a tab shows a proforma, which its person may see: `others_present` has looked."""
    said = {
        "user_id": person_id(actor),
        "subject_type": _PROFORMA,
        "subject_id": here.proforma_id,
        "line_number": here.line_number,
        "is_editing": here.is_editing,
        "seen_at": now(),
    }
    key = sha256_hex(here.tab.encode())
    done = cast("CursorResult[Any]", session.execute(_SAY, said | {"own_tab": key}))
    if not done.rowcount:
        session.execute(insert(_SEEN), said | {"tab": key})


def leave(session: Session, *, tab: str) -> None:
    """Say that a tab does not show a proforma any more."""
    session.execute(delete(Presence).where(col(Presence.tab) == sha256_hex(tab.encode())))


def forget_the_gone(session: Session) -> int:
    """Delete what tabs left behind that ended without a word; return how many."""
    found = session.execute(delete(Presence).where(col(Presence.seen_at) < now() - _KEPT))
    return int(getattr(found, "rowcount", 0))


def _each_once(rows: Iterable[Row[*tuple[Any, ...]]]) -> list[OtherPerson]:
    # Of several tabs the one that edits counts, else the one seen last.
    by_name = {row.name: OtherPerson(row.name, row.line_number, row.is_editing) for row in rows}
    return [by_name[name] for name in sorted(by_name)]
