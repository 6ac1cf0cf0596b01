"""A real HTTP server on loopback that keeps what is posted to it, and answers, or does not, as a test tells it."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class WebServer:
    """A running server: what was posted, and what it answers; it may also break off, or keep silent."""

    port: int = 0
    posted: list[tuple[str, bytes]] = field(default_factory=list)
    status: int = 200
    body: str = "ok"
    breaks_off: bool = False
    is_silent: bool = False
    stopped: threading.Event = field(default_factory=threading.Event)

    @property
    def host(self) -> str:
        """The server as addresses name it."""
        return f"127.0.0.1:{self.port}"

    def url(self, path: str) -> str:
        """Return the address of a path."""
        return f"http://{self.host}{path}"


@contextmanager
def running_web_server() -> Iterator[WebServer]:
    """Start a server on a free port."""
    web = WebServer()

    class Handler(BaseHTTPRequestHandler):
        """Keeps and answers one request."""

        def do_POST(self) -> None:
            """Take what is posted."""
            content = self.rfile.read(int(self.headers.get("content-length", "0")))
            web.posted.append((self.path, content))
            if web.is_silent:
                web.stopped.wait(20)
            if web.breaks_off or web.is_silent:
                self.connection.shutdown(socket.SHUT_RDWR)
                self.close_connection = True
                return
            self.send_response(web.status)
            self.send_header("content-length", str(len(web.body.encode())))
            self.end_headers()
            self.wfile.write(web.body.encode())

        def log_message(self, *_args: object) -> None:
            """Say nothing on the console."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    web.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield web
    finally:
        web.stopped.set()
        server.shutdown()
        thread.join()
        server.server_close()
