"""What the platforms share: pages behind a log-in, faults around every page, never a look."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import ClassVar

from starlette.applications import Starlette
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from sandbox.portals.connections import CutReply, DroppedReply
from sandbox.portals.desk import Desk
from sandbox.portals.faults import FaultKind, PageKind
from sandbox.portals.markup import with_changed_layout
from sandbox.portals.sessions import Session

Answer = Callable[[Request, Session | None], Awaitable[Response]]
_ASSETS = Path(__file__).parent / "assets"
_TYPES = {".css": "text/css", ".js": "text/javascript"}
_BAD_GATEWAY = "<!DOCTYPE html><html><head><title>502</title></head><body><h1>502 Bad Gateway</h1></body></html>"
_OUTAGES = ((FaultKind.MAINTENANCE, 503), (FaultKind.SERVER_ERROR, 500), (FaultKind.CHALLENGE, 200))


@dataclass(frozen=True, slots=True)
class Page:
    """One address: who answers it, what kind of page it is, and whether it can be seen without a session."""

    method: str
    path: str
    kind: PageKind
    answer: Answer
    is_open: bool = False


class Platform(ABC):
    """A vendor's system; one object serves one site."""

    cookie: ClassVar[str]
    assets: ClassVar[tuple[str, ...]]
    new_labels: ClassVar[dict[str, str]]
    """Wording of the upload page before and after a redesign."""

    def __init__(self, desk: Desk, latency_seconds: float) -> None:
        self.desk = desk
        self._latency_seconds = latency_seconds

    @abstractmethod
    def pages(self) -> list[Page]:
        """Return the site's pages."""

    @abstractmethod
    def notice(self, kind: FaultKind, status: int, *, is_script: bool = False) -> Response:
        """Answer with the site's page for an outage, a challenge or an expired password; a script wants JSON."""

    @abstractmethod
    def ask_for_log_in(self) -> Response:
        """Answer a visitor who has no session."""

    def app(self) -> Starlette:
        """Return the site as an application."""
        routes = [Route(page.path, self._around(page), methods=[page.method]) for page in self.pages()]
        return Starlette(routes=[*routes, Route("/assets/{name}", self._asset)])

    def session(self, request: Request) -> Session | None:
        """Return the visitor's session, signed in or half-way."""
        return self.desk.sessions.get(request.cookies.get(self.cookie))

    def enter(self, response: Response, key: str) -> Response:
        """Give the visitor the session's cookie."""
        response.set_cookie(self.cookie, key, httponly=True, samesite="lax")
        return response

    def leave(self, request: Request) -> Response:
        """End the visitor's session and show the log-in."""
        self.desk.sessions.end(request.cookies.get(self.cookie))
        return self.ask_for_log_in()

    def outage(self, page: Page) -> Response | None:
        """Return what a visitor sees instead of a page while the site is out of order."""
        for kind, status in _OUTAGES:
            if self._strikes(kind, page):
                return self.notice(kind, status, is_script=page.path.startswith("/api/"))
        return None

    def _around(self, page: Page) -> Callable[[Request], Awaitable[Response]]:
        """Put the site's latency and the ordered faults around a page."""

        async def answered(request: Request) -> Response:
            if self._latency_seconds:
                await asyncio.sleep(self._latency_seconds)
            if outage := self.outage(page):
                return outage
            session = self._visitor(request, page)
            if session is None and not page.is_open:
                return self.ask_for_log_in()
            try:
                return await self._after(page, await page.answer(request, session))
            finally:
                await request.close()

        return answered

    def _visitor(self, request: Request, page: Page) -> Session | None:
        if not page.is_open and self._strikes(FaultKind.END_SESSION, page):
            self.desk.sessions.end(request.cookies.get(self.cookie))
        session = self.session(request)
        return session if session and (session.is_signed_in or page.is_open) else None

    async def _after(self, page: Page, response: Response) -> Response:
        """Apply the faults that come once a page has done its work."""
        stall = self.desk.faults.take(self.desk.site.slug, FaultKind.STALL, page.kind)
        if stall is not None:
            await asyncio.sleep(stall.seconds)
        if self._strikes(FaultKind.BAD_GATEWAY, page):
            return bad_gateway()
        if page.method == "GET":
            return self._redesigned(page, response)
        if page.method == "POST" and self._strikes(FaultKind.DROP_REPLY, page):
            return DroppedReply()
        if page.method == "POST" and self._strikes(FaultKind.CUT_REPLY, page):
            return CutReply()
        return response

    def _redesigned(self, page: Page, response: Response) -> Response:
        """Change the layout of a page that was really shown."""
        if response.status_code == HTTPStatus.OK and self._strikes(FaultKind.CHANGE_LAYOUT, page):
            page_text = bytes(response.body).decode(response.charset)
            response.body = with_changed_layout(page_text, self.new_labels).encode(response.charset)
            response.headers["content-length"] = str(len(response.body))
        return response

    def _strikes(self, kind: FaultKind, page: Page) -> bool:
        return self.desk.faults.take(self.desk.site.slug, kind, page.kind) is not None

    async def _asset(self, request: Request) -> Response:
        name = request.path_params["name"]
        if name not in self.assets:
            return Response(status_code=404)
        body = (_ASSETS / name).read_bytes()
        headers = {"cache-control": "max-age=3600"}
        return Response(body, media_type=_TYPES[Path(name).suffix], headers=headers)


async def posted_file(request: Request, session: Session | None) -> tuple[str, bytes] | None:
    """Return name and bytes of the uploaded file, or None without a file or without the session's form token."""
    values = (await request.form()).values()
    return await posted_file_of_script(request) if session is not None and session.form_token in values else None


async def posted_files(request: Request, session: Session | None) -> list[tuple[str, bytes]]:
    """Return name and bytes of every uploaded file; none without the session's form token."""
    values = (await request.form()).multi_items()
    if session is None or session.form_token not in [value for _, value in values]:
        return []
    chosen = [value for _, value in values if isinstance(value, UploadFile) and value.filename]
    return [(value.filename or "", await value.read()) for value in chosen]


async def posted_file_of_script(request: Request) -> tuple[str, bytes] | None:
    """Return name and bytes of the uploaded file, or None; whatever the field is called, as layouts change."""
    values = (await request.form()).values()
    chosen = next((value for value in values if isinstance(value, UploadFile) and value.filename), None)
    return None if chosen is None else (chosen.filename or "", await chosen.read())


async def posted_text(request: Request, name: str) -> str:
    """Return one text field of the posted form, "" when it is missing."""
    value = (await request.form()).get(name, "")
    return value if isinstance(value, str) else ""


def bad_gateway() -> Response:
    """Answer as the proxy in front of a site does when it got no answer from it: whether the work was done is open."""
    return HTMLResponse(_BAD_GATEWAY, HTTPStatus.BAD_GATEWAY)


def page_number(request: Request) -> int:
    """Return the list page asked for, from 1."""
    asked = request.query_params.get("page", "1")
    return max(1, int(asked)) if asked.isascii() and asked.isdigit() else 1


def see(address: str) -> Response:
    """Send the visitor on."""
    return RedirectResponse(address, status_code=303)
