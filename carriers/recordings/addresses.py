"""Addresses of a recording: which site it is, which others were visited, and what a step may open."""

import re
from collections.abc import Iterable
from urllib.parse import SplitResult, urlsplit

from carriers.recordings.recording import Action

_MOST_HOSTS = 10
_OF_ONE_VISIT = re.compile(
    r"sid|session(?:id)?|jsessionid|phpsessid|token|ticket|code|state|nonce|csrf|auth|sig|signature|key|passw(?:or)?d|pwd|"
    r"pass|otp"
)

_SESSION_IN_PATH = re.compile(r";(?:jsessionid|sid|phpsessid)=[^/?#]*", re.IGNORECASE)


class Addresses:
    """The addresses of one recording.

    Attributes:
        origin: scheme, host and port of the site, '' when no address was recorded.
        hosts: other hosts that were visited, as 'host:port'.
    """

    def __init__(self, actions: Iterable[Action]) -> None:
        every = [address for a in actions for address in (a.value if a.kind == "goto" else "", a.landed_on) if address]
        split = [parts for parts in map(_split, every) if parts is not None]
        self._host = _host(split[0]) if split else ""
        schemes = [parts.scheme for parts in split if _host(parts) == self._host]
        self.origin = f"{'https' if 'https' in schemes else schemes[0]}://{self._host}" if split else ""
        others = {_host(parts) for parts in split if parts.scheme == "https"} - {self._host}
        self.hosts = tuple(sorted(others)[:_MOST_HOSTS])

    def path_of(self, address: str) -> str | None:
        """Return what a step opens, '/Invoices?number=7'; None for another host."""
        parts = _split(address)
        if parts is None or _host(parts) != self._host:
            return None
        path = _SESSION_IN_PATH.sub("", parts.path) or "/"
        query = "&".join(one for one in parts.query.split("&") if not _is_of_one_visit(one))
        whole = path + (f"?{query}" if query else "") + (f"#{parts.fragment}" if parts.fragment else "")
        return whole.replace("{", "%7B").replace("}", "%7D").replace(" ", "%20")

    @staticmethod
    def names_a_visit(address: str) -> bool:
        """Whether an address holds something that belongs to one visit alone, as a session's number."""
        parts = _split(address)
        return parts is not None and (
            bool(_SESSION_IN_PATH.search(parts.path)) or any(map(_is_of_one_visit, parts.query.split("&")))
        )


def _is_of_one_visit(parameter: str) -> bool:
    name = parameter.partition("=")[0].lower().replace("_", "").replace("-", "")
    return _OF_ONE_VISIT.fullmatch(name) is not None


def _split(address: str) -> SplitResult | None:
    try:
        parts = urlsplit(address)
        is_web = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return None
    return parts if is_web else None


def _host(parts: SplitResult) -> str:
    """Return host and port, without the name and password that an address may carry."""
    return parts.netloc.rpartition("@")[2].lower()
