"""The base of all tables: names in snake case, keys and constraints named alike on every database."""

import re
from enum import StrEnum

from sqlalchemy import Enum
from sqlalchemy.orm import declared_attr
from sqlmodel import SQLModel

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}
metadata = SQLModel.metadata


class Table(SQLModel):
    """A table named after its class: `ProformaLine` is `proforma_line`."""

    @declared_attr.directive
    def __tablename__(cls) -> str:  # noqa: N805 -- a class-level attribute by SQLAlchemy's rule
        return re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()


def stored(vocabulary: type[StrEnum]) -> Enum:
    """Return the column type of a vocabulary: its values as plain text, checked on the way in and out."""
    return Enum(
        vocabulary,
        values_callable=lambda members: [member.value for member in members],
        native_enum=False,
        create_constraint=False,
        length=20,
    )
