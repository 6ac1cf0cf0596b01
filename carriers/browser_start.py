"""Starting the browser that will do: the headless shell behind a tunnel, the whole Chromium, or one on a Grid."""

import base64
import logging
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.request import getproxies_environment

from selenium import webdriver
from selenium.webdriver.remote.client_config import ClientConfig
from selenium.webdriver.remote.file_detector import LocalFileDetector, UselessFileDetector

from carriers.browser_options import FLAGS, BrowserOptions
from carriers.process import DriverProcess
from carriers.tunnel import Tunnel

# selenium logs every typed text at debug level, passwords included
logging.getLogger("selenium").setLevel(logging.WARNING)

_SHELL = Path(__file__).with_name("headless_shell")


def uses_shell(options: BrowserOptions) -> bool:
    """Whether the headless shell will do: it is there, carries no extension, and the way out is not by a proxy."""
    proxies = getproxies_environment().keys() & {"http", "https", "all"}
    return not options.remote_url and not options.extension and not proxies and _is_program(options.shell_path)


def start_driver(options: BrowserOptions) -> DriverProcess | None:
    """Start the chromedriver of a local browser; None where a Grid has its own.

    Raises:
        DriverNotStartedError: the chromedriver or the browser is not there, or did not come up.
    """
    if options.remote_url:
        return None
    chromium = options.shell_path if uses_shell(options) else options.chromium_path
    return DriverProcess(options.chromedriver_path, chromium, {"HEADLESS_SHELL": options.shell_path})


def open_session(options: BrowserOptions, process: DriverProcess | None, tunnel: Tunnel | None) -> webdriver.Remote:
    """Start the browser itself and return what drives it; with a tunnel it is the headless shell."""
    chrome = _chrome_options(options)
    if process is not None:
        chrome.binary_location = str(_SHELL) if tunnel else options.chromium_path
        chrome.add_argument(f"--user-data-dir={process.folder / 'profile'}")
    if tunnel is not None:
        chrome.add_argument(f"--proxy-server=socks5://127.0.0.1:{tunnel.port}")
        chrome.add_argument("--proxy-bypass-list=<-loopback>")
    detector: Callable[[], Any] = UselessFileDetector if process else LocalFileDetector
    url = process.url if process else options.remote_url
    driver = webdriver.Remote(
        options=chrome,
        file_detector=detector(),
        client_config=ClientConfig(remote_server_addr=url, timeout=int(options.command_seconds)),
        command_executor=url,
    )
    driver.set_page_load_timeout(options.page_load_seconds)
    return driver


def _chrome_options(options: BrowserOptions) -> webdriver.ChromeOptions:
    chrome = webdriver.ChromeOptions()
    chrome.page_load_strategy = "eager"
    chrome.unhandled_prompt_behavior = "ignore"
    chrome.add_experimental_option("prefs", {"net.network_prediction_options": 2})
    for flag in (*FLAGS, f"--window-size={options.window}"):
        chrome.add_argument(flag)
    if options.extension:
        chrome.add_encoded_extension(base64.b64encode(options.extension).decode())
    else:
        chrome.add_argument("--disable-extensions")
    return chrome


def _is_program(path: str) -> bool:
    return bool(path) and shutil.which(path) is not None
