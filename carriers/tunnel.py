"""A relay on loopback through which one browser reaches its sites, so that kept connections can be closed for certain.

It speaks as much SOCKS 5 (RFC 1928) as Chromium asks of it: connecting to a name or an address, without a log-in.
"""

import asyncio
import socket
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from ipaddress import ip_address

_LOOPBACK = "127.0.0.1"
_VERSION = 5
_CONNECT = 1
_DONE, _UNREACHABLE, _NOT_SPOKEN = 0, 4, 7
_IPV4, _NAME, _IPV6 = 1, 3, 4
_NO_LOG_IN = bytes((_VERSION, 0))
_CHUNK = 256 * 1024
_STOP_SECONDS = 5.0
_QUIET_SECONDS, _WAITS = 0.03, 30
_NEXT_ADDRESS_SECONDS = 0.25


class Tunnel:
    """The relay of one browser, on a thread of its own; it ends with the process.

    Attributes:
        port: where it listens, on 127.0.0.1.
    """

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._ending = asyncio.Event()
        self._moved_at = 0.0
        self._relays: set[asyncio.Task[None]] = set()
        self._kept: set[asyncio.WriteTransport] = set()
        listening = socket.create_server((_LOOPBACK, 0))
        self.port = int(listening.getsockname()[1])
        self._thread = threading.Thread(target=self._run, args=(listening,), name="browser-tunnel", daemon=True)
        self._thread.start()

    def close_kept(self) -> None:
        """Close every connection that is open now; the next request must open one of its own.

        What is still arriving gets a moment to arrive, so that a page is not cut off from its own parts.

        Raises:
            TimeoutError: it cannot be said that they are closed.
        """
        asyncio.run_coroutine_threadsafe(self._let_go(), self._loop).result(_STOP_SECONDS)

    def stop(self) -> None:
        """Close everything and end the thread; safe to call twice."""
        with suppress(RuntimeError):  # the loop is closed already
            self._loop.call_soon_threadsafe(self._ending.set)
        self._thread.join(_STOP_SECONDS)

    def _run(self, listening: socket.socket) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._serve(listening))

    async def _serve(self, listening: socket.socket) -> None:
        server = await asyncio.start_server(self._relay, sock=listening, limit=_CHUNK)
        await self._ending.wait()
        server.close()
        self._abort_all()  # what could not be passed on any more keeps nobody waiting
        for one in self._relays:
            one.cancel()
        await asyncio.gather(*self._relays, return_exceptions=True)

    async def _let_go(self) -> None:
        for _ in range(_WAITS):
            still = self._moved_at + _QUIET_SECONDS - self._loop.time()
            if still <= 0:
                break
            await asyncio.sleep(still)
        self._abort_all()

    def _abort_all(self) -> None:
        for transport in self._kept:
            transport.abort()

    async def _relay(self, near: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        """Serve one connection of the browser to its end."""
        if (task := asyncio.current_task()) is not None:
            self._relays.add(task)
            task.add_done_callback(self._relays.discard)
        async with self._holding(back):
            try:
                far, out = await self._connected(near, back)
            except (OSError, asyncio.IncompleteReadError, UnicodeError):
                return
            async with self._holding(out):
                if back.transport.is_closing():  # closed while the site was being reached
                    out.transport.abort()
                await asyncio.gather(self._pour(near, out, out.close), self._pour(far, back, back.write_eof))

    async def _pour(self, source: asyncio.StreamReader, into: asyncio.StreamWriter, end: Callable[[], None]) -> None:
        """Pass on what comes until it ends; a side that breaks off ends the other at once."""
        try:
            while some := await source.read(_CHUNK):
                self._moved_at = self._loop.time()
                into.write(some)
                await into.drain()
            end()
        except OSError:
            into.transport.abort()

    @asynccontextmanager
    async def _holding(self, writer: asyncio.StreamWriter) -> AsyncIterator[None]:
        self._kept.add(writer.transport)
        try:
            yield
        finally:
            self._kept.discard(writer.transport)
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    @staticmethod
    async def _connected(
        near: asyncio.StreamReader, back: asyncio.StreamWriter
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        _, methods = await near.readexactly(2)
        await near.readexactly(methods)
        back.write(_NO_LOG_IN)
        _, command, _, kind = await near.readexactly(4)
        host = await _host(near, kind)
        port = int.from_bytes(await near.readexactly(2))
        if command != _CONNECT:
            back.write(_answer(_NOT_SPOKEN))
            raise ConnectionError
        try:
            found = await asyncio.open_connection(host, port, limit=_CHUNK, happy_eyeballs_delay=_NEXT_ADDRESS_SECONDS)
        except OSError:
            back.write(_answer(_UNREACHABLE))
            raise
        back.write(_answer(_DONE))
        return found


async def _host(near: asyncio.StreamReader, kind: int) -> str:
    if kind == _NAME:
        (length,) = await near.readexactly(1)
        name = (await near.readexactly(length)).decode("ascii")
        return _LOOPBACK if name == "localhost" or name.endswith(".localhost") else name  # RFC 6761
    return str(ip_address(await near.readexactly(16 if kind == _IPV6 else 4)))


def _answer(code: int) -> bytes:
    """Return what the browser is told; the address it asks for is of no use to it."""
    return bytes((_VERSION, code, 0, _IPV4)) + bytes(6)
