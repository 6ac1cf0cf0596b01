"""Uploads: our warm browser and its fast lane, with look and proof, beside what people script, all in one run."""

import tempfile
import time
from collections.abc import Callable
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

from benchmarks import upload_rivals
from benchmarks.browser_memory import memory_row
from carriers.browser import Browser
from carriers.browser_options import BrowserOptions
from carriers.exchange import OutgoingFile
from carriers.profile import CarrierProfile, load_profile
from carriers.runner import SiteSession
from carriers.seeds import seed_profiles
from core.crypto import Secret
from core.errors import BillingError
from core.money import to_decimal
from core.settings import get_settings
from sandbox.portals.running import RunningPortals, running_portals
from sandbox.portals.sample_world import PASSWORD, USERNAME, SampleLine, sample_ledes, sample_world

FILES, NAIVE_FILES, CARRIER, SITE = 60, 5, "harbor-mutual", "harbor"
_NAIVE = "a new browser and log-in a file, no look, no proof"


class _Drawer:
    """Keeps evidence in a folder, as the product's local store does."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._count = 0

    def capture(self, kind: str, _label: str, png: bytes, html: str) -> None:
        """Keep one capture."""
        self._count += 1
        for suffix, content in (("png", png), ("html", html.encode())):
            if content:
                (self._folder / f"{self._count}-{kind}.{suffix}").write_bytes(content)


def run() -> list[dict[str, object]]:
    """Measure and return the rows."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with running_portals(sample_world(), folder / "sites") as portals:
            measured = _measure(portals, folder)
            rows = [_row(figure, measured, *sides) for figure, *sides in _FIGURES]
            rows.append(memory_row(lambda number: _warm_browser(portals, folder, f"M{number}")))
    return rows


def _measure(portals: RunningPortals, folder: Path) -> dict[str, float]:
    """Return milliseconds a file of each way, after counting what the site holds."""
    ways: dict[str, Callable[[], int]] = {
        "naive": partial(upload_rivals.new_browser_each, portals, folder, _numbered("N", NAIVE_FILES)),
        "playwright": partial(upload_rivals.playwright_warm, portals, folder, _numbered("P", FILES), with_proof=False),
        "proving": partial(upload_rivals.playwright_warm, portals, folder, _numbered("Q", FILES), with_proof=True),
        "warm": partial(_place_all, portals, folder, _numbered("W", FILES), by_forms=False),
        "lane": partial(_place_all, portals, folder, _numbered("L", FILES), by_forms=True),
    }
    taken: dict[str, float] = {}
    for name, place in ways.items():
        started = time.monotonic()
        files = place()
        taken[name] = (time.monotonic() - started) / files * 1000
    held = portals.control.totals()["overall"]
    expected = NAIVE_FILES + 4 * FILES
    if held["accepted"] != expected or held["duplicates"]:
        raise AssertionError(f"The site holds {held['accepted']} files, not {expected}.")
    return taken


_FIGURES = (
    (f"Upload, warm browser, {FILES} files, with look and proof", "warm", "naive", _NAIVE, "ratio >= 6"),
    (
        "Upload, the same against a warm Playwright",
        "warm",
        "playwright",
        "Playwright, warm, same browser, no look, no proof",
        ">= 1.2",
    ),
    (
        "Upload, the same against a warm Playwright that looks and proves",
        "warm",
        "proving",
        "Playwright, warm, same browser, a look and two pictures",
        ">= 1.2",
    ),
    (f"Upload, form lane, {FILES} files, with look and proof", "lane", "naive", _NAIVE, "ratio >= 20"),
)


def _row(figure: str, measured: dict[str, float], ours: str, rival: str, words: str, target: str) -> dict[str, Any]:
    return {
        "figure": figure,
        "value": round(measured[ours]),
        "unit": "ms a file",
        "rival": words,
        "rival_value": round(measured[rival]),
        "ratio": round(measured[rival] / measured[ours], 1),
        "target": target,
    }


def _place_all(portals: RunningPortals, folder: Path, files: list[OutgoingFile], *, by_forms: bool) -> int:
    """Look for each file, place it, keep its proof; the start of the browser and the log-in count."""
    browser = _browser()
    browser.start()
    try:
        session = _session(browser, portals, folder, by_forms=by_forms)
        for file in files:
            _place(session, file)
        session.logout()
        session.close()
    finally:
        browser.close()
    return len(files)


def _place(session: SiteSession, file: OutgoingFile) -> None:
    if session.find_invoice(file) is not None:
        raise AssertionError(f"{file.invoice_number} is on the site before it was sent.")
    session.upload(file, before_commit=_permit)


def _warm_browser(portals: RunningPortals, folder: Path, number: str) -> Browser:
    """Return a browser that is signed in and has placed one file."""
    browser = _browser()
    browser.start()
    _place(_session(browser, portals, folder, by_forms=False), _numbered(number, 1)[0])
    return browser


def _browser() -> Browser:
    return Browser(BrowserOptions.from_settings(get_settings()), "Harbor Mutual")


def _session(browser: Browser, portals: RunningPortals, folder: Path, *, by_forms: bool) -> SiteSession:
    credentials = {"username": Secret(USERNAME), "password": Secret(PASSWORD)}
    return SiteSession(
        browser, _profile(), portals.url(SITE, ""), credentials, _no_code, _Drawer(folder), may_use_forms=by_forms
    )


def _profile() -> CarrierProfile:
    document = seed_profiles()[CARRIER].model_dump(mode="json")
    document["site"]["form_lane"] = True
    return load_profile(document)


def _numbered(prefix: str, count: int) -> list[OutgoingFile]:
    return [_file(f"{prefix}-{number}") for number in range(count)]


def _file(number: str) -> OutgoingFile:
    line = SampleLine()
    content = sample_ledes(CARRIER, number, [line])
    return OutgoingFile(
        invoice_number=number,
        client_code="HARBOR",
        matter="HARBOR-1",
        claim_number="CLM-HARBOR-1",
        file_name=f"{number}.txt",
        content=content,
        sha256=sha256(content).hexdigest(),
        total=to_decimal(str(line.total)),
    )


def _permit(_label: str) -> None:
    """Let every commit click pass."""


def _no_code() -> str:
    raise BillingError("This site asks for no one-time code.")
