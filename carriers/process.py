"""A local chromedriver under its minder: started on a free port, killed whole, never outliving this process."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from carriers import minder

_READY = re.compile(rb"started successfully on port (\d+)")
_START_SECONDS = 20.0
_STOP_SECONDS = 3.0
_FOLDER = "billing-browser-"


class DriverNotStartedError(Exception):
    """The chromedriver or Chromium is not there, or did not come up; the text says which."""


class DriverProcess:
    """One chromedriver in a process group of its own, with a private folder that goes when it goes.

    `environment` is what it and the browser find in their environment beside our own.

    Attributes:
        folder: private folder (mode 0700) for the browser's profile, downloads and outgoing files.
        url: where it listens, on loopback.
    """

    def __init__(self, chromedriver: str, chromium: str, environment: Mapping[str, str]) -> None:
        for program in (chromedriver, chromium):
            if shutil.which(program) is None:
                message = f"{program} is not installed"
                raise DriverNotStartedError(message)
        _sweep()
        self.folder = Path(tempfile.mkdtemp(prefix=f"{_FOLDER}{os.getpid()}-"))
        self._log = self.folder / "chromedriver.log"
        self._process = self._start(chromedriver, environment)
        try:
            self.url = f"http://127.0.0.1:{self._port()}"
        except DriverNotStartedError:
            self.kill()
            raise

    @property
    def is_alive(self) -> bool:
        """Whether the minder, and so its chromedriver, still runs."""
        return self._process.poll() is None

    @property
    def pid(self) -> int:
        """Process id of the minder; the browser's processes are below it."""
        return self._process.pid

    def kill(self) -> None:
        """Kill everything and remove the folder; safe to call twice and from any thread."""
        if self.is_alive:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                minder.kill_descendants(self.pid)
                self._process.kill()
                self._process.wait(_STOP_SECONDS)
        _remove(self.folder)

    def _start(self, chromedriver: str, environment: Mapping[str, str]) -> "subprocess.Popen[bytes]":
        command = [chromedriver, "--port=0", "--log-level=SEVERE"]
        return subprocess.Popen(
            [sys.executable, "-I", "-S", minder.__file__, str(os.getpid()), str(self.folder), str(self._log), *command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            env={**os.environ, "SE_OFFLINE": "true", "TMPDIR": str(self.folder), **environment},
        )

    def _port(self) -> int:
        give_up = time.monotonic() + _START_SECONDS
        while time.monotonic() < give_up and self.is_alive:
            if self._log.exists() and (found := _READY.search(self._log.read_bytes())):
                return int(found[1])
            time.sleep(0.01)
        message = "chromedriver did not start"
        raise DriverNotStartedError(message)


def _remove(folder: Path) -> None:
    """Remove a folder into which a dying browser may still write."""
    give_up = time.monotonic() + _STOP_SECONDS
    while folder.exists() and time.monotonic() < give_up:
        shutil.rmtree(folder, ignore_errors=True)
        time.sleep(0.01)


def _sweep() -> None:
    """Remove folders of processes that are gone: they hold the cookies of a signed-in session."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_FOLDER}*-*"):
        owner = folder.name.removeprefix(_FOLDER).partition("-")[0]
        if owner.isdigit() and not Path(f"/proc/{owner}").exists():
            shutil.rmtree(folder, ignore_errors=True)
