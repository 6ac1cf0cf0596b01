"""A browser tab on the wire: the socket's packets read as text, so that many tabs cost their process little."""

import asyncio
import json
import time
import uuid
from collections.abc import Mapping
from typing import Any, Self

import aiohttp

_ROOM = "/_event,"
_OPENED, _PING, _PONG = "40" + _ROOM, "2", "3"
_EVENT = "42" + _ROOM
STATE = "reflex___state____state"
_HYDRATE = f"{STATE}.hydrate_and_load"
_LOADED, _FINE = '"is_loading_rx_state_":false', '"failure_rx_state_":""'
_PATIENCE, _SETTLE = 30.0, 1.5


class SilentPortalError(RuntimeError):
    """An event was not answered with the rows it asks for."""


def state_name(module: str, name: str) -> str:
    """Return the full name of a page's state, as in ('state.audit', 'audit_trail')."""
    return f"{STATE}.{module.replace('.', '___')}____{name}"


class Tab:
    """One tab of one session, on one page whose state is `state`; an async context."""

    def __init__(self, http: aiohttp.ClientSession, url: str, cookie: str, *, path: str, state: str) -> None:
        self._http = http
        self._url = url
        self._cookie = cookie
        self._path = path
        self._state = state
        self._answered = asyncio.Event()
        self._answer = ""

    async def __aenter__(self) -> Self:
        headers = {"Origin": self._url, "Cookie": self._cookie}
        address = f"{self._url}/_event/?token={uuid.uuid4()}&EIO=4&transport=websocket"
        self._socket = await self._http.ws_connect(address, headers=headers, max_msg_size=0)
        await self._socket.receive_str()
        await self._socket.send_str(_OPENED)
        self._reader = asyncio.create_task(self._read())
        await self._ask(_HYDRATE, {}, self._state)
        # The page's watcher reads once more by itself; its rows are no answer to what comes next.
        await asyncio.sleep(_SETTLE)
        return self

    async def __aexit__(self, *_error: object) -> None:
        self._reader.cancel()
        await self._socket.close()

    async def send(self, handler: str, payload: Mapping[str, Any]) -> float:
        """Send one event of the page's state and return the seconds until its rows were here.

        Raises:
            SilentPortalError: they did not come, or the page says that something failed.
        """
        return await self._ask(f"{self._state}.{handler}", payload, self._state)

    async def _ask(self, name: str, payload: Mapping[str, Any], expected: str) -> float:
        self._expected = f'"{expected}":{{'
        self._answered.clear()
        begun = time.perf_counter()
        await self._post(name, payload)
        try:
            async with asyncio.timeout(_PATIENCE):
                await self._answered.wait()
        except TimeoutError:
            raise SilentPortalError(f"{name} was not answered; the last words were {self._answer[:300]}") from None
        seconds = time.perf_counter() - begun
        if _FINE not in self._answer:
            raise SilentPortalError(f"{name} was answered with {self._answer[:300]}")
        return seconds

    async def _post(self, name: str, payload: Mapping[str, Any]) -> None:
        place = {"pathname": self._path.partition("?")[0], "asPath": self._path, "query": {}}
        await self._socket.send_str(
            _EVENT + json.dumps(["event", {"name": name, "payload": payload, "router_data": place}])
        )

    async def _read(self) -> None:
        async for message in self._socket:
            if message.data == _PING:
                await self._socket.send_str(_PONG)
            else:
                self._hear(message.data)

    def _hear(self, text: str) -> None:
        if not self._answered.is_set():
            self._answer = text
            if self._expected in text and _LOADED in text:
                self._answered.set()
