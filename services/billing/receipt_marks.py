"""Which expenses have a receipt on file; the one truth for billing runs, proformas and their rules."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, Exists, select
from sqlmodel import Session, col

from models import Expense, ExpenseReceipt


def expenses_with_receipt(session: Session, expense_ids: Collection[int]) -> frozenset[int]:
    """Return those of the expenses that have a receipt, in one statement."""
    if not expense_ids:
        return frozenset()
    statement = select(col(ExpenseReceipt.expense_id)).where(
        col(ExpenseReceipt.expense_id).in_(expense_ids), is_on_file()
    )
    return frozenset(session.scalars(statement))


def has_receipt() -> Exists:
    """Return the condition on an expense that it has one."""
    return (
        select(col(ExpenseReceipt.id)).where(col(ExpenseReceipt.expense_id) == col(Expense.id), is_on_file()).exists()
    )


def is_on_file() -> ColumnElement[bool]:
    """Return the condition on a receipt that nobody removed it."""
    return col(ExpenseReceipt.removed_at).is_(None)
