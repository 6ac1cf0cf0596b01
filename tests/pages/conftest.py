"""A Chromium for the scripts of the pages, tried without the portal."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from selenium.webdriver.remote.webdriver import WebDriver

from sandbox.screenshots.camera import chromium


@pytest.fixture(scope="module")
def driver() -> Iterator[WebDriver]:
    with TemporaryDirectory(prefix="scripts-") as profile, chromium(Path(profile)) as driver:
        yield driver
