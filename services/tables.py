"""A model's plain table: reading its columns costs a fraction of what rows of the ORM do."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Table, inspect, literal
from sqlmodel import SQLModel


def table_of(model: type[SQLModel]) -> Table:
    """Return the table itself; a statement over tables gives plain rows and is compiled once when it is kept."""
    found: Table = inspect(model).local_table
    return found


def one_of(column: ColumnElement[Any], values: Iterable[object]) -> ColumnElement[bool]:
    """Return the condition that a column holds one of a fixed few values.

    They are written out one by one: a list as one parameter is expanded anew whenever the statement runs.
    """
    return column.in_([literal(value, column.type) for value in values])
