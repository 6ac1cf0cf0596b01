"""Minds one chromedriver: when the worker dies, however it dies, everything below it dies within a second.

Run as a program of its own (`python -I minder.py PARENT_PID PRIVATE_FOLDER LOG COMMAND...`), so that a worker killed
with SIGKILL leaves neither chromedriver nor Chromium nor the browser's private folder behind. It is a subreaper:
processes that Chromium detaches come back to it.
"""

import ctypes
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36
_LOOK_AGAIN_SECONDS = 0.5
_GIVE_UP_SECONDS = 5.0
_LIBC = ctypes.CDLL(None, use_errno=True)


def main(arguments: list[str]) -> int:
    """Start the command, wait for its end, the parent's end or SIGTERM, then leave nothing behind."""
    parent, private, log = int(arguments[0]), Path(arguments[1]), Path(arguments[2])
    watched = {signal.SIGTERM, signal.SIGINT, signal.SIGUSR1, signal.SIGCHLD}
    signal.pthread_sigmask(signal.SIG_BLOCK, watched)
    _LIBC.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGUSR1, 0, 0, 0)
    try:
        with log.open("wb") as output:
            child = subprocess.Popen(
                arguments[3:],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                preexec_fn=_die_with_minder,  # noqa: PLW1509 -- single thread
            )
        _wait(child, parent, watched)
    finally:
        kill_descendants(os.getpid())
        shutil.rmtree(private, ignore_errors=True)
    return 0


def descendants(root: int) -> list[int]:
    """Return the ids of every living process below `root`, parents before children."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (parent := _parent_of(entry)) is not None:
            children.setdefault(parent, []).append(int(entry.name))
    found = list(children.get(root, ()))
    for pid in found:
        found.extend(children.get(pid, ()))
    return found


def kill_descendants(root: int) -> None:
    """SIGKILL everything below `root` until nothing is left; children of the caller are reaped."""
    give_up = time.monotonic() + _GIVE_UP_SECONDS
    while (left := descendants(root)) and time.monotonic() < give_up:
        for pid in left:
            _kill(pid)
        _reap()
        time.sleep(0.01)


def _wait(child: "subprocess.Popen[bytes]", parent: int, watched: set[signal.Signals]) -> None:
    while child.poll() is None and os.getppid() == parent:
        heard = signal.sigtimedwait(watched, _LOOK_AGAIN_SECONDS)
        if heard is not None and heard.si_signo in {signal.SIGTERM, signal.SIGINT}:
            return


def _die_with_minder() -> None:
    signal.pthread_sigmask(signal.SIG_SETMASK, set())
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def _parent_of(entry: Path) -> int | None:
    try:
        state, parent = (entry / "stat").read_text().rpartition(")")[2].split()[:2]
    except OSError:
        return None
    return None if state == "Z" else int(parent)


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def _reap() -> None:
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        return


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
