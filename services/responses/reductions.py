"""Reductions added up by reason, carrier and attorney; every way of adding up comes to the same sum."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import select
from sqlmodel import Session, col

from core.clock import now
from core.money import total
from models import Carrier, Invoice, Matter, User
from models.enums import DecisionStatus, DocumentStatus
from services.access import sees_all_matters
from services.actor import Actor
from services.responses.cuts import Cut, load_cuts
from services.row_ids import row_id


@dataclass(frozen=True)
class Reduction:
    """What carriers reduced for one reason, by one carrier, or of one attorney's matters."""

    name: str
    invoices: int
    lines: int
    cut_amount: Decimal
    restored_amount: Decimal
    accepted_amount: Decimal

    @property
    def left_amount(self) -> Decimal:
        """What nobody has settled yet."""
        return self.cut_amount - self.restored_amount - self.accepted_amount


class ReductionBy(StrEnum):
    """What reductions are added up by."""

    REASON = "reason"
    CARRIER = "carrier"
    ATTORNEY = "attorney"


def list_reductions(session: Session, actor: Actor, *, by: ReductionBy, days: int = 365) -> list[Reduction]:
    """Return what was cut of invoices that carriers reduced in the last days, the largest first.

    An attorney sees their own matters'. The sums of each way of adding up are the same.
    """
    statement = (
        select(Invoice, col(Carrier.name), col(User.name))
        .join(Matter, col(Matter.id) == col(Invoice.matter_id))
        .join(Carrier, col(Carrier.id) == col(Invoice.carrier_id))
        .join(User, col(User.id) == col(Matter.responsible_attorney_id))
        .where(
            col(Invoice.decision_status) == DecisionStatus.REDUCED,
            col(Invoice.document_status) == DocumentStatus.DELIVERED,
            col(Invoice.decided_at) >= now() - timedelta(days=days),
        )
    )
    if not sees_all_matters(actor):
        statement = statement.where(col(Matter.responsible_attorney_id) == actor.user_id)
    found = session.execute(statement).all()
    cuts = load_cuts(session, [row[0] for row in found])
    groups: dict[str, list[tuple[int, Cut]]] = defaultdict(list)
    for invoice, carrier_name, attorney_name in found:
        for cut in cuts[row_id(invoice)]:
            name = {ReductionBy.CARRIER: carrier_name, ReductionBy.ATTORNEY: attorney_name}.get(by) or reason_of(cut)
            groups[name].append((row_id(invoice), cut))
    reductions = [_reduction(name, pairs) for name, pairs in groups.items()]
    return sorted(reductions, key=lambda one: (-one.cut_amount, one.name))


def reason_of(cut: Cut) -> str:
    """Return a cut's reason as it is added up: the site's code, or its words where it gives none."""
    return cut.code.replace("_", " ").strip().capitalize() or cut.message[:120]


def _reduction(name: str, pairs: Sequence[tuple[int, Cut]]) -> Reduction:
    return Reduction(
        name=name,
        invoices=len({invoice_id for invoice_id, _ in pairs}),
        lines=sum(cut.line_number is not None for _, cut in pairs),
        cut_amount=total(cut.cut_amount for _, cut in pairs),
        restored_amount=total(cut.restored_amount for _, cut in pairs),
        accepted_amount=total(cut.accepted_amount for _, cut in pairs),
    )
