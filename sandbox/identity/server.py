"""Run the provider on 127.0.0.1, in a thread or as a process of its own."""

import logging
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import flask
from werkzeug.serving import BaseWSGIServer, make_server

_HOST = "127.0.0.1"


def listen(app: flask.Flask, port: int) -> BaseWSGIServer:
    """Return a server that listens already; port 0 takes a free one.

    Its log names no addresses: they carry authorization codes.
    """
    os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    return make_server(_HOST, port, app, threaded=True)


@contextmanager
def running(app: flask.Flask, port: int = 0) -> Iterator[str]:
    """Serve in a thread for a block and yield the issuer, as in 'http://127.0.0.1:9400'."""
    server = listen(app, port)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://{_HOST}:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
