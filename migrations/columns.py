"""Column types and table options that revisions share; one script serves SQLite and MySQL."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import mysql

# utf8mb4_bin compares as SQLite does: case and accents count in numbers, codes and e-mails, and in unique keys.
ON_MYSQL: dict[str, Any] = {"mysql_engine": "InnoDB", "mysql_charset": "utf8mb4", "mysql_collate": "utf8mb4_bin"}


def instant() -> sa.types.TypeEngine[Any]:
    """Return a UTC date and time; with microseconds on MySQL, whose plain DATETIME rounds into the next second."""
    return sa.DateTime().with_variant(mysql.DATETIME(fsp=6), "mysql", "mariadb")


def counted() -> sa.types.TypeEngine[Any]:
    """Return a key that may pass two thousand million rows; SQLite only counts up a plain INTEGER."""
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def vocabulary() -> sa.String:
    """Return the column of a closed vocabulary: plain text, so a new word needs no migration."""
    return sa.String(20)
