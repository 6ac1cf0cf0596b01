"""The PDFs that go along with bills, each bound to its post once one carries its number."""

import hashlib
import sqlite3
from dataclasses import dataclass

_SCHEMA = """
CREATE TABLE IF NOT EXISTS papers (
    id INTEGER PRIMARY KEY AUTOINCREMENT, site TEXT NOT NULL, account TEXT NOT NULL, file_name TEXT NOT NULL,
    sha256 TEXT NOT NULL, bytes BLOB NOT NULL, post_id INTEGER);
"""


@dataclass(frozen=True, slots=True)
class Paper:
    """A stored PDF, without its bytes; `post_id` None while no bill carries its number."""

    id: int
    site: str
    account: str
    file_name: str
    sha256: str
    post_id: int | None


_SHOWN = ", ".join(Paper.__slots__)


class Papers:
    """PDFs by site, in the sites' one file."""

    def __init__(self, db: sqlite3.Connection) -> None:
        """Make the table where there is none yet."""
        self._db = db
        self._db.executescript(_SCHEMA)

    def add(self, site: str, account: str, file_name: str, data: bytes) -> None:
        """Keep a PDF, for whichever bill it belongs to."""
        row = (site, account, file_name, hashlib.sha256(data).hexdigest(), data)
        self._db.execute("INSERT INTO papers (site, account, file_name, sha256, bytes) VALUES (?, ?, ?, ?, ?)", row)

    def bind(self, paper_id: int, post_id: int) -> None:
        """Say which bill a PDF belongs to."""
        self._db.execute("UPDATE papers SET post_id = ? WHERE id = ?", (post_id, paper_id))

    def every(self, site: str | None = None) -> list[Paper]:
        """Return all PDFs of a site, or of all, in the order they came."""
        rows = self._db.execute(
            f"SELECT {_SHOWN} FROM papers WHERE ? IS NULL OR site = ? ORDER BY id",  # noqa: S608 - own names
            (site, site),
        )
        return [Paper(*row) for row in rows]

    def data(self, paper_id: int) -> bytes:
        """Return the bytes of a PDF."""
        return bytes(self._db.execute("SELECT bytes FROM papers WHERE id = ?", (paper_id,)).fetchone()["bytes"])

    def drop(self, paper_id: int) -> None:
        """Forget one PDF."""
        self._db.execute("DELETE FROM papers WHERE id = ?", (paper_id,))

    def wipe(self) -> None:
        """Forget everything."""
        self._db.execute("DELETE FROM papers")
