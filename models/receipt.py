"""Papers that prove an expense."""

from datetime import datetime

from sqlmodel import Field

from models.base import Table


class ExpenseReceipt(Table, table=True):
    """One receipt of an expense; the bytes are in the object store, bound by their SHA-256.

    One that was removed is marked so, never deleted.
    """

    id: int | None = Field(default=None, primary_key=True)
    expense_id: int = Field(foreign_key="expense.id", index=True)
    name: str = Field(max_length=160)
    media_type: str = Field(max_length=40)
    byte_count: int
    object_key: str = Field(max_length=255)
    sha256: str = Field(max_length=64)
    added_by_id: int = Field(foreign_key="app_user.id")
    added_at: datetime
    removed_by_id: int | None = Field(default=None, foreign_key="app_user.id")
    removed_at: datetime | None = None
