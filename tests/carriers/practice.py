"""The practice carriers' server for the Chromium suite, and the few things its tests order from it."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

import pyotp

from carriers.exchange import AttachedPdf, OutgoingFile
from core.crypto import Secret
from core.money import to_decimal
from sandbox.portals.running import RunningPortals, running_portals
from sandbox.portals.sample_world import PASSWORD, TOTP_SECRET, USERNAME, SampleLine, sample_ledes, sample_world

SITE_OF = {carrier: site["slug"] for site in sample_world()["sites"] for carrier in site["carriers"]}
_PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
_CODE_SECONDS = 30
_TIME_TO_TYPE = 10
PDF_SHA256 = sha256(_PDF).hexdigest()


class Practice:
    """Running practice carriers, by the carrier's slug, and codes that their sites have not seen."""

    def __init__(self, portals: RunningPortals) -> None:
        self._portals = portals
        self._last_step = 0

    def base_url(self, carrier: str) -> str:
        return self._portals.url(SITE_OF[carrier], "")

    def accepted(self, carrier: str) -> int:
        """Count the accepted posts of a carrier, from the site's own store."""
        posts = self._portals.control.posts(SITE_OF[carrier])
        return sum(post["status"] == "accepted" and post["carrier"] == carrier for post in posts)

    def papers(self, carrier: str) -> list[dict[str, Any]]:
        """Return the PDFs that the carrier's site holds."""
        return self._portals.control.papers(SITE_OF[carrier])

    def wait(self, seconds: float) -> None:
        """Put the sites' clock forward."""
        self._portals.control.advance_clock(seconds)

    def order(self, carrier: str, kind: str, **more: Any) -> None:
        self._portals.control.order_fault(SITE_OF[carrier], kind, **more)

    def reset(self) -> None:
        self._portals.control.reset()
        self._portals.control.clear_faults()
        self._last_step = 0

    def code(self) -> str:
        """Return a code that the site has not seen: the step after the last one, waiting when it lies too far ahead.

        The first may be of the step before the present one, but only where the site takes that for `_TIME_TO_TYPE` yet.
        """
        step = max(self._last_step + 1, int((time.time() - _CODE_SECONDS + _TIME_TO_TYPE) // _CODE_SECONDS))
        while step > time.time() // _CODE_SECONDS + 1:
            time.sleep(0.2)
        self._last_step = step
        return pyotp.TOTP(TOTP_SECRET).at(step * _CODE_SECONDS)


@contextmanager
def practice_carriers(folder: Path) -> Iterator[Practice]:
    """Serve the practice carriers in a process of their own."""
    with running_portals(sample_world(), folder) as portals:
        yield Practice(portals)


def credentials(password: str = PASSWORD) -> dict[str, Secret]:
    """Return the log-in of the law firm, good for every practice site."""
    return {"username": Secret(USERNAME), "password": Secret(password), "totp": Secret(TOTP_SECRET)}


def ledes_file(carrier: str, number: str, line: SampleLine | None = None, **changed: str) -> OutgoingFile:
    """Return a file of one line that the carrier's practice site takes, unless `changed` spoils it."""
    one = line or SampleLine()
    content = sample_ledes(carrier, number, [one], **changed)
    client = dict(zip(_columns(content), content.decode().splitlines()[2].split("|"), strict=True))["CLIENT_ID"]
    return OutgoingFile(
        invoice_number=number,
        client_code=client,
        matter=f"{client}-1",
        claim_number=f"CLM-{client}-1",
        file_name=f"{number}.txt",
        content=content,
        sha256=sha256(content).hexdigest(),
        total=to_decimal(str(one.total)),
        pdf=AttachedPdf(f"{number}.pdf", _PDF),
    )


def _columns(content: bytes) -> list[str]:
    return content.decode().splitlines()[1].removesuffix("[]").split("|")


Permit = Callable[[str], None]


def permit(_label: str) -> None:
    """Let every commit click pass."""
