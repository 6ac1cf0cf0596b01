"""What a platform notes of a post for itself: checked, part of which batch."""

import sqlite3

_SCHEMA = """
CREATE TABLE IF NOT EXISTS marks (
    post_id INTEGER NOT NULL, name TEXT NOT NULL, value INTEGER NOT NULL, PRIMARY KEY (post_id, name));
"""


class Marks:
    """Numbers by post and name, in the sites' one file."""

    def __init__(self, db: sqlite3.Connection) -> None:
        """Make the table where there is none yet."""
        self._db = db
        self._db.executescript(_SCHEMA)

    def put(self, post_id: int, name: str, value: int = 1) -> None:
        """Note something of a post, replacing what was noted under this name."""
        self._db.execute("INSERT OR REPLACE INTO marks (post_id, name, value) VALUES (?, ?, ?)", (post_id, name, value))

    def has(self, post_id: int, name: str) -> bool:
        """Say whether something was noted of a post."""
        row = self._db.execute("SELECT 1 FROM marks WHERE post_id = ? AND name = ?", (post_id, name)).fetchone()
        return row is not None

    def posts(self, name: str, value: int) -> list[int]:
        """Return the posts with this number under this name, in the order they came."""
        rows = self._db.execute(
            "SELECT post_id FROM marks WHERE name = ? AND value = ? ORDER BY post_id", (name, value)
        )
        return [row["post_id"] for row in rows]

    def wipe(self) -> None:
        """Forget everything."""
        self._db.execute("DELETE FROM marks")
