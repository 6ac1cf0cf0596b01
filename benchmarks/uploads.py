"""Uploads: our warm session, with its look, proof and checks, beside a new browser and log-in for every file."""

import tempfile
import time
from hashlib import sha256
from pathlib import Path

from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.support import expected_conditions
from selenium.webdriver.support.wait import WebDriverWait

from carriers.browser import Browser, BrowserOptions
from carriers.exchange import OutgoingFile
from carriers.runner import SiteSession
from carriers.seeds import seed_profiles
from core.crypto import Secret
from core.errors import BillingError
from core.money import to_decimal
from core.settings import get_settings
from sandbox.portals.running import RunningPortals, running_portals
from sandbox.portals.sample_world import PASSWORD, USERNAME, SampleLine, sample_ledes, sample_world
from sandbox.screenshots.camera import chromium

FILES, NAIVE_FILES = 20, 5
_CARRIER, _SITE = "harbor-mutual", "harbor"


class _Drawer:
    """Keeps evidence in a folder, as the product's local store does."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._count = 0

    def capture(self, kind: str, _label: str, png: bytes, html: str) -> None:
        """Keep one capture."""
        self._count += 1
        (self._folder / f"{self._count}-{kind}.png").write_bytes(png)
        (self._folder / f"{self._count}-{kind}.html").write_text(html)


def run() -> list[dict[str, object]]:
    """Measure and return one row."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with running_portals(sample_world(), folder / "sites") as portals:
            warm = _warm_ms(portals, folder)
            naive = _naive_ms(portals, folder)
            held = portals.control.totals()["overall"]
    if held["accepted"] != FILES + NAIVE_FILES or held["duplicates"]:
        raise AssertionError(f"The site holds {held['accepted']} files, not {FILES + NAIVE_FILES}.")
    return [
        {
            "figure": f"Upload, warm session of {FILES} files, with look and proof",
            "value": round(warm),
            "unit": "ms a file",
            "rival": "a new browser and log-in a file, no proof",
            "rival_value": round(naive),
            "ratio": round(naive / warm, 1),
            "target": "ratio >= 6",
        }
    ]


def _warm_ms(portals: RunningPortals, folder: Path) -> float:
    settings = get_settings()
    credentials = {"username": Secret(USERNAME), "password": Secret(PASSWORD)}
    browser = Browser(BrowserOptions(settings.chromium_path, settings.chromedriver_path), "Harbor Mutual")
    started = time.monotonic()
    browser.start()
    try:
        session = SiteSession(
            browser, seed_profiles()[_CARRIER], portals.url(_SITE, ""), credentials, _no_code, _Drawer(folder)
        )
        for number in range(FILES):
            file = _file(f"W-{number}")
            if session.find_invoice(file) is not None:
                raise AssertionError(f"{file.invoice_number} is on the site before it was sent.")
            session.upload(file, before_commit=_permit)
        session.logout()
    finally:
        browser.close()
    return (time.monotonic() - started) / FILES * 1000


def _naive_ms(portals: RunningPortals, folder: Path) -> float:
    started = time.monotonic()
    for number in range(NAIVE_FILES):
        path = folder / f"N-{number}.txt"
        path.write_bytes(_file(f"N-{number}").content)
        with chromium(folder / f"profile-{number}") as driver:
            _script(driver, portals, path)
    return (time.monotonic() - started) / NAIVE_FILES * 1000


def _script(driver: WebDriver, portals: RunningPortals, path: Path) -> None:
    """What people script first: default waits, straight through, no look and no proof."""
    waits = WebDriverWait(driver, 20)
    driver.get(portals.url(_SITE, "/Login"))
    driver.find_element(By.ID, "txtUserName").send_keys(USERNAME)
    driver.find_element(By.ID, "txtPassword").send_keys(PASSWORD)
    driver.find_element(By.ID, "btnLogin").click()
    waits.until(expected_conditions.element_to_be_clickable((By.ID, "navUpload"))).click()
    waits.until(expected_conditions.presence_of_element_located((By.ID, "fileLedes"))).send_keys(str(path))
    driver.find_element(By.ID, "btnUpload").click()
    waits.until(expected_conditions.presence_of_element_located((By.ID, "receiptNumber")))


def _file(number: str) -> OutgoingFile:
    line = SampleLine()
    content = sample_ledes(_CARRIER, number, [line])
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
