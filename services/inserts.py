"""Inserts of many rows in one statement."""

from sqlalchemy import Insert, Table, insert, inspect
from sqlmodel import SQLModel


def every_column(model: type[SQLModel]) -> Insert:
    """Return an insert of rows that name every column, into the table itself: the ORM would look at each row again."""
    table: Table = inspect(model).local_table
    return insert(table)
