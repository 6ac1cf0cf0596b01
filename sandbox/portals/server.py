"""Runs the sites and their control port on two sockets of 127.0.0.1, in one event loop."""

import asyncio
import contextlib
import signal
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp

from sandbox.portals.connections import CuttableProtocol
from sandbox.portals.control import control_app
from sandbox.portals.hosts import Portals
from sandbox.portals.post_office import PostOffice
from sandbox.portals.store import Store
from sandbox.portals.world import World

_HOST = "127.0.0.1"
_BACKLOG = 512
_MAIL_SECONDS = 0.5


class _QuietServer(uvicorn.Server):
    """A server that says when it answers, and leaves the signals to whoever runs it, since there are two."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.answers = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and say so."""
        await super().startup(sockets)
        self.answers.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals alone."""
        yield


@dataclass(slots=True)
class PortalServer:
    """Both servers. Port 0 takes a free port; the chosen ones are known once the object exists."""

    world: World
    folder: Path
    port: int = 0
    control_port: int = 0
    latency_ms: int = 0
    processing_ms: int = 100
    mail_folder: Path | None = None
    _servers: list[_QuietServer] = field(default_factory=list)
    _sockets: list[socket.socket] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Take the ports."""
        self._sockets = [_listen(self.port), _listen(self.control_port)]
        self.port, self.control_port = (one.getsockname()[1] for one in self._sockets)

    async def run(self, ready: Callable[[], None]) -> None:
        """Serve until `stop` is called; `ready` is called once both ports answer."""
        store = Store(self.folder)
        portals = Portals(self.world, store, self.latency_ms, self.processing_ms, mail_folder=self.mail_folder)
        self._servers = [_server(portals.app()), _server(control_app(portals))]
        serving = [
            asyncio.create_task(server.serve([one])) for server, one in zip(self._servers, self._sockets, strict=True)
        ]
        try:
            for server in self._servers:
                await server.answers.wait()
            ready()
            mailing = asyncio.create_task(_mail(portals.post_office))
            mailing.add_done_callback(lambda _: self.stop())
            await asyncio.gather(*serving)
            if mailing.done():  # it ends by a failure only
                mailing.result()
            mailing.cancel()
        finally:
            store.close()

    def stop(self) -> None:
        """Ask both servers to finish."""
        for server in self._servers:
            server.should_exit = True

    def serve_until_told(self) -> None:
        """Serve in this process until SIGTERM or SIGINT, and print one line when ready."""
        asyncio.run(self.run_until_told(self._announce))

    async def run_until_told(self, ready: Callable[[], None]) -> None:
        """Serve until SIGTERM or SIGINT; `ready` is called once both ports answer."""
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, self.stop)
        await self.run(ready)

    def _announce(self) -> None:
        print(f"portals ready port={self.port} control={self.control_port}", flush=True)


async def _mail(post_office: PostOffice) -> None:
    """Send result mails as their time comes."""
    while True:
        post_office.deliver_due()
        await asyncio.sleep(_MAIL_SECONDS)


def _listen(port: int) -> socket.socket:
    """Listen on loopback. The protocol is named because asyncio turns Nagle's delay (40 ms a page) off only then."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((_HOST, port))
    listener.listen(_BACKLOG)
    return listener


def _server(app: ASGIApp) -> _QuietServer:
    config = uvicorn.Config(
        app,
        http=CuttableProtocol,
        ws="none",
        lifespan="off",
        access_log=False,
        log_level="warning",
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=60,
        timeout_graceful_shutdown=2,
    )
    return _QuietServer(config)
