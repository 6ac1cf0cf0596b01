"""The budgets in force and what was billed of each, for rules and screens: two statements for any number of matters."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import replace
from decimal import Decimal
from functools import cache

from sqlalchemy import ColumnElement, Select, bindparam, func, or_, select
from sqlmodel import Session, col

from core.money import ZERO
from guidelines.bill import ApprovedBudget
from models import Invoice, InvoiceLine, InvoiceRevision, MatterBudget
from services.row_ids import row_id
from services.rules.billed_before import is_current, stands

_Key = tuple[int, int]


def load_budgets(session: Session, matters: Collection[_Key]) -> dict[_Key, tuple[ApprovedBudget, ...]]:
    """Return them by (matter id, carrier id), the matter's whole first, with what stands on invoices already."""
    if not matters:
        return {}
    rows = [row for row in in_force(session, {matter for matter, _ in matters}) if _key(row) in matters]
    billed = billed_of(session, rows)
    found: dict[_Key, list[ApprovedBudget]] = defaultdict(list)
    for row in rows:
        found[_key(row)].append(replace(approved(row), billed_before=billed.get(row_id(row), ZERO)))
    return {key: tuple(budgets) for key, budgets in found.items()}


def in_force(session: Session, matter_ids: Collection[int]) -> list[MatterBudget]:
    """Return the budgets of matters that nobody took back, by code and days."""
    return list(session.scalars(_in_force(), {"matter_ids": list(matter_ids)}))


# Every opening of a proforma and every edit asks for them, so it is built once.
@cache
def _in_force() -> Select[MatterBudget]:
    theirs = col(MatterBudget.matter_id).in_(bindparam("matter_ids", expanding=True))
    return (
        select(MatterBudget)
        .where(theirs, col(MatterBudget.revoked_at).is_(None))
        .order_by(col(MatterBudget.code), col(MatterBudget.work_from), col(MatterBudget.id))
    )


def billed_of(session: Session, budgets: Collection[MatterBudget]) -> Mapping[int, Decimal]:
    """Return the dollars on the current revisions of invoices that stand, by budget id; one statement."""
    if not budgets:
        return {}
    by_id = {row_id(row): approved(row) for row in budgets}
    statement = (
        select(col(MatterBudget.id), col(InvoiceLine.task_code), func.sum(col(InvoiceLine.total_amount)))
        .join(
            Invoice,
            (col(Invoice.matter_id) == col(MatterBudget.matter_id))
            & (col(Invoice.carrier_id) == col(MatterBudget.carrier_id)),
        )
        .join(InvoiceRevision, is_current())
        .join(InvoiceLine, col(InvoiceLine.invoice_revision_id) == col(InvoiceRevision.id))
        .where(col(MatterBudget.id).in_(by_id), stands(), _on_its_days())
        .group_by(col(MatterBudget.id), col(InvoiceLine.task_code))
    )
    billed: dict[int, Decimal] = defaultdict(lambda: ZERO)
    for budget_id, task_code, amount in session.execute(statement):
        if by_id[budget_id].is_for(task_code):
            billed[budget_id] += amount
    return dict(billed)


def approved(row: MatterBudget) -> ApprovedBudget:
    """Return a budget as rules see it, nothing billed of it yet."""
    return ApprovedBudget(code=row.code, amount=row.amount, work_from=row.work_from, work_to=row.work_to)


def _on_its_days() -> ColumnElement[bool]:
    day, budget = col(InvoiceLine.worked_on), MatterBudget
    is_from = or_(col(budget.work_from).is_(None), day >= col(budget.work_from))
    return is_from & or_(col(budget.work_to).is_(None), day <= col(budget.work_to))


def _key(row: MatterBudget) -> _Key:
    return row.matter_id, row.carrier_id
