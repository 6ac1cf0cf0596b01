"""Requests of the form lane: the browser's own cookies, allowed hosts at every hop, nothing ever sent twice."""

import mimetypes
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode, urljoin, urlsplit

import httpx

from carriers.forms.document import Document
from carriers.forms.fields import ChosenFile, Request
from carriers.hosts import AllowedHosts
from carriers.page import Cookie

_HOPS = 10
_SECONDS = 60.0
_PAGES = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.5"
_SEE_OTHER = frozenset({301, 302, 303})
_AGAIN = frozenset({307, 308})
_Part = tuple[str | None, bytes, str | None]


@dataclass(frozen=True)
class _Body:
    """What a request carries: a form as one text, or its parts with files, or nothing."""

    form: bytes | None = None
    files: tuple[tuple[str, _Part], ...] = ()

    def request(self, client: httpx.Client, method: str, url: str, headers: dict[str, str]) -> httpx.Request:
        """Return the request, with the session's cookies."""
        if self.form is not None:
            headers = {**headers, "content-type": "application/x-www-form-urlencoded"}
        return client.build_request(method, url, headers=headers, content=self.form, files=self.files or None)


_NO_BODY = _Body()


class _Loopback(httpx.HTTPTransport):
    """Names below `localhost` are this machine, as they are for browsers; not every resolver knows."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Connect to loopback, with the name in the Host header that the request carries already."""
        if not request.url.host.endswith(".localhost"):
            return super().handle_request(request)
        here = httpx.Request(
            request.method,
            request.url.copy_with(host="127.0.0.1"),
            headers=request.headers,
            stream=request.stream,
            extensions=request.extensions,
        )
        return super().handle_request(here)


class NotAPageError(Exception):
    """The site answered with something else than a page, or sent us round in circles."""


class Wire:
    """One HTTP session beside the browser's. A connection that breaks is reported, never tried again."""

    def __init__(self, hosts: AllowedHosts, transport: httpx.BaseTransport | None = None) -> None:
        self._hosts = hosts
        self._client = httpx.Client(headers={"accept": _PAGES}, timeout=_SECONDS, transport=transport or _Loopback())

    def take_over(self, cookies: Sequence[Cookie], user_agent: str) -> None:
        """Take over the browser's session and name, in place of what was there."""
        self._client.headers["user-agent"] = user_agent
        self._client.cookies.clear()
        for one in cookies:
            self._client.cookies.set(one.name, one.value, domain=one.domain, path=one.path)

    def get(self, url: str, referer: str = "") -> Document:
        """Fetch a page; see `send`."""
        return self.send(Request("GET", url), referer)

    def send(self, request: Request, referer: str = "", charset: str = "utf-8") -> Document:
        """Send one request and follow the site's redirects to a page.

        Raises:
            HostNotAllowedError: an address, a redirect's too, is on no allowed host; nothing was sent there.
            NotAPageError: no HTML came back.
            httpx.TransportError: the site could not be reached, or the line broke.
        """
        url, method, body = request.url, request.method, _encoded(request, charset)
        for _ in range(_HOPS):
            self._hosts.check(url)
            answer = self._client.send(body.request(self._client, method, url, _headers(method, url, referer)))
            target = answer.headers.get("location")
            if target is None or answer.status_code not in _SEE_OTHER | _AGAIN:
                return _page(answer, method)
            if answer.status_code in _SEE_OTHER:
                method, body = "GET", _NO_BODY
            referer, url = url, urljoin(url, target)
        message = f"more than {_HOPS} redirects"
        raise NotAPageError(message)

    def close(self) -> None:
        """Close every connection."""
        self._client.close()


def _page(answer: httpx.Response, method: str) -> Document:
    kind = answer.headers.get("content-type", "")
    if answer.content and "html" not in kind:
        raise NotAPageError(kind or "no content type")
    page = Document(answer.text, str(answer.url), answer.status_code, answer.encoding or "utf-8")
    page.may_reload = method == "GET"
    return page


def _headers(method: str, url: str, referer: str) -> dict[str, str]:
    headers = {"referer": referer} if referer else {}
    if method == "POST":
        parts = urlsplit(url)
        headers["origin"] = f"{parts.scheme}://{parts.netloc}"
    return headers


def _encoded(request: Request, charset: str) -> _Body:
    if request.method != "POST":
        return _NO_BODY
    if request.is_multipart:
        return _Body(files=tuple((name, _part(value, charset)) for name, value in request.parts))
    pairs = [(name, value if isinstance(value, str) else value.name) for name, value in request.parts]
    return _Body(form=urlencode(pairs, encoding=charset, errors="xmlcharrefreplace").encode("ascii"))


def _part(value: str | ChosenFile, charset: str) -> _Part:
    if isinstance(value, ChosenFile):
        kind = mimetypes.guess_type(value.name)[0] if value.name else None
        return value.name, value.content, kind or "application/octet-stream"
    return None, value.encode(charset, errors="xmlcharrefreplace"), None
