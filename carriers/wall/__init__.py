"""An extension of Chromium's that lets nothing out which could submit: POST, PUT, PATCH, DELETE, beacons, sockets.

The rules hold in the browser itself, for every window, frame, worker and service worker, before a request is made.
"""

import base64
import hashlib
import io
import json
import zipfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Protocol

from carriers.page_sheet import SurveyingPage
from core.errors import BillingError

_FILES = ("manifest.json", "always.json", "wall.json", "wall.html", "wall.js")


class WallError(BillingError):
    """The browser cannot be kept from sending, so nothing is opened with it."""

    code = "wall_missing"
    status_code = 503

    def __init__(self) -> None:
        super().__init__(
            "This browser could not be kept from sending forms, so the walk was not made. Nothing was sent; look at "
            "the browser's version, extensions must be allowed."
        )


@dataclass(frozen=True)
class StoppedRequest:
    """A request that the wall stopped; `kind` is what the browser calls it, as in 'main_frame' or 'ping'."""

    method: str
    host: str
    path: str
    kind: str


class WalledPage(SurveyingPage, Protocol):
    """A page behind the wall. It stands when the browser starts."""

    def raise_wall(self) -> None:
        """Stop everything that could submit.

        Raises:
            WallError: it does not stand.
        """

    def lower_wall(self) -> None:
        """Let forms through, for a log-in or a log-out; beacons, PATCH and DELETE stay stopped."""

    def stopped(self) -> tuple[StoppedRequest, ...]:
        """Return what ran into the wall so far, in order."""
        ...


@cache
def wall_extension() -> bytes:
    """Return the extension as a ZIP, which a driver takes, also a Grid's."""
    archive, folder = io.BytesIO(), Path(__file__).parent
    with zipfile.ZipFile(archive, "w") as packed:
        for name in _FILES:
            packed.write(folder / name, name)
    return archive.getvalue()


@cache
def wall_page() -> str:
    """Return the address of the extension's page; its host follows from the key in the manifest."""
    manifest = json.loads(Path(__file__).with_name("manifest.json").read_text(encoding="utf-8"))
    digest = hashlib.sha256(base64.b64decode(manifest["key"])).hexdigest()[:32]
    return f"chrome-extension://{''.join(chr(ord('a') + int(digit, 16)) for digit in digest)}/wall.html"
