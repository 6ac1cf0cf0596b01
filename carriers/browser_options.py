"""How the browser is started: from where, and with which flags."""

from dataclasses import dataclass

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--remote-debugging-pipe",  # Chromium ends by itself when its chromedriver is gone
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--mute-audio",
)


@dataclass(frozen=True)
class BrowserOptions:
    """Where the browser comes from: local programs, or a Grid when `remote_url` is given. Times in seconds.

    `extension` is a packed one to carry along, `window` the width and height.
    """

    chromium_path: str = "/usr/bin/chromium"
    chromedriver_path: str = "/usr/bin/chromedriver"
    remote_url: str = ""
    page_load_seconds: float = 30.0
    command_seconds: float = 60.0
    extension: bytes = b""
    window: str = "1280,900"
