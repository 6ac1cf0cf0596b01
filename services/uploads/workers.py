"""Worker processes as their host knows them, so that 'provably dead' can be checked there and nowhere else."""

import os
import signal
import socket
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import cast

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from core.clock import now
from models import WorkerProcess

_PROC = Path("/proc")
_STATE, _START = 0, 19


@dataclass(frozen=True)
class ProcessIdentity:
    """One process of one boot of one machine. `process_start` is in clock ticks since that boot."""

    host: str
    boot_id: str
    pid: int
    process_start: str


def this_process() -> ProcessIdentity:
    """Return who we are. Where the system does not tell (no /proc), the parts are empty and prove nothing."""
    pid = os.getpid()
    fields = _stat(pid)
    return ProcessIdentity(_host(), _boot_id(), pid, fields[_START] if fields else "")


def register_worker(session: Session) -> int:
    """Return the row id of this process, written on first sight, also when several of its threads come at once."""
    me = asdict(this_process())
    mine = select(col(WorkerProcess.id)).filter_by(**me)
    found = session.scalars(mine).first()
    if found is not None:
        return found
    row = WorkerProcess(**me, started_at=now())
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        return cast("int", session.scalars(mine).one())
    return cast("int", row.id)


def is_provably_dead(session: Session, worker_id: int | None) -> bool:
    """Whether the worker can be shown, on this very machine and boot, to run no more.

    Another machine, another boot, or a system that does not tell: not proven, so False.
    """
    row = session.get(WorkerProcess, worker_id) if worker_id is not None else None
    if row is None or not row.boot_id or (row.host, row.boot_id) != (_host(), _boot_id()):
        return False
    fields = _stat(row.pid)
    return fields is None or fields[_START] != row.process_start or _is_zombie(row.pid, fields)


def end_worker(session: Session, worker_id: int | None) -> bool:
    """End a worker that lost its lease and does not know it yet; True when it has ended or is ending now.

    Only one of this machine and boot can be ended, by exactly the process it was registered as, and never ourselves.
    Its browser ends with it; what it had sent before may still arrive at the site.
    """
    row = session.get(WorkerProcess, worker_id) if worker_id is not None else None
    if row is None or not row.boot_id or (row.host, row.boot_id) != (_host(), _boot_id()) or row.pid == os.getpid():
        return False
    try:
        handle = os.pidfd_open(row.pid)
    except OSError:
        return is_provably_dead(session, worker_id)
    try:
        fields = _stat(row.pid)  # read with the handle open: the process id cannot be given away in between
        if fields is not None and fields[_START] == row.process_start:
            signal.pidfd_send_signal(handle, signal.SIGKILL)
    except OSError:
        return is_provably_dead(session, worker_id)
    finally:
        os.close(handle)
    return True


def _host() -> str:
    """The host's name with the namespace of its process ids: two containers of one name are two hosts."""
    try:
        namespace = (_PROC / "self/ns/pid").readlink().name
    except OSError:
        namespace = ""
    return f"{socket.gethostname()}/{namespace}"[:120]


def _boot_id() -> str:
    try:
        return (_PROC / "sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return ""


def _stat(pid: int) -> list[str] | None:
    """Return the fields of /proc/PID/stat from the state on; the name before may hold spaces and brackets."""
    try:
        text = (_PROC / str(pid) / "stat").read_text()
    except OSError:
        return None
    return text.rpartition(")")[2].split()


def _is_zombie(pid: int, fields: list[str]) -> bool:
    """Whether nothing of the process runs; the main thread may be gone while others still work."""
    try:
        return fields[_STATE] in {"Z", "X"} and len(list((_PROC / str(pid) / "task").iterdir())) <= 1
    except OSError:
        return True
