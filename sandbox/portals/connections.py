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


class DroppedReply(Response):
    """An answer that never comes: the connection is aborted before a byte of it is sent.

    Browsers send a request again, a post too, when this happens on a connection that served an earlier request. Without
    a real connection it raises ConnectionError.
    """

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - nothing is sent
        """Abort the visitor's connection and wait until the server has noticed."""
        _transport(scope).abort()
        await _until_gone(receive)


class CutReply(Response):
    """An answer that breaks off after its head, which no browser answers by sending the request again."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the head, then close the visitor's connection."""
        headers = [(b"content-type", b"text/html"), (b"content-length", b"4096")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"<!DOCTYPE html>", "more_body": True})
        _transport(scope).close()
        await _until_gone(receive)


def _transport(scope: Scope) -> asyncio.Transport:
    transport = _open.get(tuple(scope["client"]))
    if transport is None:
        raise ConnectionResetError
    return transport


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
