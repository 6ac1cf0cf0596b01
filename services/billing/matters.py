"""Matters as billing sees them: how often each is billed, whether it is held, and all that is open of it."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, and_, exists, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from core.clock import today
from core.errors import NotFoundError
from models import Carrier, Invoice, Matter, MatterPayor, Proforma, User
from models.enums import (
    BillingFrequency,
    CashStatus,
    DocumentStatus,
    EntryKind,
    MatterStatus,
    ProformaStatus,
    Role,
)
from services.access import require, sees_all_matters
from services.actor import Actor
from services.billing.billing_preview import Obstacle, preview_of
from services.billing.billing_selection import Reason, select_work
from services.billing.matter_closing import Closing, last_closing
from services.billing.work_ageing import WorkAge
from services.listing import contains
from services.row_ids import row_id

_READERS = (Role.BILLER, Role.ADMIN, Role.ATTORNEY)
_EDITORS = (Role.BILLER, Role.ADMIN)
_SHOWN = 20
_LONGEST_SEARCH = 100
_Rows = Select[*tuple[Any, ...]]


@dataclass(frozen=True)
class MatterFilter:
    """Which matters to list; what is left empty does not filter. `text` is of number, name, carrier or attorney."""

    text: str = ""
    frequency: BillingFrequency | None = None
    is_held: bool = False


@dataclass(frozen=True)
class MatterRow:
    """One matter in a list; `hold_until` is None while it is not held."""

    id: int
    version: int
    number: str
    name: str
    status: MatterStatus
    attorney: str
    carrier: str
    frequency: BillingFrequency
    hold_until: date | None
    hold_reason: str


@dataclass(frozen=True)
class MatterList:
    """One page, the newest matters first; `next_before` asks for the following one, None at the end."""

    rows: tuple[MatterRow, ...]
    next_before: int | None


@dataclass(frozen=True)
class HeldWork:
    """One entry or expense that a reviewer held until a day."""

    kind: EntryKind
    id: int
    worked_on: date
    who: str
    units: Decimal
    amount: Decimal | None
    detail: str


@dataclass(frozen=True)
class BillOfMatter:
    """A proforma or an invoice of the matter; `status` is a word of its own vocabulary."""

    id: int
    number: str
    period_end: date | None
    made_at: datetime
    status: ProformaStatus | DocumentStatus
    cash: CashStatus | None
    amount: Decimal


@dataclass(frozen=True)
class MatterDetail:
    """One matter with its work in progress by age, what keeps it from being billed today, and its latest bills.

    `closing` tells who closed or reopened it last; None where nobody did here.
    """

    row: MatterRow
    opened_on: date
    closed_on: date | None
    can_edit: bool
    work: tuple[WorkAge, ...]
    obstacles: tuple[Obstacle, ...]
    held: tuple[HeldWork, ...]
    proformas: tuple[BillOfMatter, ...]
    invoices: tuple[BillOfMatter, ...]
    closing: Closing | None


def list_matters(
    session: Session, actor: Actor, *, wanted: MatterFilter, before: int | None = None, limit: int = 50
) -> MatterList:
    """Return a page of the matters that the actor may see, below the id `before`."""
    require(actor, *_READERS, what="Listing matters")
    statement = _wanted(_rows(actor), wanted)
    if before is not None:
        statement = statement.where(col(Matter.id) < before)
    found = session.execute(statement.order_by(col(Matter.id).desc()).limit(limit + 1)).all()
    carriers = _carriers(session, [matter.id for matter, _ in found])
    rows = tuple(_row(matter, name, carriers) for matter, name in found[:limit])
    return MatterList(rows, rows[-1].id if len(found) > limit else None)


def get_matter(session: Session, actor: Actor, *, matter_id: int) -> MatterDetail:
    """Return one matter.

    Raises:
        NotFoundError: there is none, or it is another attorney's.
    """
    require(actor, *_READERS, what="Reading a matter")
    found = session.execute(_rows(actor).where(col(Matter.id) == matter_id)).one_or_none()
    if found is None:
        raise NotFoundError("There is no such matter, or it is another attorney's. Go back to the list and open one.")
    matter, attorney = found
    first, last = today().replace(day=1), today()
    preview = preview_of(select_work(session, period_start=first, period_end=last, matter_ids=[matter_id]))
    return MatterDetail(
        row=_row(matter, attorney, _carriers(session, [matter_id])),
        opened_on=matter.opened_on,
        closed_on=matter.closed_on,
        can_edit=actor.has(*_EDITORS),
        work=preview.ageing,
        obstacles=preview.obstacles,
        held=tuple(_held(preview.obstacles)),
        proformas=_proformas(session, matter_id),
        invoices=_invoices(session, matter_id),
        closing=last_closing(session, matter_id),
    )


def _rows(actor: Actor) -> _Rows:
    statement: _Rows = select(Matter, col(User.name)).join(User, col(User.id) == col(Matter.responsible_attorney_id))
    if sees_all_matters(actor):
        return statement
    return statement.where(col(Matter.responsible_attorney_id) == actor.user_id)


def _wanted(statement: _Rows, wanted: MatterFilter) -> _Rows:
    if text := wanted.text.strip()[:_LONGEST_SEARCH]:
        payor, carrier = aliased(MatterPayor), aliased(Carrier)
        of_carrier = exists().where(
            and_(
                col(payor.matter_id) == col(Matter.id),
                col(carrier.id) == col(payor.carrier_id),
                contains(col(carrier.name), text),
            )
        )
        columns = (Matter.number, Matter.name, User.name)
        statement = statement.where(or_(*(contains(col(column), text) for column in columns), of_carrier))
    if wanted.frequency is not None:
        statement = statement.where(col(Matter.billing_frequency) == wanted.frequency)
    return statement.where(col(Matter.billing_hold_until) > today()) if wanted.is_held else statement


def _carriers(session: Session, matter_ids: list[int | None]) -> dict[int, list[str]]:
    day = today()
    statement = (
        select(col(MatterPayor.matter_id), col(Carrier.name))
        .join(Carrier, col(Carrier.id) == col(MatterPayor.carrier_id))
        .where(
            col(MatterPayor.matter_id).in_(matter_ids),
            or_(col(MatterPayor.effective_to).is_(None), col(MatterPayor.effective_to) >= day),
        )
        .order_by(col(MatterPayor.id))
    )
    found: dict[int, list[str]] = {}
    for matter_id, name in session.execute(statement):
        if name not in found.setdefault(matter_id, []):
            found[matter_id].append(name)
    return found


def _row(matter: Matter, attorney: str, carriers: dict[int, list[str]]) -> MatterRow:
    until = matter.billing_hold_until
    is_held = until is not None and until > today()
    return MatterRow(
        id=row_id(matter),
        version=matter.version,
        number=matter.number,
        name=matter.name,
        status=matter.status,
        attorney=attorney,
        carrier=", ".join(carriers.get(row_id(matter), [])),
        frequency=matter.billing_frequency,
        hold_until=until if is_held else None,
        hold_reason=matter.billing_hold_reason if is_held else "",
    )


def _held(obstacles: tuple[Obstacle, ...]) -> list[HeldWork]:
    return [
        HeldWork(line.kind, line.entry_id, line.worked_on, line.timekeeper_name, line.units, line.amount, one.detail)
        for one in obstacles
        if one.reason is Reason.HELD_UNTIL
        for line in one.lines
    ]


def _proformas(session: Session, matter_id: int) -> tuple[BillOfMatter, ...]:
    statement = (
        select(Proforma).where(col(Proforma.matter_id) == matter_id).order_by(col(Proforma.id).desc()).limit(_SHOWN)
    )
    return tuple(
        BillOfMatter(
            row_id(one), f"{one.period_end:%B %Y}", one.period_end, one.created_at, one.status, None, one.billed_amount
        )
        for one in session.scalars(statement)
    )


def _invoices(session: Session, matter_id: int) -> tuple[BillOfMatter, ...]:
    statement = (
        select(Invoice).where(col(Invoice.matter_id) == matter_id).order_by(col(Invoice.id).desc()).limit(_SHOWN)
    )
    return tuple(
        BillOfMatter(
            row_id(one), one.number, None, one.finalized_at, one.document_status, one.cash_status, one.total_amount
        )
        for one in session.scalars(statement)
    )
