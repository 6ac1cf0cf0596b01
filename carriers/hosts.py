"""Which hosts a browser may be on. Every navigation, wait and keystroke is checked against this."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from carriers.errors import HostNotAllowedError
from carriers.placeholders import fill_in

NEUTRAL = "about:blank"


class AllowedHosts:
    """`host[:port]` patterns of one site; `*.` at the start stands for any one or more labels.

    Plain http is allowed on loopback names only.
    """

    def __init__(self, site: str, patterns: Iterable[str], base_url: str) -> None:
        values = {"site_host": urlsplit(base_url).netloc}
        self._site = site
        self._patterns = tuple(fill_in(pattern, values).lower() for pattern in patterns)

    def check(self, url: str) -> None:
        """Accept an address.

        Raises:
            HostNotAllowedError: for any other host, port or scheme.
        """
        if not self.allows(url):
            raise HostNotAllowedError(self._site, host=urlsplit(url).netloc)

    def allows(self, url: str) -> bool:
        """Whether an address is on one of the hosts."""
        parts = urlsplit(url)
        secure = parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(parts.hostname or ""))
        return secure and "@" not in parts.netloc and any(_matches(parts.netloc.lower(), p) for p in self._patterns)


def _matches(host: str, pattern: str) -> bool:
    if pattern.startswith("*."):
        return host.endswith(pattern[1:]) and len(host) > len(pattern) - 1
    return host == pattern


def _is_loopback(name: str) -> bool:
    return name in {"localhost", "127.0.0.1"} or name.endswith(".localhost")
