"""A browser tab without a browser: opens the portal's socket, sends any event, keeps what comes back."""

import asyncio
import contextlib
import json
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import socketio

STATE = "reflex___state____state"
HYDRATE = f"{STATE}.hydrate_and_load"
PLANTED = f"{STATE}.tests___billing_app___planted_app____planted"
_NAMESPACE = "/_event"


class Tab:
    """One tab; `received` holds every update as text, so that a test can look for anything in it."""

    def __init__(self, token: str, http: aiohttp.ClientSession) -> None:
        self.token = token
        self.received: list[str] = []
        self._news = asyncio.Event()
        self._socket = socketio.AsyncClient(reconnection=False, http_session=http)
        self._socket.on("event", self._keep, namespace=_NAMESPACE)
        self._socket.on("new_token", self._keep, namespace=_NAMESPACE)

    async def open(self, url: str, headers: dict[str, str]) -> None:
        """Connect as a browser would."""
        await self._socket.connect(
            f"{url}/?token={self.token}",
            headers=headers,
            transports=["websocket"],
            socketio_path=_NAMESPACE,
            namespaces=[_NAMESPACE],
            wait_timeout=20,
        )

    async def close(self) -> None:
        """Disconnect."""
        await self._socket.disconnect()

    async def hang_up(self) -> None:
        """Wait until the other end has closed the socket."""
        await asyncio.wait_for(self._socket.wait(), 20)

    async def send(self, name: str, path: str = "/nowhere", patience: float = 6.0, **payload: Any) -> str:
        """Send an event and return its updates; silence is taken for the answer after `patience` seconds."""
        seen = len(self.received)
        place = {"pathname": path.partition("?")[0], "asPath": path, "query": {}}
        event = {"name": name, "payload": payload, "router_data": place}
        await self._socket.emit("event", event, namespace=_NAMESPACE)
        return await self.listen(seen, patience)

    async def listen(self, seen: int, patience: float) -> str:
        """Return what came after the first `seen` updates, once there is something and then a moment's quiet."""
        until = time.monotonic() + patience
        while time.monotonic() < until and len(self.received) == seen:
            await self._arrived(0.1)
        count = -1
        while patience and count != len(self.received):
            count = len(self.received)
            await self._arrived(0.25)
        return "\n".join(self.received[seen:])

    async def _arrived(self, seconds: float) -> None:
        self._news.clear()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._news.wait(), seconds)

    async def _keep(self, update: Any) -> None:
        self.received.append(json.dumps(update))
        self._news.set()


@asynccontextmanager
async def tab(url: str, cookie: str = "", *, token: str = "", origin: str = "") -> AsyncIterator[Tab]:
    """Open a tab for a block; without a cookie it is nobody's."""
    headers = {"Origin": origin or url} | ({"Cookie": cookie} if cookie else {})
    # A session of our own, because a refused connection leaves the client's unclosed.
    async with aiohttp.ClientSession() as http:
        opened = Tab(token or str(uuid.uuid4()), http)
        await opened.open(url, headers)
        try:
            yield opened
        finally:
            await opened.close()
