"""What the sites keep in one SQLite file, across restarts: every post ever made and the state of each log-in."""

import hashlib
import json
import sqlite3
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from sandbox.portals.bill import Finding
from sandbox.portals.marks import Marks
from sandbox.portals.papers import Papers
from sandbox.portals.review import Review, ReviewedLine

STAGED, ACCEPTED, REFUSED = "staged", "accepted", "refused"
PAGE_ROWS = 50

_SCHEMA = """
CREATE TABLE IF NOT EXISTS posts (
    id INTEGER PRIMARY KEY AUTOINCREMENT, site TEXT NOT NULL, carrier TEXT NOT NULL, client_id TEXT NOT NULL,
    account TEXT NOT NULL, invoice_number TEXT NOT NULL, matter_id TEXT NOT NULL, claim_number TEXT NOT NULL,
    file_name TEXT NOT NULL, sha256 TEXT NOT NULL, bytes BLOB NOT NULL, total_cents INTEGER NOT NULL,
    status TEXT NOT NULL, receipt TEXT, at_ms INTEGER NOT NULL, visible_ms INTEGER NOT NULL,
    decide_ms INTEGER, decision TEXT, review TEXT NOT NULL, findings TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS posts_by_number ON posts (site, invoice_number);
CREATE TABLE IF NOT EXISTS logins (
    site TEXT NOT NULL, username TEXT NOT NULL, failures INTEGER NOT NULL DEFAULT 0,
    is_locked INTEGER NOT NULL DEFAULT 0, last_step INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (site, username));
CREATE TABLE IF NOT EXISTS mails (
    post_id INTEGER PRIMARY KEY, message_id TEXT NOT NULL, sent_ms INTEGER NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class NewPost:
    """A file as it arrived and was judged. Instants are the sites' milliseconds; amounts are cents."""

    site: str
    carrier: str
    client_id: str
    account: str
    file_name: str
    data: bytes
    status: str
    at_ms: int
    visible_ms: int
    invoice_number: str = ""
    matter_id: str = ""
    claim_number: str = ""
    total_cents: int = 0
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Post:
    """A stored post, without its bytes; `review` and `findings` as stored (JSON)."""

    id: int
    site: str
    carrier: str
    client_id: str
    account: str
    invoice_number: str
    matter_id: str
    claim_number: str
    file_name: str
    sha256: str
    total_cents: int
    status: str
    receipt: str | None
    at_ms: int
    decide_ms: int | None
    decision: str | None
    review: str
    findings: str

    def decision_at(self, now_ms: int) -> str | None:
        """Return the decision if it is published by now."""
        return self.decision if self.decide_ms is not None and self.decide_ms <= now_ms else None

    @property
    def lines(self) -> tuple[ReviewedLine, ...]:
        """Return the lines as decided. Read on demand: lists of posts do not need them."""
        return tuple(ReviewedLine(**line) for line in json.loads(self.review))

    @property
    def problems(self) -> tuple[Finding, ...]:
        """Return why the file was refused."""
        return tuple(Finding(**finding) for finding in json.loads(self.findings))

    @property
    def reduction_cents(self) -> int:
        """Return what the carrier takes off in all."""
        return sum(line.reduction_cents for line in self.lines)


_SHOWN = ", ".join(Post.__slots__)
"""The columns of a Post: all but the bytes, which make lists slow."""


@dataclass(frozen=True, slots=True)
class Login:
    """What a site remembers of a log-in; `last_step` is the newest one-time-code step used."""

    failures: int = 0
    is_locked: bool = False
    last_step: int = 0


class Store:
    """The sites' file. One thread uses it."""

    def __init__(self, folder: Path) -> None:
        """Open or create `portals.db` in a folder."""
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self._db = sqlite3.connect(folder / "portals.db", isolation_level=None, check_same_thread=False)
        self._db.row_factory = sqlite3.Row
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.executescript(_SCHEMA)
        self.papers = Papers(self._db)
        self.marks = Marks(self._db)

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def add(self, new: NewPost) -> int:
        """Store a post and return its id."""
        row = asdict(new) | {"sha256": hashlib.sha256(new.data).hexdigest(), "bytes": new.data, "review": "[]"}
        del row["data"]
        row["findings"] = json.dumps(row["findings"])
        names = ", ".join(row)
        marks = ", ".join(f":{name}" for name in row)
        added = self._db.execute(f"INSERT INTO posts ({names}) VALUES ({marks})", row)  # noqa: S608 - own names
        return int(added.lastrowid or 0)

    def accept(self, post_id: int, *, receipt: str, decide_ms: int | None, review: Review) -> None:
        """Give a stored post its receipt and the decision that will be published."""
        self._db.execute(
            "UPDATE posts SET status = ?, receipt = ?, decide_ms = ?, decision = ?, review = ? WHERE id = ?",
            (
                ACCEPTED,
                receipt,
                decide_ms,
                review.decision,
                json.dumps([asdict(line) for line in review.lines]),
                post_id,
            ),
        )

    def refuse(self, post_id: int, findings: Sequence[Finding]) -> None:
        """Refuse a staged post after all."""
        problems = json.dumps([asdict(finding) for finding in findings])
        self._db.execute("UPDATE posts SET status = ?, findings = ? WHERE id = ?", (REFUSED, problems, post_id))

    def post(self, post_id: int, site: str) -> Post | None:
        """Return one post of a site."""
        row = self._db.execute(
            f"SELECT {_SHOWN} FROM posts WHERE id = ? AND site = ?",  # noqa: S608 - own names
            (post_id, site),
        ).fetchone()
        return None if row is None else _post(row)

    def data(self, post_id: int) -> bytes:
        """Return the bytes of a post."""
        row = self._db.execute("SELECT bytes FROM posts WHERE id = ?", (post_id,)).fetchone()
        return bytes(row["bytes"])

    def listed(self, site: str, statuses: Sequence[str], number: str, page: int, now_ms: int) -> list[Post]:
        """Return a page of a site's list, newest first; a post is listed from its `visible_ms` on."""
        marks = ", ".join("?" * len(statuses))
        rows = self._db.execute(
            f"SELECT {_SHOWN} FROM posts WHERE site = ? AND status IN ({marks}) AND visible_ms <= ?"  # noqa: S608 - marks
            " AND (? = '' OR invoice_number = ?) ORDER BY id DESC LIMIT ? OFFSET ?",
            (site, *statuses, now_ms, number, number, PAGE_ROWS, PAGE_ROWS * (page - 1)),
        )
        return [_post(row) for row in rows]

    def every(self, site: str | None = None) -> list[Post]:
        """Return all posts in the order they came."""
        rows = self._db.execute(
            f"SELECT {_SHOWN} FROM posts WHERE ? IS NULL OR site = ? ORDER BY id",  # noqa: S608 - own names
            (site, site),
        )
        return [_post(row) for row in rows]

    def release(self, now_ms: int, *, site: str | None = None, invoice_number: str | None = None) -> int:
        """Publish waiting decisions now and return how many."""
        done = self._db.execute(
            "UPDATE posts SET decide_ms = ? WHERE status = 'accepted' AND (decide_ms IS NULL OR decide_ms > ?)"
            " AND (? IS NULL OR site = ?) AND (? IS NULL OR invoice_number = ?)",
            (now_ms, now_ms, site, site, invoice_number, invoice_number),
        )
        return done.rowcount

    def unmailed(self, carrier: str, now_ms: int) -> list[Post]:
        """Return the posts of a carrier whose decision is published and was not told by e-mail yet."""
        rows = self._db.execute(
            f"SELECT {_SHOWN} FROM posts WHERE carrier = ? AND status = 'accepted' AND decide_ms <= ?"  # noqa: S608 - own names
            " AND id NOT IN (SELECT post_id FROM mails) ORDER BY id",
            (carrier, now_ms),
        )
        return [_post(row) for row in rows]

    def mark_mailed(self, post_ids: Sequence[int], message_id: str, sent_ms: int) -> None:
        """Remember that the decisions of some posts were told in one mail."""
        self._db.executemany(
            "INSERT INTO mails (post_id, message_id, sent_ms) VALUES (?, ?, ?)",
            [(post_id, message_id, sent_ms) for post_id in post_ids],
        )

    def mails(self) -> list[dict[str, object]]:
        """Return which post was told in which mail, in the order of sending."""
        rows = self._db.execute(
            "SELECT mails.message_id, mails.sent_ms, posts.site, posts.carrier, posts.invoice_number, posts.decision"
            " FROM mails JOIN posts ON posts.id = mails.post_id ORDER BY mails.sent_ms, posts.id"
        )
        return [dict(row) for row in rows]

    def login(self, site: str, username: str) -> Login:
        """Return what a site remembers of a log-in."""
        row = self._db.execute("SELECT * FROM logins WHERE site = ? AND username = ?", (site, username)).fetchone()
        return Login() if row is None else Login(row["failures"], bool(row["is_locked"]), row["last_step"])

    def save_login(self, site: str, username: str, login: Login) -> None:
        """Remember the state of a log-in."""
        self._db.execute(
            "INSERT OR REPLACE INTO logins (site, username, failures, is_locked, last_step) VALUES (?, ?, ?, ?, ?)",
            (site, username, login.failures, login.is_locked, login.last_step),
        )

    def unlock(self, site: str | None = None) -> None:
        """Forget failed log-ins; used one-time codes stay used."""
        self._db.execute("UPDATE logins SET failures = 0, is_locked = 0 WHERE ? IS NULL OR site = ?", (site, site))

    def wipe(self) -> None:
        """Forget everything."""
        self._db.execute("DELETE FROM posts")
        self._db.execute("DELETE FROM logins")
        self._db.execute("DELETE FROM mails")
        self.papers.wipe()
        self.marks.wipe()


def _post(row: sqlite3.Row) -> Post:
    return Post(**{name: row[name] for name in Post.__slots__})
