"""A site that sends by itself whatever a page can send, and keeps a log of what reached it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from carriers.health_walk import HealthWalk, PageLook
from carriers.profile import load_profile
from carriers.walled_browser import WalledBrowser
from core.crypto import Secret
from tests.builders import profile_document

_LOGIN = """<form id=login method=post action=/login><label>User <input name=user id=user></label>
<label>Password <input name=word id=word type=password></label><button id=go>Log in</button></form>"""
_HOME = "<h1 id=home>Welcome</h1><a href=/upload>Upload</a>"
_LIST = "<form id=search><input name=q></form><p id=none>No invoices</p>"
_UPLOAD = """<form id=upload method=post action=/submit enctype=multipart/form-data><label>Invoice file
<input type=file name=bill id=bill></label><button id=send>Send</button></form>
<iframe src=/frame name=inner></iframe><script>
navigator.sendBeacon('/beacon', 'x');
fetch('/fetch', {method: 'POST', body: 'x', keepalive: true}).catch(() => {});
for (const method of ['PUT', 'PATCH', 'DELETE']) fetch('/' + method, {method}).catch(() => {});
const files = new FormData(); files.append('f', new Blob(['x']), 'x.txt');
const call = new XMLHttpRequest(); call.open('POST', '/multipart'); call.send(files);
new Worker('/worker.js'); navigator.serviceWorker.register('/service.js'); open('/popup');
new WebSocket('ws://' + location.host + '/socket');
addEventListener('pagehide', () => {
  navigator.sendBeacon('/leaving', 'x'); fetch('/left', {method: 'POST', keepalive: true});
});
SUBMIT</script>"""
_SUBMITS = "<form id=f method=post action={}><input name=a></form><script>f.submit()</script>"
_WORKER = "fetch('/worker', {method: 'POST', body: 'x'}).catch(() => {});"
_SERVICE = "self.addEventListener('install', (e) => e.waitUntil(fetch('/service', {method: 'POST'}).catch(() => {})));"
_PAGES = {
    "/login": _LOGIN, "/home": _HOME, "/list": _LIST,
    # As soon as the frame within has tried to send as well, which on a slow machine takes its time.
    "/upload-now": _UPLOAD.replace("SUBMIT", "onmessage = () => document.getElementById('upload').submit();"),
    "/frame": _SUBMITS.format("/frame-form") + "<script>parent.postMessage('sent', '*')</script>",
    "/popup": _SUBMITS.format("/popup-form"), "/logout": _LOGIN,
    "/by-form": "<form id=step method=post action=/step><button id=next>Next</button></form>",
}  # fmt: skip
_SCRIPTS = {"/worker.js": _WORKER, "/service.js": _SERVICE}


@dataclass
class HostileSite:
    """A running site; `sent` holds each request that was no GET, `sockets` how many sockets were asked for."""

    port: int = 0
    sent: list[str] = field(default_factory=list)
    sockets: int = 0

    @property
    def url(self) -> str:
        return f"http://hostile.localhost:{self.port}"


@contextmanager
def hostile_site() -> Iterator[HostileSite]:
    """Serve it until the block ends."""
    site = HostileSite()

    class Answer(BaseHTTPRequestHandler):
        def __getattr__(self, name: str) -> object:
            if name in {"do_PUT", "do_PATCH", "do_DELETE"}:
                return self.do_POST
            raise AttributeError(name)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            site.sockets += path == "/socket"
            kind = "text/javascript" if path in _SCRIPTS else "text/html"
            self._say(_SCRIPTS.get(path, _PAGES.get(path, "")), kind)

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("content-length") or 0))
            site.sent.append(f"{self.command} {self.path}")
            self._say(_HOME if self.path == "/login" else "sent", "text/html")

        def _say(self, text: str, kind: str) -> None:
            body = text.encode()
            self.send_response(200)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    site.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class Looks:
    """An audience that remembers each page by its key."""

    def __init__(self) -> None:
        self.by_key: dict[str, PageLook] = {}

    def tell(self, look: PageLook) -> None:
        self.by_key[f"{look.list_name}/{look.page}"] = look

    def check(self) -> None:
        """Never give way."""


def walk_hostile(browser: WalledBrowser, site: HostileSite, page: str) -> dict[str, Any]:
    """Walk through the site by a page, and return how far each list came."""
    document = profile_document()
    steps, pages = document["site"]["steps"], document["site"]["pages"]
    pages |= {"home": {"is_here": ["#home"]}, "upload": {"is_here": ["#upload"]}, "login": {"is_here": ["#login"]}}
    steps["login"] = [
        {"verb": "goto", "label": "Open", "value": "/login"},
        {"verb": "expect", "label": "Log-in page", "page": "login"},
        {"verb": "fill", "label": "User", "selectors": ["#user"], "value": "{username}"},
        {"verb": "fill", "label": "Password", "selectors": ["#word"], "value": "{password}"},
        {"verb": "click", "label": "Log in", "selectors": ["#go"]},
        {"verb": "expect", "label": "Home", "page": "home"},
    ]
    steps["upload"][0:2] = [
        {"verb": "goto", "label": "Open the upload", "value": page},
        *([{"verb": "click", "label": "Next", "selectors": ["#next"]}] if page == "/by-form" else []),
        {"verb": "expect", "label": "Upload page", "page": "upload"},
        {"verb": "upload", "label": "Choose the file", "selectors": ["#bill"]},
    ]
    steps["find_invoice"].insert(0, {"verb": "goto", "label": "Open the list", "value": "/list"})
    steps["logout"] = [{"verb": "goto", "label": "Log out", "value": "/logout"}]
    for one in (step for group in steps.values() for step in group):
        one["timeout_seconds"] = 2
    browser._live.delete_all_cookies()
    secrets = {"username": Secret("robot"), "password": Secret("S3cret-Word")}
    going = HealthWalk(browser, load_profile(document), site.url, secrets, lambda: "", Looks())
    return dict(going.walk({}))
