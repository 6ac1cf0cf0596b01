"""Nothing of a browser outlives its worker, however the worker ends."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from carriers.browser import Browser
from carriers.browser_options import BrowserOptions
from carriers.errors import BrowserLostError
from carriers.minder import descendants
from carriers.page import Target

pytestmark = pytest.mark.chromium

_VANISH_SECONDS = 10
_WORKER = """
import sys, threading, time
from carriers.browser import Browser
from carriers.browser_options import BrowserOptions
browser = Browser(BrowserOptions())
starter = threading.Thread(target=browser.start)
starter.start()
starter.join()
time.sleep(1)
print(browser.pid, browser._process.folder, flush=True)
time.sleep(600)
"""


def are_gone(pids):
    """Wait until none of the processes lives; zombies of a foreign parent count as dead."""
    give_up = time.monotonic() + _VANISH_SECONDS
    while left := [pid for pid in pids if is_alive(pid)]:
        if time.monotonic() > give_up:
            return left == []
        time.sleep(0.05)
    return True


def is_alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.fixture
def worker():
    """Run a worker with a warm browser, started by a thread that has ended since."""
    with subprocess.Popen([sys.executable, "-c", _WORKER], stdout=subprocess.PIPE, text=True) as process:
        pid, folder = process.stdout.readline().split()
        yield process, int(pid), Path(folder)
        process.kill()


def test_sigkill_of_the_worker_leaves_no_process_and_no_file(worker):
    process, minder, folder = worker
    family = [minder, *descendants(minder)]
    assert len(family) > 3
    process.send_signal(signal.SIGKILL)
    assert are_gone(family)
    assert not folder.exists()


def test_sigkill_of_the_minder_takes_the_browser_along(worker):
    _, minder, _ = worker
    family = [minder, *descendants(minder)]
    os.kill(minder, signal.SIGKILL)
    assert are_gone(family)


def test_browser_has_a_process_group_of_its_own():
    with Browser(BrowserOptions()) as browser:
        assert os.getpgid(browser.pid) == browser.pid
        assert os.getpgid(browser.pid) != os.getpgid(0)


def test_close_leaves_no_process_and_no_file():
    with Browser(BrowserOptions()) as browser:
        folder = browser._process.folder
        family = [browser.pid, *descendants(browser.pid)]
        assert folder.stat().st_mode & 0o077 == 0
    assert are_gone(family)
    assert not folder.exists()
    assert not browser.is_alive


def test_kill_from_another_thread_ends_a_hanging_command():
    browser = Browser(BrowserOptions())
    browser.start()
    watchdog = threading.Timer(0.5, browser.kill)
    watchdog.start()
    with pytest.raises(BrowserLostError):
        hang(browser)
    watchdog.join()
    assert not browser.is_alive


def hang(browser):
    """Look again and again until the browser is gone."""
    give_up = time.monotonic() + 30
    while time.monotonic() < give_up:
        browser.look([Target(("html",))])


def test_restart_replaces_a_crashed_browser():
    with Browser(BrowserOptions()) as browser:
        first = browser.pid
        os.kill(first, signal.SIGKILL)
        with pytest.raises(BrowserLostError):
            hang(browser)
        browser.restart()
        assert browser.is_alive
        assert browser.pid != first
