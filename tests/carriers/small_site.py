"""A site of a few pages, given as text, for the browser's tests."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def serving(pages: Mapping[str, str], folder: Path) -> Iterator[str]:
    """Serve pages by file name from a folder; yield the site's origin."""
    for name, text in pages.items():
        (folder / name).write_text(text)
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder))) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://site.localhost:{server.server_port}"
        server.shutdown()
