"""How the models are compared with a real database, so that only true differences are told."""

from typing import Any

from alembic.runtime.migration import MigrationContext
from sqlalchemy import JSON, Column, Enum, LargeBinary
from sqlalchemy.dialects import mysql
from sqlalchemy.types import TypeEngine
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

import models as _registers_every_table  # noqa: F401
from core.scaled import Scaled


def same_type(
    context: MigrationContext,
    _inspected: Column[Any],
    _declared: Column[Any],
    inspected_type: TypeEngine[Any],
    declared_type: TypeEngine[Any],
) -> bool | None:
    """Say False where a type is stored under another name, and leave the rest (None) to Alembic.

    MariaDB keeps JSON as LONGTEXT, and MySQL picks the BLOB that holds the declared length: only another size counts.
    """
    if isinstance(declared_type, JSON) and isinstance(inspected_type, mysql.LONGTEXT):
        return False
    if isinstance(declared_type, LargeBinary):
        on_sqlite = context.dialect.name == "sqlite"
        return type(inspected_type).__name__ != ("BLOB" if on_sqlite else _blob_holding(declared_type.length or 0))
    return None


def render(kind: str, item: object, context: Any) -> str | bool:  # noqa: ANN401 -- Alembic's own, untyped
    """Write the product's own column types into a drafted revision as the revisions write them."""
    if kind != "type":
        return False
    if isinstance(item, Scaled):
        context.imports.add("from core.scaled import Scaled")
        return f"Scaled({item.precision}, {item.scale})"
    if isinstance(item, UTCDateTime):
        context.imports.add("from migrations.columns import instant")
        return "instant()"
    if isinstance(item, Enum):
        context.imports.add("from migrations.columns import vocabulary")
        return "vocabulary()"
    return f"sa.{item.impl!r}" if isinstance(item, AutoString) else False


def _blob_holding(length: int) -> str:
    """Name the smallest MySQL BLOB for a length in bytes."""
    return next((name for limit, name in _BLOBS if length < limit), "LONGBLOB")


_BLOBS = ((2**8, "TINYBLOB"), (2**16, "BLOB"), (2**24, "MEDIUMBLOB"))
AUTOGENERATE: dict[str, Any] = {"compare_type": same_type, "render_item": render, "user_module_prefix": ""}
