"""Which browser is started: the headless shell wherever it will do."""

import pytest

from carriers.browser_options import BrowserOptions
from carriers.browser_start import uses_shell

PROXIES = ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")


@pytest.fixture(autouse=True)
def _no_proxies(monkeypatch):
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (BrowserOptions(shell_path="/bin/true"), True),
        (BrowserOptions(shell_path="/nowhere/chromium-headless-shell"), False),
        (BrowserOptions(shell_path=""), False),
        (BrowserOptions(shell_path="/bin/true", extension=b"packed"), False),
        (BrowserOptions(shell_path="/bin/true", remote_url="http://grid.example:4444"), False),
    ],
)
def test_the_shell_is_used_where_it_is_there_and_carries_nothing(options, expected):
    assert uses_shell(options) is expected


@pytest.mark.parametrize("name", PROXIES)
def test_a_way_out_by_proxy_is_the_whole_chromiums(monkeypatch, name):
    monkeypatch.setenv(name, "http://proxy.firm.example:3128")
    assert not uses_shell(BrowserOptions(shell_path="/bin/true"))


def test_hosts_that_go_round_a_proxy_are_no_proxy(monkeypatch):
    monkeypatch.setenv("no_proxy", "localhost")
    assert uses_shell(BrowserOptions(shell_path="/bin/true"))
