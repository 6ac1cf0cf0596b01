"""Finding a record by its number or name from anywhere; the command palette asks here."""

from dataclasses import dataclass
from typing import TypeVarTuple

from sqlalchemy import Select, or_, select
from sqlmodel import Session, col

from models import Carrier
from models.enums import Role
from models.invoice import Invoice
from models.matter import Matter, MatterPayor
from services.actor import Actor
from services.listing import contains

_Columns = TypeVarTuple("_Columns")
_MOST_HITS = 6
_SHORTEST_TEXT = 2
_LONGEST_TEXT = 60


@dataclass(frozen=True)
class Hit:
    """One record that answers a search; `kind` is 'invoice', 'matter' or 'carrier', `number` what it is known by.

    `id` is the row whose own page shows it; None where its list finds it by its number.
    """

    kind: str
    number: str
    detail: str
    id: int | None = None


def find_records(session: Session, actor: Actor, *, text: str) -> list[Hit]:
    """Return a few invoices, matters and carriers whose number, name or claim number holds the text.

    Who is only an attorney finds the matters of their own, and their invoices.
    """
    wanted = text.strip()[:_LONGEST_TEXT]
    if len(wanted) < _SHORTEST_TEXT:
        return []
    invoices = session.execute(_own(_invoices(wanted), actor).limit(_MOST_HITS)).all()
    matters = session.execute(_own(_matters(wanted), actor).limit(_MOST_HITS)).all()
    return [
        *(Hit("invoice", number, name) for number, name in invoices),
        *(Hit("matter", number, name, matter_id) for number, name, matter_id in matters),
        *(Hit("carrier", name, "Guidelines", carrier_id) for carrier_id, name in session.execute(_carriers(wanted))),
    ]


def _invoices(text: str) -> Select[str, str]:
    found = contains(col(Invoice.number), text)
    joined = select(col(Invoice.number), col(Matter.name)).join(Matter, col(Matter.id) == col(Invoice.matter_id))
    return joined.where(found).order_by(col(Invoice.number))


def _matters(text: str) -> Select[str, str, int | None]:
    claims = select(col(MatterPayor.matter_id)).where(contains(col(MatterPayor.claim_number), text))
    by_claim = col(Matter.id).in_(claims)
    found = or_(contains(col(Matter.number), text), contains(col(Matter.name), text), by_claim)
    named = select(col(Matter.number), col(Matter.name), col(Matter.id))
    return named.where(found).order_by(col(Matter.number))


def _carriers(text: str) -> Select[int | None, str]:
    found = contains(col(Carrier.name), text)
    return select(col(Carrier.id), col(Carrier.name)).where(found).order_by(col(Carrier.name)).limit(_MOST_HITS)


def _own(statement: Select[*_Columns], actor: Actor) -> Select[*_Columns]:
    if actor.has(Role.BILLER, Role.ADMIN):
        return statement
    return statement.where(col(Matter.responsible_attorney_id) == actor.user_id)
