"""Which expenses have a receipt on file; the one truth for billing runs, proformas and their rules."""

from collections.abc import Collection
from functools import cache

from sqlalchemy import ColumnElement, Exists, Select, bindparam, select
from sqlmodel import Session, col

from models import Expense, ExpenseReceipt


def expenses_with_receipt(session: Session, expense_ids: Collection[int]) -> frozenset[int]:
    """Return those of the expenses that have a receipt, in one statement."""
    if not expense_ids:
        return frozenset()
    return frozenset(session.scalars(_with_receipt(), {"ids": list(expense_ids)}))


# Asked at every edit, so it is built once.
@cache
def _with_receipt() -> Select[int]:
    theirs = col(ExpenseReceipt.expense_id).in_(bindparam("ids", expanding=True))
    return select(col(ExpenseReceipt.expense_id)).where(theirs, is_on_file())


def has_receipt() -> Exists:
    """Return the condition on an expense that it has one."""
    return (
        select(col(ExpenseReceipt.id)).where(col(ExpenseReceipt.expense_id) == col(Expense.id), is_on_file()).exists()
    )


def is_on_file() -> ColumnElement[bool]:
    """Return the condition on a receipt that nobody removed it."""
    return col(ExpenseReceipt.removed_at).is_(None)
