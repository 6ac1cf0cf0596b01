"""Two processes behind nginx: a session's tabs and uploads come to the same one, and to the other when it is gone."""

import asyncio
import json
import re
import uuid
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager

import aiohttp
import httpx
import pytest
from socketio.exceptions import ConnectionError as SocketRefusedError

from billing_app.doorway import _LARGEST_BODY, _LARGEST_UPLOAD
from tests.billing_app.fronted import FrontedPortal, fronted_portal
from tests.billing_app.planted import SECRET
from tests.billing_app.socket_client import HYDRATE, PLANTED, Tab, tab

pytestmark = pytest.mark.slow

MANY, SOME = 24, 6
PROCESS = re.compile(r"process=(\d+)")


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FrontedPortal]:
    """Serve the portal by two processes behind the front."""
    with fronted_portal(tmp_path_factory.mktemp("fronted")) as served:
        yield served


async def process_of(opened: Tab) -> int:
    """Return the id of the process that answers a tab."""
    return int(PROCESS.findall(await opened.send(f"{PLANTED}.tell_process"))[-1])


async def upload(
    portal: FrontedPortal, token: str, cookie: str, *, origin: str = "", content: bytes = b"x"
) -> httpx.Response:
    """Give a file to the tab of this name, as its page does."""
    headers = {
        "Reflex-Client-Token": token,
        "Reflex-Event-Handler": f"{PLANTED}.take_upload",
        "Origin": origin or portal.url,
        "Cookie": cookie,
    }
    async with httpx.AsyncClient() as http:
        return await http.post(f"{portal.url}/_upload", headers=headers, files={"files": ("a.txt", content)})


@asynccontextmanager
async def filled(portal: FrontedPortal, count: int) -> AsyncIterator[list[tuple[Tab, str, int]]]:
    """Open tabs of as many sessions with rows in them; each with its Cookie header and its process."""
    async with AsyncExitStack() as opened:
        cookies = [portal.cookie("biller") for _ in range(count)]
        tabs = [await opened.enter_async_context(tab(portal.url, cookie)) for cookie in cookies]
        await asyncio.gather(*(one.send(HYDRATE) for one in tabs))
        await asyncio.gather(*(one.send(f"{PLANTED}.fill") for one in tabs))
        pids = await asyncio.gather(*map(process_of, tabs))
        yield list(zip(tabs, cookies, pids, strict=True))


async def test_spread_tabs_over_processes(portal: FrontedPortal):
    async with filled(portal, MANY) as tabs:
        counts = Counter(portal.port_of(pid) for _, _, pid in tabs)
    assert set(counts) == set(portal.ports)
    assert min(counts.values()) >= 3


async def test_bring_tab_back_to_its_process(portal: FrontedPortal):
    async with filled(portal, SOME) as tabs:
        before = [(opened.token, cookie, pid) for opened, cookie, pid in tabs]
    for token, cookie, pid in before:
        async with tab(portal.url, cookie, token=token) as again:
            assert SECRET in await again.send(HYDRATE)
            assert await process_of(again) == pid


async def test_bring_upload_to_its_tab(portal: FrontedPortal):
    async with filled(portal, SOME) as tabs:
        for opened, cookie, pid in tabs:
            answer = await upload(portal, opened.token, cookie)
            assert f"took 1 in process={pid}" in answer.text


async def test_bring_upload_of_duplicated_tab_to_its_process(portal: FrontedPortal):
    """A tab that was duplicated brings the name of the first, and is given another over its open socket."""
    async with filled(portal, SOME) as tabs:
        for opened, cookie, pid in tabs:
            async with tab(portal.url, cookie, token=opened.token) as second:
                await second.send(HYDRATE)
                name = next(said for said in map(json.loads, second.received) if isinstance(said, str))
                assert name != opened.token
                assert await process_of(second) == pid
                assert f"took 1 in process={pid}" in (await upload(portal, name, cookie)).text


async def test_refuse_foreign_origin_through_front(portal: FrontedPortal):
    cookie = portal.cookie("biller")
    with pytest.raises(SocketRefusedError):
        async with tab(portal.url, cookie, origin="https://evil.example"):
            pass
    refused = await upload(portal, str(uuid.uuid4()), cookie, origin="https://evil.example")
    assert (refused.status_code, refused.json()["code"]) == (403, "foreign_origin")


async def test_see_address_of_client(portal: FrontedPortal):
    """The front's word counts, not what the client says of itself; this machine has more than one address."""
    address = portal.url.replace("localhost", "127.0.0.1")
    headers = {"Origin": portal.url, "Cookie": portal.cookie("biller"), "X-Forwarded-For": "203.0.113.9"}
    from_another = aiohttp.TCPConnector(local_addr=("127.0.0.2", 0))
    async with aiohttp.ClientSession(connector=from_another) as http:
        opened = Tab(str(uuid.uuid4()), http)
        await opened.open(address, headers)
        await opened.send(HYDRATE)
        assert "client=127.0.0.2" in await opened.send(f"{PLANTED}.tell_process")
        await opened.close()


def test_answer_pages_and_programs_as_without_front(portal: FrontedPortal):
    html = {"Accept": "text/html"}
    stranger = httpx.get(f"{portal.url}/audit?subject=invoice", headers=html)
    assert (stranger.status_code, stranger.headers["location"]) == (303, "/sign-in?next=%2Faudit%3Fsubject%3Dinvoice")
    other_host = httpx.get(f"{portal.url.replace('localhost', '127.0.0.1')}/audit", headers=html)
    assert (other_host.status_code, other_host.headers["location"]) == (307, f"{portal.url}/audit")
    own_path = httpx.get(f"{portal.url}/ping/")
    assert (own_path.status_code, own_path.headers["location"]) == (307, "/ping")
    health = httpx.get(f"{portal.url}/healthz")
    assert (health.status_code, health.headers["cache-control"]) == (200, "no-store")


@pytest.mark.parametrize(("path", "most"), [("/auth/logout", _LARGEST_BODY), ("/_upload", _LARGEST_UPLOAD)])
def test_refuse_oversized_body_as_the_portal_does(portal: FrontedPortal, path: str, most: int):
    said, own = (
        httpx.post(address + path, content=b"x" * (most + 1), headers={"Origin": portal.url})
        for address in (portal.url, f"http://127.0.0.1:{portal.ports[0]}")
    )
    assert (said.status_code, said.json()) == (own.status_code, own.json()) == (413, own.json())
    assert httpx.post(portal.url + path, content=b"x" * most, headers={"Origin": portal.url}).status_code != 413


async def test_bring_largest_upload_whole(portal: FrontedPortal):
    async with filled(portal, 1) as [(opened, cookie, pid)]:
        answer = await upload(portal, opened.token, cookie, content=b"x" * (_LARGEST_UPLOAD - 1_000))
    assert f"took 1 in process={pid}" in answer.text


def test_let_portal_refuse_body_of_unknown_length(portal: FrontedPortal):
    answer = httpx.post(f"{portal.url}/auth/logout", content=iter([b"x"]), headers={"Origin": portal.url})
    assert answer.status_code == 411


async def test_answer_tabs_of_stopped_process_by_the_other(portal: FrontedPortal):
    """Its tabs connect anew and load from their address; the other's tabs notice nothing; at the end all are back."""
    async with filled(portal, SOME * 2) as tabs:
        first = tabs[0][2]
        gone = portal.port_of(first)
        left = [one for one in tabs if one[2] == first]
        stayed = [one for one in tabs if one[2] != first]
        portal.stop(gone)
        await asyncio.gather(*(opened.hang_up() for opened, _, _ in left))
        for opened, _, pid in stayed:
            assert await process_of(opened) == pid
        (other,) = {pid for _, _, pid in stayed}
        for opened, cookie, _ in left:
            async with tab(portal.url, cookie, token=opened.token) as again:
                assert SECRET not in await again.send(HYDRATE)
                assert SECRET in await again.send(f"{PLANTED}.fill")
                assert await process_of(again) == other
                assert f"took 1 in process={other}" in (await upload(portal, opened.token, cookie)).text
        portal.start(gone)
        opened, cookie, _ = left[0]
        async with tab(portal.url, cookie, token=opened.token) as back:
            await back.send(HYDRATE)
            assert portal.port_of(await process_of(back)) == gone
