"""Only declared hosts, and plain http on this machine alone."""

import pytest

from carriers.errors import HostNotAllowedError
from carriers.hosts import AllowedHosts

HOSTS = AllowedHosts("Harbor", ["{site_host}", "*.login.example.com"], "https://portal.example.com:8443")


@pytest.mark.parametrize(
    "url", ["https://portal.example.com:8443/a", "https://eu.login.example.com/", "https://PORTAL.example.com:8443/"]
)
def test_allows_declared_hosts(url):
    assert HOSTS.allows(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://portal.example.com/",
        "http://portal.example.com:8443/",
        "https://login.example.com/",
        "https://evil-login.example.com.evil.net/",
        "https://portal.example.com:8443@evil.net/",
        "https://portal.example.com:8443.evil.net/",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "about:blank",
        "",
    ],
)
def test_refuses_every_other_address(url):
    with pytest.raises(HostNotAllowedError, match="does not allow"):
        HOSTS.check(url)


def test_allows_http_on_loopback_names_only():
    assert AllowedHosts("s", ["{site_host}"], "http://harbor.localhost:8800").allows("http://harbor.localhost:8800/")
    assert not AllowedHosts("s", ["{site_host}"], "http://harbor.test:8800").allows("http://harbor.test:8800/")
