"""The portal served by two processes behind nginx, as docs/serving.md says."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import httpx
import psutil

from benchmarks.busy_firm import SERVER
from sandbox.stage.processes import Processes
from tests.billing_app.portal import Portal, environment, peopled
from tests.servers import running_front, unused_port

_APP = "tests.billing_app.planted_app:serve"


@dataclass
class FrontedPortal(Portal):
    """A portal whose address is that of its front; its processes are known by their ports."""

    ports: tuple[int, ...]
    programs: Processes

    def start(self, *ports: int) -> None:
        """Start processes and wait until they answer."""
        for port in ports:
            self.programs.start(str(port), sys.executable, *SERVER, "--workers", "1", "--port", str(port), _APP)
        for port in ports:
            self.programs.wait_for(str(port), partial(_is_up, port))

    def stop(self, port: int) -> None:
        """End one process."""
        self.programs.stop(str(port))

    def port_of(self, pid: int) -> int:
        """Return the port of the process with this id; the server beside it is its parent."""
        parents = {parent.pid for parent in psutil.Process(pid).parents()}
        return next(port for port in self.ports if parents & set(self.programs.pids(str(port))))


@contextmanager
def fronted_portal(home: Path) -> Iterator[FrontedPortal]:
    """Serve it from a folder of its own until the block ends."""
    database, ports, address = peopled(home), (unused_port(), unused_port()), unused_port()
    served = Portal(f"http://localhost:{address}", database, home / "logs")
    settings = environment(home, served) | {"REFLEX_TRUSTED_PROXY_HOPS": "1"}
    try:
        with Processes(served.log, settings) as programs, running_front(ports, address):
            portal = FrontedPortal(served.url, database, served.log, ports, programs)
            portal.start(*ports)
            yield portal
    finally:
        database.dispose()


def _is_up(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/healthz", timeout=2).status_code == httpx.codes.OK
    except httpx.TransportError:
        return False
