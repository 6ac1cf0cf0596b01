"""Who looks at a proforma right now, and which line is open in front of them, while their tab shows it."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, select
from sqlmodel import Session, col

from core.clock import now
from core.ids import sha256_hex
from models import Presence, User
from services.access import person_id
from services.actor import Actor
from services.review.proforma_queries import visible_proforma

STILL_THERE = timedelta(seconds=25)
_SAID_EVERY = timedelta(seconds=11)
_KEPT = timedelta(hours=12)
_PROFORMA = "proforma"


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


def leave(session: Session, *, tab: str) -> None:
    """Say that a tab does not show a proforma any more."""
    session.execute(delete(Presence).where(col(Presence.tab) == sha256_hex(tab.encode())))


def forget_the_gone(session: Session) -> int:
    """Delete what tabs left behind that ended without a word; return how many."""
    found = session.execute(delete(Presence).where(col(Presence.seen_at) < now() - _KEPT))
    return int(getattr(found, "rowcount", 0))


def _others(session: Session, actor: Actor, proforma_id: int) -> list[OtherPerson]:
    statement = (
        select(col(User.name), col(Presence.line_number), col(Presence.is_editing))
        .join(User, col(User.id) == col(Presence.user_id))
        .where(
            col(Presence.subject_type) == _PROFORMA,
            col(Presence.subject_id) == proforma_id,
            col(Presence.seen_at) >= now() - STILL_THERE,
            col(Presence.user_id) != actor.user_id,
        )
        .order_by(col(Presence.is_editing), col(Presence.seen_at))
    )
    # Of several tabs the one that edits counts, else the one seen last.
    by_name = {name: OtherPerson(name, number, is_editing) for name, number, is_editing in session.execute(statement)}
    return sorted(by_name.values(), key=lambda person: person.name)
