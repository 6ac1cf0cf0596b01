"""What a browser costs in memory where several share a machine: proportional set size, shared pages counted once."""

from collections.abc import Callable
from contextlib import ExitStack

import psutil

from carriers.browser import Browser

TOGETHER = 4
_MB = 1024 * 1024


def memory_row(warm_browser: Callable[[int], Browser]) -> dict[str, object]:
    """Start `TOGETHER` browsers one after another and return what each takes, beside what the first took alone."""
    with ExitStack() as open_browsers:
        browsers: list[Browser] = []
        alone = 0.0
        for number in range(TOGETHER):
            browser = warm_browser(number)
            open_browsers.callback(browser.close)
            browsers.append(browser)
            alone = alone or _pss_mb(browsers)
        each = _pss_mb(browsers) / TOGETHER
    return {
        "figure": f"Memory a browser, {TOGETHER} at a time",
        "value": round(each),
        "unit": "MB PSS",
        "rival": "one alone",
        "rival_value": round(alone),
        "ratio": round(alone / each, 1),
        "target": "<= 300 MB",
    }


def _pss_mb(browsers: list[Browser]) -> float:
    return sum(_family_pss(browser.pid) for browser in browsers if browser.pid is not None) / _MB


def _family_pss(pid: int) -> int:
    family = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    return sum(process.memory_full_info().pss for process in family if process.is_running())
