"""The heartbeat: it renews a worker's leases, and keeps the deadline before which the worker may still click."""

import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

from sqlalchemy.exc import SQLAlchemyError

from core.db import Database
from core.errors import FencedError
from core.log import get_logger
from services.uploads.leases import AccountLease, FileLease, renew

_log = get_logger(__name__)
_MARGIN = 0.2
_WATCH_SECONDS = 0.25
_TRIES_A_BEAT = 10


class LeaseKeeper:
    """Renews an account's lease and the lease of the file in hand, in its own database sessions.

    The deadline is on this machine's monotonic clock: the start of the last renewal plus the lease, less a
    margin of a fifth. It goes on while the process is frozen, so a thawed worker knows that it is late.
    A renewal that fails, by a deadlock or a line that was cut, is tried again and again until then. The deadline is
    watched from a thread of its own, so it is kept while a renewal hangs.
    `on_lost` is called once, from that thread, when the deadline passes or another worker has taken over:
    it ends the browser, whatever the main thread is doing.
    """

    def __init__(
        self,
        database: Database,
        lease: AccountLease,
        *,
        lease_seconds: float,
        heartbeat_seconds: float,
        taken_at: float,
        on_lost: Callable[[], None],
    ) -> None:
        self._database = database
        self._lease = lease
        self._lease_seconds = lease_seconds
        self._heartbeat_seconds = heartbeat_seconds
        self._on_lost = on_lost
        self._file: FileLease | None = None
        self._file_deadline = 0.0
        self._account_deadline = self._deadline_from(taken_at)
        self._lost = False
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._threads = [
            threading.Thread(target=work, name=name, daemon=True)
            for name, work in (("lease-keeper", self._renew), ("lease-watch", self._watch))
        ]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join(timeout=self._lease_seconds)

    @property
    def is_lost(self) -> bool:
        """Whether the work must stop: the deadline has passed or another worker has taken over."""
        return self._lost or time.monotonic() >= self._deadline()

    def hold(self, file: FileLease, taken_at: float) -> None:
        """Renew this file's lease too; it was taken at `taken_at` on the monotonic clock."""
        with self._lock:
            self._file, self._file_deadline = file, self._deadline_from(taken_at)

    def drop(self) -> None:
        """Stop renewing a file's lease."""
        with self._lock:
            self._file = None

    def check(self) -> None:
        """Go on only while the leases certainly hold.

        Raises:
            FencedError: they may have run out; click nothing, write nothing.
        """
        if self.is_lost:
            message = "The lease of this file may have run out, so nothing was clicked. Another worker looks after it."
            raise FencedError(message, site_account_id=self._lease.site_account_id)

    def _deadline_from(self, start: float) -> float:
        return start + self._lease_seconds * (1 - _MARGIN)

    def _deadline(self) -> float:
        with self._lock:
            if self._file is None:
                return self._account_deadline
            return min(self._account_deadline, self._file_deadline)

    def _watch(self) -> None:
        while not self._over.wait(_WATCH_SECONDS):
            if self.is_lost:
                self._lost = True
                self._on_lost()
                return

    def _renew(self) -> None:
        wait = self._heartbeat_seconds
        while not self._over.wait(wait) and not self.is_lost:
            wait = self._heartbeat_seconds if self._beat() else self._heartbeat_seconds / _TRIES_A_BEAT

    def _beat(self) -> bool:
        """Renew once; False when the database did not let us."""
        start = time.monotonic()
        with self._lock:
            file = self._file
        try:
            with self._database.unit_of_work() as session:
                held = renew(session, self._lease, file, int(self._lease_seconds * 1000))
        except SQLAlchemyError as away:
            _log.warning("lease:not_renewed", reason=type(away).__name__, site_account_id=self._lease.site_account_id)
            return False
        self._note(file, start, held=held)
        return True

    def _note(self, file: FileLease | None, start: float, *, held: bool) -> None:
        """Take in one renewal; a file that was finished meanwhile says nothing about the account."""
        with self._lock:
            if held:
                self._account_deadline = self._deadline_from(start)
                if file is not None and file == self._file:
                    self._file_deadline = self._deadline_from(start)
            elif file is None or file == self._file:
                self._lost = True
