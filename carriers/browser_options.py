"""How the browser is started: from where, and with which flags."""

from dataclasses import dataclass
from typing import Self

from core.settings import Settings

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
    "--disable-features=BackForwardCache,PaintHolding,RenderDocument",  # nobody goes back, and nobody watches
)


@dataclass(frozen=True)
class BrowserOptions:
    """Where the browser comes from: local programs, or a Grid when `remote_url` is given. Times in seconds.

    `shell_path` is Chromium's headless shell, which does the same work with less; '' or a program that is not there
    means the whole Chromium. `extension` is a packed one to carry along, which only the whole Chromium can, `window`
    the width and height.
    """

    chromium_path: str = "/usr/bin/chromium"
    chromedriver_path: str = "/usr/bin/chromedriver"
    remote_url: str = ""
    shell_path: str = "/usr/bin/chromium-headless-shell"
    page_load_seconds: float = 30.0
    command_seconds: float = 60.0
    extension: bytes = b""
    window: str = "1280,900"

    @classmethod
    def from_settings(cls, settings: Settings) -> Self:
        """Return what the settings name."""
        return cls(
            settings.chromium_path,
            settings.chromedriver_path,
            settings.selenium_remote_url,
            settings.headless_shell_path,
        )
