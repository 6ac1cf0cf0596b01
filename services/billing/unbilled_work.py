"""Work in progress: what is not billed yet, entry by entry, priced as a billing run would price it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlmodel import Session, col

from core.clock import today
from core.money import line_amount
from models import Matter, User
from models.enums import EntryKind, EntryStatus
from services.access import sees_all_matters
from services.actor import Actor
from services.asked import as_day
from services.billing.payors import Share, in_force, load_shares
from services.billing.rates import RateCard, RatedHour, load_rates
from services.billing.work_in_progress import TimekeeperFacts, WorkItem, load_timekeepers, on_live_proformas, work_page


class UnbilledKey(NamedTuple):
    """Where a page ended: fees by id come first, expenses by id follow."""

    kind: EntryKind
    id: int


@dataclass(frozen=True)
class UnbilledRow:
    """One entry or expense that is not billed yet.

    `unit_cost` and `amount` are None where no rate is known. `on_proforma_of` is who reviews the proforma it stands on,
    '' where it stands on none.
    """

    key: UnbilledKey
    kind: EntryKind
    matter_number: str
    matter_name: str
    attorney_name: str
    carrier_name: str
    worked_on: date
    timekeeper_name: str
    worked_units: Decimal
    entered_units: Decimal
    unit_cost: Decimal | None
    amount: Decimal | None
    task_code: str
    activity_code: str
    expense_code: str
    narrative: str
    status: EntryStatus
    is_confidential: bool
    on_proforma_of: str


def unbilled_until(period: str) -> date:
    """Return the last day of a month as in '2026-10'; today for anything else."""
    first = as_day(f"{period}-01")
    return (first + timedelta(days=32)).replace(day=1) - timedelta(days=1) if first else today()


def list_unbilled_work(
    session: Session, actor: Actor, *, until: date, after: UnbilledKey | None = None, limit: int = 50
) -> list[UnbilledRow]:
    """Return what is unbilled up to a day, fees before expenses, each by id; an attorney sees their own matters'."""
    attorney_id = None if sees_all_matters(actor) else actor.user_id
    items = work_page(session, until, after=after, attorney_id=attorney_id, limit=limit)
    around = _around(session, {item.matter_id for item in items})
    return [around.row(item) for item in items]


@dataclass(frozen=True)
class _Around:
    matters: dict[int, tuple[str, str, str]]
    shares: dict[int, list[Share]]
    rates: RateCard
    timekeepers: dict[int, TimekeeperFacts]
    live: dict[tuple[EntryKind, int], str]

    def row(self, item: WorkItem) -> UnbilledRow:
        number, name, attorney = self.matters[item.matter_id]
        payors = in_force(self.shares.get(item.matter_id, []), item.worked_on)
        who = self.timekeepers.get(item.timekeeper_id or 0)
        cost = item.unit_cost if item.kind is EntryKind.EXPENSE else self._rate(item, payors, who)
        return UnbilledRow(
            key=UnbilledKey(item.kind, item.id),
            kind=item.kind,
            matter_number=number,
            matter_name=name,
            attorney_name=attorney,
            carrier_name=payors[0].carrier_name if payors else "",
            worked_on=item.worked_on,
            timekeeper_name=who.name if who else "",
            worked_units=item.worked_units,
            entered_units=item.entered_units,
            unit_cost=cost,
            amount=None if cost is None else line_amount(item.entered_units, cost),
            task_code=item.task_code,
            activity_code=item.activity_code,
            expense_code=item.expense_code,
            narrative=item.narrative,
            status=item.status,
            is_confidential=item.is_confidential,
            on_proforma_of=self.live.get(item.key, ""),
        )

    def _rate(self, item: WorkItem, payors: Sequence[Share], who: TimekeeperFacts | None) -> Decimal | None:
        if not payors or who is None:
            return None
        return self.rates.find(RatedHour(payors[0].carrier_id, who.id, who.classification, item.worked_on))


def _around(session: Session, matter_ids: Collection[int]) -> _Around:
    named: Any = select(col(Matter.id), col(Matter.number), col(Matter.name), col(User.name)).join(
        User, col(User.id) == col(Matter.responsible_attorney_id)
    )
    found = session.execute(named.where(col(Matter.id).in_(matter_ids)))
    shares = load_shares(session, matter_ids)
    carrier_ids = {share.carrier_id for payors in shares.values() for share in payors}
    return _Around(
        matters={matter_id: (number, name, attorney) for matter_id, number, name, attorney in found},
        shares=shares,
        rates=load_rates(session, carrier_ids),
        timekeepers=load_timekeepers(session),
        live=on_live_proformas(session, matter_ids),
    )
