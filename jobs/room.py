"""Room for a browser: a worker takes nothing up while its machine is short of memory."""

import fcntl
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from core.settings import Settings

_KB, _MB = 1024, 1024 * 1024
_GROWING_SECONDS = 10.0


def _folder() -> Path:
    return Path(tempfile.gettempdir()) / f"billing-room-{os.getuid()}"


@dataclass(frozen=True)
class Room:
    """The memory of this machine, or of the container that limits us.

    A browser needs seconds to grow, so one that was let in just now is reckoned with although it does not show yet.
    Each is known by a file in `folder` that stays locked while its worker lives.

    Attributes:
        browser_mb: what one browser is reckoned with, in MiB; 0 lets everybody in.
    """

    browser_mb: int
    folder: Path = field(default_factory=_folder)
    meminfo: Path = Path("/proc/meminfo")
    cgroup: Path = Path("/sys/fs/cgroup")

    @contextmanager
    def reserve(self) -> Iterator[bool]:
        """Take room for one browser until the end of the block; False when there is none now."""
        self.folder.mkdir(mode=0o700, exist_ok=True)
        with (self.folder / f"{os.getpid()}.browser").open("w") as mine:
            with _locked(self.folder / "door"):
                has_room = self._has_room()
                if has_room:
                    fcntl.flock(mine, fcntl.LOCK_EX)
            try:
                yield has_room
            finally:
                Path(mine.name).unlink(missing_ok=True)

    def available_mb(self) -> int:
        """Return the MiB that can be had without swapping, within the container's limit where there is one."""
        return min(_machine_bytes(self.meminfo), _container_bytes(self.cgroup)) // _MB

    def _has_room(self) -> bool:
        return self.available_mb() >= self.browser_mb * (1 + self._growing()) if self.browser_mb else True

    def _growing(self) -> int:
        """Count the browsers that were let in a moment ago; forget files whose worker is gone."""
        young = 0
        for path in self.folder.glob("*.browser"):
            if not _is_held(path):
                if path.name != f"{os.getpid()}.browser":
                    path.unlink(missing_ok=True)
            elif time.time() - path.stat().st_mtime < _GROWING_SECONDS:
                young += 1
        return young


def room_of(settings: Settings) -> Room:
    """Return the room of this machine; the browsers of a Grid take none here."""
    return Room(0 if settings.selenium_remote_url else settings.browser_memory_mb)


@contextmanager
def _locked(path: Path) -> Iterator[TextIO]:
    with path.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield handle


def _is_held(path: Path) -> bool:
    try:
        with path.open() as handle:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except FileNotFoundError:
        return False
    return False


def _machine_bytes(meminfo: Path) -> int:
    """Return the kernel's own estimate; without one, nothing is known and nothing is refused."""
    try:
        lines = meminfo.read_text().splitlines()
    except OSError:
        return _unlimited()
    found = next((line for line in lines if line.startswith("MemAvailable:")), None)
    return int(found.split()[1]) * _KB if found else _unlimited()


def _container_bytes(cgroup: Path) -> int:
    """Return what the limit leaves; the page cache can be taken back, so it does not count as used."""
    try:
        limit = (cgroup / "memory.max").read_text().strip()
        used = int((cgroup / "memory.current").read_text())
        statistics = dict(line.split() for line in (cgroup / "memory.stat").read_text().splitlines())
    except OSError:
        return _unlimited()
    return _unlimited() if limit == "max" else int(limit) - used + int(statistics.get("inactive_file", 0))


def _unlimited() -> int:
    return 1 << 60
