"""Security headers and caching for everything the portal serves, as a plain ASGI wrapper."""

from functools import lru_cache
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.settings import get_settings

_HASHED = "/assets/"


class SecurityHeaders:
    """Adds the headers to every HTTP answer of the app it wraps."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and decorate the start of its answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def decorated(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in security_headers().items():
                    headers.setdefault(name, value)
                headers.setdefault("cache-control", _caching(scope["path"], message["status"]))
            await send(message)

        await self._app(scope, receive, decorated)


@lru_cache(maxsize=1)
def security_headers() -> dict[str, str]:
    """Return the headers; the socket's address comes from settings."""
    settings = get_settings()
    parts = urlsplit(settings.public_url)
    socket = f"{'wss' if parts.scheme == 'https' else 'ws'}://{parts.netloc}"
    headers = {
        "content-security-policy": _content_security_policy(socket),
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "referrer-policy": "same-origin",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=()",
        "x-robots-tag": "noindex, nofollow",
    }
    if parts.scheme == "https":
        headers["strict-transport-security"] = "max-age=31536000; includeSubDomains"
    return headers


def _content_security_policy(socket: str) -> str:
    directives = {
        "default-src": "'self'",
        # The framework's messages to the page (toasts among them) are evaluated there.
        "script-src": "'self' 'unsafe-inline' 'unsafe-eval'",
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "connect-src": f"'self' {socket}",
        "manifest-src": "'self'",
        "object-src": "'none'",
        "frame-ancestors": "'none'",
        "base-uri": "'self'",
        "form-action": "'self'",
    }
    return "; ".join(f"{name} {sources}" for name, sources in directives.items())


def _caching(path: str, status: int) -> str:
    # Only what has its hash in its name can be kept for ever; a missing file must be asked for again.
    if path.startswith(_HASHED) and status in {200, 206, 304}:
        return "public, max-age=31536000, immutable"
    return "no-cache" if "." in path.rsplit("/", 1)[-1] else "no-store"
