"""A Chromium that signs in as somebody and takes a page on a desk, on a phone, in the dark."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait

from core.settings import get_settings

_WAIT_SECONDS = 30
_SETTLE_SECONDS = 1.5
_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
)


@dataclass(frozen=True)
class Look:
    """One way to look at a page; sizes in CSS pixels."""

    name: str
    width: int
    height: int
    scheme: str
    is_phone: bool = False


LOOKS = (
    Look("desk", 1440, 900, "light"),
    Look("dark", 1440, 900, "dark"),
    Look("phone", 390, 844, "light", is_phone=True),
)


class Camera:
    """Takes pages of one signed-in person."""

    def __init__(self, driver: WebDriver, url: str) -> None:
        self.driver = driver
        self.url = url

    def sign_in(self, email: str) -> None:
        """Sign in through the practice identity provider."""
        self.driver.get(f"{self.url}/auth/login")
        self._first(f"button[value='{email}']").click()
        WebDriverWait(self.driver, _WAIT_SECONDS).until(lambda found: found.current_url.startswith(self.url))

    def open(self, path: str, *, shows: str) -> None:
        """Open a page and wait until an element matching `shows` is there."""
        self.driver.get(f"{self.url}{path}")
        self._first(shows)

    def first_link(self, selector: str) -> str:
        """Return the path of the first link that matches."""
        return str(self._first(selector).get_dom_attribute("href"))

    def look_as(self, look: Look) -> None:
        """See pages from now on as on this screen."""
        self.driver.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {
                "width": look.width,
                "height": look.height,
                "deviceScaleFactor": 2 if look.is_phone else 1,
                "mobile": look.is_phone,
            },
        )
        scheme = {"name": "prefers-color-scheme", "value": look.scheme}
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme]})

    def take(self, look: Look, target: Path) -> None:
        """Photograph the page as it stands."""
        self.look_as(look)
        time.sleep(_SETTLE_SECONDS)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(self.driver.get_screenshot_as_png())

    def _first(self, selector: str) -> WebElement:
        waits = WebDriverWait(self.driver, _WAIT_SECONDS, poll_frequency=0.05)
        return waits.until(lambda found: found.find_element(By.CSS_SELECTOR, selector))


@contextmanager
def chromium(profile: Path) -> Iterator[WebDriver]:
    """Start a headless Chromium with its profile in an empty folder; it ends with the block."""
    settings = get_settings()
    options = webdriver.ChromeOptions()
    options.binary_location = settings.chromium_path
    for flag in (*_FLAGS, f"--user-data-dir={profile}"):
        options.add_argument(flag)
    driver = webdriver.Chrome(options=options, service=Service(settings.chromedriver_path))
    try:
        yield driver
    finally:
        driver.quit()


@contextmanager
def camera(url: str) -> Iterator[Camera]:
    """Start a Chromium that takes pages of one person."""
    with TemporaryDirectory(prefix="camera-") as profile, chromium(Path(profile)) as driver:
        driver.set_window_size(1440, 900)
        yield Camera(driver, url)
