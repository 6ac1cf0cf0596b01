"""The database: engine, one transaction an event (`unit_of_work`), plain reads (`read_only`), its clock."""

import threading
import time
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from pymysql.err import Error as DriverError
from sqlalchemy import BigInteger, Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DisconnectionError, OperationalError, SQLAlchemyError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.pool import ConnectionPoolEntry, NullPool
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlmodel import Session

from core.log import get_logger
from core.mysql_reading import SwiftConnection
from core.settings import get_settings

_log = get_logger(__name__)
_Made = TypeVar("_Made")
# MySQL and MariaDB: a deadlock whose victim we are, and a lock that did not come free. Both mean: nothing was written.
_NOTHING_WRITTEN = frozenset({1213, 1205})
_MOST_TRIES = 5
_FIRST_PAUSE_SECONDS = 0.02
_POOL: Mapping[str, Any] = {"pool_recycle": 1800}
# A connection that answered so lately is not asked whether it still does.
_TRUSTED_SECONDS = 2.0
_LEFT_AT = "billing_left_at"
_ON_COMMIT = "billing_on_commit"
_READ_ONLY = "billing_read_only"
_KEPT = "billing_kept"


class _OneRead(threading.local):
    """The read that this thread's reads are part of, and of which database."""

    session: Session | None = None
    database: "Database | None" = None


_one_read = _OneRead()


class db_now_ms(FunctionElement[int]):  # noqa: N801 -- reads as the SQL function it is
    """The database server's clock in whole milliseconds since 1970 (UTC); leases compare with nothing else."""

    type = BigInteger()
    inherit_cache = True


@compiles(db_now_ms, "sqlite")
def _now_ms_sqlite(_element: db_now_ms, _compiler: SQLCompiler, **_options: object) -> str:
    return "CAST(ROUND((julianday('now') - 2440587.5) * 86400000) AS INTEGER)"


@compiles(db_now_ms, "mysql", "mariadb")
def _now_ms_mysql(_element: db_now_ms, _compiler: SQLCompiler, **_options: object) -> str:
    return "CAST(UNIX_TIMESTAMP(NOW(3)) * 1000 AS SIGNED)"


class Database:
    """One database and the ways to use it; without `keeps_connections` each transaction opens one of its own."""

    def __init__(self, url: str | URL, *, keeps_connections: bool = True) -> None:
        self.url = make_url(url)
        self.engine = _engine(self.url, keeps_connections=keeps_connections)
        self._reading: Engine
        if self.is_sqlite:
            self._reading = self.engine.execution_options(**{_READ_ONLY: True})
        else:
            self._reading = _reading_engine(self.url, keeps_connections=keeps_connections)

    @property
    def is_sqlite(self) -> bool:
        """Whether this is the embedded default."""
        return self.url.get_backend_name() == "sqlite"

    @contextmanager
    def unit_of_work(self) -> Iterator[Session]:
        """Open the one transaction of an event, request or job: commit at the end, roll back on any error.

        On SQLite it takes the write lock at once, so two writers queue rather than fail at commit.
        Callables given to `on_commit` run after the commit, outside the transaction.
        """
        with Session(self.engine, expire_on_commit=False) as session:
            with session.begin():
                yield session
            for ring in session.info.pop(_ON_COMMIT, ()):
                ring()

    def transact(self, work: Callable[[Session], _Made]) -> _Made:
        """Run `work` in a unit of work, and the whole of it again where the database let a rival go first.

        Only a deadlock and a lock that was waited for in vain are tried again: the database has then written nothing.
        `work` must do nothing but read and write through its session, and change nothing of its own before the commit
        (`on_commit` is for that): what clicks, mails or ends a process stands before or after it.
        """
        for attempt in range(1, _MOST_TRIES):
            try:
                with self.unit_of_work() as session:
                    return work(session)
            except OperationalError as wrong:
                if (code := _error_code(wrong)) not in _NOTHING_WRITTEN:
                    raise
                _log.warning("database:tried_again", attempt=attempt, error_code=code)
                time.sleep(_FIRST_PAUSE_SECONDS * 2**attempt)
        with self.unit_of_work() as session:
            return work(session)

    @contextmanager
    def read_only(self) -> Iterator[Session]:
        """Read; nothing that is written inside is kept, and a database server refuses to write it.

        It never waits for a writer. On SQLite it sees one moment; on a server each statement sees what is committed.
        Rows read inside stay readable after the block, as they do after `unit_of_work`.
        """
        if _one_read.session is not None and _one_read.database is self:
            with _taken_back_when_wrong(_one_read.session) as session:
                yield session
            return
        # Its closing lets go of the rows first, which therefore do not expire, and takes back what was written.
        with Session(self._reading, expire_on_commit=False, info={_KEPT: {}}) as session:
            yield session

    @contextmanager
    def one_read(self) -> Iterator[None]:
        """Let every `read_only` of this thread be part of one, which keeps what `once` asked."""
        with self.read_only() as session:
            _one_read.session, _one_read.database = session, self
            try:
                yield
            finally:
                _one_read.session, _one_read.database = None, None

    def dispose(self) -> None:
        """Close the pools."""
        self.engine.dispose()
        self._reading.dispose()

    def leave_to_parent(self) -> None:
        """Let go of the connections that a forked process has from its parent, who goes on to use them."""
        self.engine.dispose(close=False)
        self._reading.dispose(close=False)


def on_commit(session: Session, ring: Callable[[], None]) -> None:
    """Run `ring` once the session's unit of work has committed; never when it rolls back."""
    session.info.setdefault(_ON_COMMIT, []).append(ring)


def once(session: Session, key: Hashable, ask: Callable[[], _Made]) -> _Made:
    """Return what `ask` gives; within one `read_only` it is asked once for a key, in a unit of work each time."""
    kept: dict[Hashable, Any] | None = session.info.get(_KEPT)
    if kept is None:
        return ask()
    if key not in kept:
        kept[key] = ask()
    made: _Made = kept[key]
    return made


@contextmanager
def _taken_back_when_wrong(session: Session) -> Iterator[Session]:
    """Let what comes after a statement that failed read on."""
    try:
        yield session
    except SQLAlchemyError:
        session.rollback()
        raise


def _error_code(wrong: OperationalError) -> object:
    """Return the database's own number of an error, as 1213; None where it gives none."""
    return next(iter(wrong.orig.args), None) if wrong.orig is not None else None


_overrides: list[Database] = []


@lru_cache(maxsize=1)
def _from_settings() -> Database:
    return Database(get_settings().database_url)


def get_database() -> Database:
    """Return the process's database, or the one a surrounding `use_database` put in its place."""
    return _overrides[-1] if _overrides else _from_settings()


@contextmanager
def use_database(database: Database) -> Iterator[Database]:
    """Make `database` the process's database for a block; for tests and commands with a database of their own."""
    _overrides.append(database)
    try:
        yield database
    finally:
        _overrides.remove(database)


@contextmanager
def unit_of_work() -> Iterator[Session]:
    """Open a unit of work on the process's database; see `Database.unit_of_work`."""
    with get_database().unit_of_work() as session:
        yield session


@contextmanager
def read_only() -> Iterator[Session]:
    """Open a read on the process's database; see `Database.read_only`."""
    with get_database().read_only() as session:
        yield session


def _engine(url: URL, *, keeps_connections: bool) -> Engine:
    if url.get_backend_name() != "sqlite":
        pool = {"pool_pre_ping": True, **_POOL} if keeps_connections else {"poolclass": NullPool}
        engine = create_engine(url, isolation_level="READ COMMITTED", **pool)
        event.listen(engine, "do_connect", _connect_swiftly)
        return engine
    if url.database and url.database != ":memory:":
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url) if keeps_connections else create_engine(url, poolclass=NullPool)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _reading_engine(url: URL, *, keeps_connections: bool) -> Engine:
    """Return an engine whose statements stand alone, as they do in READ COMMITTED, without words around them.

    A read of a transaction costs a ping before it and a rollback or two after it, as long as a small query each.
    """
    pool: Mapping[str, Any] = _POOL if keeps_connections else {"poolclass": NullPool}
    engine = create_engine(url, isolation_level="AUTOCOMMIT", skip_autocommit_rollback=True, **pool)
    event.listen(engine, "do_connect", _connect_swiftly)
    event.listen(engine, "connect", _refuse_to_write)
    event.listen(engine, "checkin", _note_when_left)
    event.listen(engine, "checkout", _check_when_idle)
    return engine


def _connect_swiftly(_dialect: object, _record: object, arguments: Any, named: Any) -> SwiftConnection:  # noqa: ANN401 -- the driver's own
    return SwiftConnection(*arguments, **named)


def _refuse_to_write(connection: Any, _record: object) -> None:  # noqa: ANN401 -- the driver's own connection
    with connection.cursor() as cursor:
        cursor.execute("SET SESSION TRANSACTION READ ONLY")


def _note_when_left(_connection: object, record: ConnectionPoolEntry) -> None:
    record.info[_LEFT_AT] = time.monotonic()


def _check_when_idle(connection: Any, record: ConnectionPoolEntry, _proxy: object) -> None:  # noqa: ANN401 -- as above
    if time.monotonic() - record.info.get(_LEFT_AT, float("inf")) < _TRUSTED_SECONDS:
        return
    try:
        connection.ping(reconnect=False)
    except (DriverError, OSError) as gone:
        raise DisconnectionError from gone


def _prepare_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401 -- the driver's own connection
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "busy_timeout=15000", "synchronous=NORMAL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    if not connection.get_execution_options().get(_READ_ONLY, False):
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        return
    # On the driver's own connection: it is the first word of nearly every event, and a deferred BEGIN cannot fail.
    cursor = connection.connection.cursor()
    cursor.execute("BEGIN")
    cursor.close()
