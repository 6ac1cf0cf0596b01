"""Cutting a connection without an answer, as a failing network does."""

import asyncio

from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

_open: dict[tuple[str, int], asyncio.Transport] = {}


class CuttableProtocol(H11Protocol):
    """HTTP connections that remember their transport, so that a page can cut its own."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's own
        """Remember the connection."""
        super().connection_made(transport)
        if self.client is not None:
            _open[self.client] = transport

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        if self.client is not None:
            _open.pop(self.client, None)
        super().connection_lost(exc)


class CutConnection(Response):
    """An answer that never comes: the connection is aborted. Without a real connection it raises ConnectionError."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - nothing is sent
        """Abort the visitor's connection and wait until the server has noticed."""
        transport = _open.get(tuple(scope["client"]))
        if transport is None:
            raise ConnectionResetError
        transport.abort()
        while (await receive())["type"] != "http.disconnect":
            pass
