"""Who pays a matter's bill on a day: its dated shares, read once for a whole set of matters."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache, partial
from typing import Any, TypeVar

from sqlalchemy import Select, bindparam, select
from sqlmodel import Session

from core.db import once
from models import Carrier, MatterPayor
from models.enums import EntryKind
from services.tables import table_of

_WHOLE = Decimal(100)
Dated = TypeVar("Dated", "Share", "NamedPayor")


@dataclass(frozen=True, slots=True)
class Share:
    """One payor's part of a matter, in percent of fees and of expenses."""

    matter_payor_id: int
    carrier_id: int
    carrier_name: str
    client_code: str
    site_account_id: int
    claim_number: str
    fee_percent: Decimal
    expense_percent: Decimal
    effective_from: date
    effective_to: date | None

    def percent(self, kind: EntryKind) -> Decimal:
        """Return the share of a fee or of an expense, and of a discount on either."""
        return self.fee_percent if kind in {EntryKind.FEE, EntryKind.FEE_DISCOUNT} else self.expense_percent


def load_shares(session: Session, matter_ids: Collection[int] | None = None) -> dict[int, list[Share]]:
    """Return the shares of matters by matter id, the largest first; None = of every matter."""
    if matter_ids is not None and not matter_ids:
        return {}
    of_every_matter = matter_ids is None
    asked = {} if matter_ids is None else {"matter_ids": list(matter_ids)}
    shares: dict[int, list[Share]] = defaultdict(list)
    for matter_id, *facts in session.execute(_shares(of_every_matter), asked):
        shares[matter_id].append(Share(*facts))
    return dict(shares)


@dataclass(frozen=True, slots=True)
class NamedPayor:
    """A payor of a matter as lists show it."""

    carrier_id: int
    carrier_name: str
    effective_from: date
    effective_to: date | None


def load_payors(session: Session, matter_ids: Collection[int]) -> dict[int, list[NamedPayor]]:
    """Return the payors of matters by matter id, the leading one first; for lists, which need no shares."""
    wanted = frozenset(matter_ids)
    return once(session, ("payors", wanted), partial(_read_payors, session, wanted)) if wanted else {}


def _read_payors(session: Session, matter_ids: frozenset[int]) -> dict[int, list[NamedPayor]]:
    payors: dict[int, list[NamedPayor]] = defaultdict(list)
    for matter_id, *facts in session.execute(_payors(), {"matter_ids": list(matter_ids)}):
        payors[matter_id].append(NamedPayor(*facts))
    return dict(payors)


@cache
def _payors() -> Select[*tuple[Any, ...]]:
    payor, carrier = table_of(MatterPayor).c, table_of(Carrier).c
    return (
        select(payor.matter_id, payor.carrier_id, carrier.name, payor.effective_from, payor.effective_to)
        .join(table_of(Carrier), carrier.id == payor.carrier_id)
        .where(payor.matter_id.in_(bindparam("matter_ids", expanding=True)))
        .order_by(payor.fee_percent.desc(), payor.id)
    )


@cache
def _shares(of_every_matter: bool) -> Select[*tuple[Any, ...]]:  # noqa: FBT001 -- a cache's key
    payor, carrier = table_of(MatterPayor).c, table_of(Carrier).c
    statement = select(
        payor.matter_id,
        payor.id,
        payor.carrier_id,
        carrier.name,
        carrier.client_code,
        carrier.site_account_id,
        payor.claim_number,
        payor.fee_percent,
        payor.expense_percent,
        payor.effective_from,
        payor.effective_to,
    ).join(table_of(Carrier), carrier.id == payor.carrier_id)
    if not of_every_matter:
        statement = statement.where(payor.matter_id.in_(bindparam("matter_ids", expanding=True)))
    return statement.order_by(payor.fee_percent.desc(), payor.id)


def in_force(shares: Sequence[Dated], day: date) -> list[Dated]:
    """Return the shares that count on a day, the leading payor first: its rates and guidelines apply."""
    return [
        share
        for share in shares
        if share.effective_from <= day and (share.effective_to is None or day <= share.effective_to)
    ]


def are_whole(shares: Sequence[Share]) -> bool:
    """Whether fees and expenses each add up to exactly 100 %."""
    return all(sum((share.percent(kind) for share in shares), start=Decimal(0)) == _WHOLE for kind in EntryKind)
