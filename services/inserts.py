"""Inserts of many rows in one statement."""

from sqlalchemy import Insert, insert
from sqlmodel import SQLModel


def every_column(model: type[SQLModel]) -> Insert:
    """Return an insert for many rows; nulls are rendered, or each change of null columns would be a statement more."""
    return insert(model).execution_options(render_nulls=True)
