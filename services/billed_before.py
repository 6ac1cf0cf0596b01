"""What was billed on matters before: until when, and how much by code, for rules about frequency and budgets."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from sqlalchemy import ColumnElement, and_, func, select
from sqlmodel import Session, col

from core.money import ZERO
from models import Invoice, InvoiceLine, InvoiceRevision
from models.enums import DocumentStatus

_STANDING = (DocumentStatus.OPEN, DocumentStatus.DELIVERED)
_PHASE_LENGTH = 2


@dataclass(frozen=True)
class BilledBefore:
    """`until` ends the last period billed; `amounts` are dollars by task, by phase ('L300') and in all ('')."""

    until: date | None = None
    amounts: Mapping[str, Decimal] = field(default_factory=dict)


NOTHING = BilledBefore()
_Key = tuple[int, int]


def load_billed_before(session: Session, matters: Collection[_Key]) -> dict[_Key, BilledBefore]:
    """Return it by (matter id, carrier id), from the current revisions of invoices that stand; two statements."""
    if not matters:
        return {}
    amounts = _amounts(session, {matter_id for matter_id, _ in matters})
    return {key: BilledBefore(until, amounts.get(key, {})) for key, until in _until(session, matters).items()}


def _until(session: Session, matters: Collection[_Key]) -> dict[_Key, date]:
    wanted = frozenset(matters)
    statement = (
        select(col(Invoice.matter_id), col(Invoice.carrier_id), func.max(col(InvoiceRevision.period_end)))
        .join(InvoiceRevision, _is_current())
        .where(col(Invoice.matter_id).in_({matter_id for matter_id, _ in wanted}), _stands())
        .group_by(col(Invoice.matter_id), col(Invoice.carrier_id))
    )
    return {
        (matter_id, carrier_id): until
        for matter_id, carrier_id, until in session.execute(statement)
        if (matter_id, carrier_id) in wanted
    }


def _amounts(session: Session, matter_ids: Collection[int]) -> dict[_Key, dict[str, Decimal]]:
    statement = (
        select(
            col(Invoice.matter_id),
            col(Invoice.carrier_id),
            col(InvoiceLine.task_code),
            func.sum(col(InvoiceLine.total_amount)),
        )
        .join(InvoiceRevision, _is_current())
        .join(InvoiceLine, col(InvoiceLine.invoice_revision_id) == col(InvoiceRevision.id))
        .where(col(Invoice.matter_id).in_(matter_ids), _stands())
        .group_by(col(Invoice.matter_id), col(Invoice.carrier_id), col(InvoiceLine.task_code))
    )
    found: dict[_Key, dict[str, Decimal]] = defaultdict(lambda: defaultdict(lambda: ZERO))
    for matter_id, carrier_id, code, amount in session.execute(statement):
        for name in {"", code, phase_of(code)}:
            found[matter_id, carrier_id][name] += amount
    return {key: dict(amounts) for key, amounts in found.items()}


def phase_of(task_code: str) -> str:
    """Return the phase of a task as budgets name it: 'L310' is of 'L300'; '' for no task."""
    return f"{task_code[:_PHASE_LENGTH]}00" if task_code else ""


def _is_current() -> ColumnElement[bool]:
    return and_(
        col(InvoiceRevision.invoice_id) == col(Invoice.id), col(InvoiceRevision.number) == col(Invoice.revision_number)
    )


def _stands() -> ColumnElement[bool]:
    return col(Invoice.document_status).in_(_STANDING)
