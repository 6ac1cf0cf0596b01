"""The tunnel passes bytes on as they are, says so when a site cannot be reached, and lets go of what is kept."""

import asyncio
import socket
import time
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread, Timer

import pytest

from carriers.tunnel import Tunnel, _host

pytestmark = pytest.mark.slow

_GREETING = bytes((5, 1, 0))
_BODY = bytes(range(256)) * 8192


class _Site(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", str(len(_BODY)))
        self.end_headers()
        parts = 20 if self.path == "/slowly" else 1
        size = -(-len(_BODY) // parts)
        for part in range(parts):
            self.wfile.write(_BODY[part * size : (part + 1) * size])
            time.sleep(0.01 if parts > 1 else 0)

    def log_message(self, *args):
        """Say nothing."""


@pytest.fixture(scope="module")
def site() -> Iterator[int]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Site) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


@pytest.fixture
def tunnel() -> Iterator[Tunnel]:
    opened = Tunnel()
    yield opened
    opened.stop()


def reach(tunnel: Tunnel, address: bytes, port: int, command: int = 1) -> tuple[socket.socket, int]:
    """Ask the tunnel for a connection; return it with what was answered."""
    line = socket.create_connection(("127.0.0.1", tunnel.port), timeout=10)
    line.sendall(_GREETING)
    assert line.recv(2) == bytes((5, 0))
    line.sendall(bytes((5, command, 0)) + address + port.to_bytes(2))
    return line, line.recv(10)[1]


def named(host: str) -> bytes:
    return bytes((3, len(host))) + host.encode()


def ask(line: socket.socket, path: str = "/") -> bytes:
    """Ask for the page and return its body."""
    line.sendall(f"GET {path} HTTP/1.1\r\nHost: site\r\n\r\n".encode())
    came = b""
    while not came.endswith(_BODY):
        came += line.recv(65536)
    return came.partition(b"\r\n\r\n")[2]


@pytest.mark.parametrize(
    "address",
    [
        pytest.param(named("127.0.0.1"), id="name"),
        pytest.param(named("portal.localhost"), id="name of this machine"),
        pytest.param(bytes((1, 127, 0, 0, 1)), id="address"),
    ],
)
def test_bytes_come_through_unaltered_on_a_kept_connection(tunnel, site, address):
    line, answer = reach(tunnel, address, site)
    with closing(line):
        assert answer == 0
        assert ask(line) == _BODY
        assert ask(line) == _BODY


async def test_a_long_address_is_read():
    asked = asyncio.StreamReader()
    asked.feed_data(bytes((0x20, 1, 0xD, 0xB8, *bytes(11), 7)))
    assert await _host(asked, 4) == "2001:db8::7"


def test_what_is_kept_ends_and_the_next_connection_works(tunnel, site):
    kept, _ = reach(tunnel, named("127.0.0.1"), site)
    ask(kept)
    tunnel.close_kept()
    with closing(kept):
        kept.settimeout(10)
        assert not reads(kept)
    fresh, answer = reach(tunnel, named("127.0.0.1"), site)
    with closing(fresh):
        assert answer == 0
        assert ask(fresh) == _BODY


def test_what_is_still_arriving_arrives_first(tunnel, site):
    line, _ = reach(tunnel, named("127.0.0.1"), site)
    with closing(line):
        closes = Timer(0.08, tunnel.close_kept)
        closes.start()
        assert ask(line, "/slowly") == _BODY
        closes.join()
        assert not reads(line)


def reads(line: socket.socket) -> bool:
    try:
        return line.recv(1) != b""
    except ConnectionResetError:
        return False


def test_a_site_that_cannot_be_reached_is_said_so(tunnel):
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
    line, answer = reach(tunnel, named("127.0.0.1"), port)
    with closing(line):
        assert answer == 4


def test_only_connecting_is_spoken(tunnel, site):
    line, answer = reach(tunnel, named("127.0.0.1"), site, command=2)
    with closing(line):
        assert answer == 7


def test_a_caller_that_breaks_off_harms_nobody(tunnel, site):
    for half in (b"", b"\x05", _GREETING, _GREETING + bytes((5, 1, 0, 3, 9)) + b"127"):
        with closing(socket.create_connection(("127.0.0.1", tunnel.port), timeout=10)) as line:
            line.sendall(half)
    line, answer = reach(tunnel, named("127.0.0.1"), site)
    with closing(line):
        assert (answer, ask(line)) == (0, _BODY)


def test_a_stopped_tunnel_listens_no_more():
    tunnel = Tunnel()
    tunnel.stop()
    tunnel.stop()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", tunnel.port), timeout=10)
