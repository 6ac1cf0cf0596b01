"""What is turned away before it reaches a page or an upload: strangers, other origins, oversized bodies."""

import asyncio
from urllib.parse import quote, urlsplit

from starlette.datastructures import Headers
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from core.settings import get_settings
from state.doorkeeper import recognise, session_cookie

_UPLOAD = "/_upload"
_LARGEST_UPLOAD = 25 * 1024 * 1024
_LARGEST_BODY = 64 * 1024
_OPEN = ("/sign-in", "/auth/", "/healthz", "/api", "/files/", "/unsubscribe/", "/ping", "/_health", "/_event")
_READING = {"GET", "HEAD", "OPTIONS"}


class Doorway:
    """Wraps the whole app; the events behind the socket have guards of their own."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer what is refused; pass everything else on."""
        refusal = await _refusal(scope) if scope["type"] == "http" else None
        await (refusal or self._app)(scope, receive, send)


async def _refusal(scope: Scope) -> Response | None:
    headers, path = Headers(scope=scope), scope["path"]
    if scope["method"] not in _READING:
        return _body_refusal(headers, path) or (await _upload_refusal(headers) if path.startswith(_UPLOAD) else None)
    if path.startswith(_UPLOAD):
        # The framework would serve uploaded files to anybody.
        return _no(404, "not_found", "There is no such page.")
    return _page_refusal(headers, path, scope["query_string"].decode("latin-1"))


def _body_refusal(headers: Headers, path: str) -> Response | None:
    length = headers.get("content-length", "")
    if not length.isdecimal():
        return _no(411, "length_required", "Say how long the content is.")
    if int(length) > (_LARGEST_UPLOAD if path.startswith(_UPLOAD) else _LARGEST_BODY):
        return _no(413, "too_large", "The content is too large. Nothing was saved; send a smaller file.")
    return None


async def _upload_refusal(headers: Headers) -> Response | None:
    if not is_own_origin(headers):
        return _no(403, "foreign_origin", "Uploads are taken from the portal's own pages only. Nothing was saved.")
    if await asyncio.to_thread(recognise, headers.get("cookie", "")) is None:
        return _no(401, "not_signed_in", "You are signed out. Nothing was saved; sign in and upload again.")
    return None


def _page_refusal(headers: Headers, path: str, query: str) -> Response | None:
    if path.startswith(_OPEN) or "text/html" not in headers.get("accept", ""):
        return None
    wanted = path + (f"?{query}" if query else "")
    public = urlsplit(get_settings().public_url)
    if get_settings().is_loopback_http and headers.get("host", public.netloc) != public.netloc:
        # 127.0.0.1 instead of localhost would be another origin, with no cookie and a refused socket.
        return RedirectResponse(f"{get_settings().public_url}{wanted}", status_code=307)
    if session_cookie(headers.get("cookie", "")):
        return None
    return RedirectResponse(f"/sign-in?next={quote(wanted, safe='')}", status_code=303)


def is_own_origin(headers: Headers) -> bool:
    """Whether a writing request comes from the portal's own pages, by Origin or, without one, Sec-Fetch-Site."""
    origin = headers.get("origin")
    if origin is None:
        return headers.get("sec-fetch-site") == "same-origin"
    return origin == get_settings().public_url


def _no(status: int, code: str, message: str) -> Response:
    return JSONResponse({"code": code, "message": message}, status_code=status)
