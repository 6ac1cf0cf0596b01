"""The control port as an object, for tests and for whoever reckons up a month."""

from types import TracebackType
from typing import Any, Self

import httpx


class PortalControl:
    """Talks to the control port of running practice carriers. A refused order raises httpx.HTTPStatusError."""

    def __init__(self, url: str, *, timeout_seconds: float = 10) -> None:
        self._http = httpx.Client(base_url=url, timeout=timeout_seconds, trust_env=False)

    def __enter__(self) -> Self:
        """Give itself."""
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _fault: BaseException | None, _: TracebackType | None
    ) -> None:
        """Close the connection."""
        self.close()

    def close(self) -> None:
        """Close the connection."""
        self._http.close()

    def health(self) -> dict[str, Any]:
        """Return {status, sites}."""
        return self._ask("GET", "/health")

    def posts(self, site: str | None = None) -> list[dict[str, Any]]:
        """Return every post of a site, or of all, in the order they came."""
        found: list[dict[str, Any]] = self._ask("GET", "/posts", params={"site": site} if site else None)["posts"]
        return found

    def papers(self, site: str | None = None) -> list[dict[str, Any]]:
        """Return every PDF that went along with a bill of a site, or of all."""
        found: list[dict[str, Any]] = self._ask("GET", "/papers", params={"site": site} if site else None)["papers"]
        return found

    def totals(self) -> dict[str, Any]:
        """Return {overall, carriers by slug}: posts, accepted, refused, staged, duplicates, cents, invoice_numbers."""
        return self._ask("GET", "/totals")

    def order_fault(
        self, site: str, kind: str, *, count: int = 1, seconds: float = 0, at: str | None = None
    ) -> dict[str, Any]:
        """Order a fault at a site ("*" = every site), `count` times or with 0 until it is cleared."""
        order = {"site": site, "kind": kind, "count": count, "seconds": seconds, "at": at}
        return self._ask("POST", "/faults", json=order)

    def faults(self) -> list[dict[str, Any]]:
        """Return the faults that wait to strike."""
        found: list[dict[str, Any]] = self._ask("GET", "/faults")["faults"]
        return found

    def clear_faults(self, site: str | None = None) -> None:
        """Take back faults and unlock accounts."""
        self._ask("DELETE", "/faults", params={"site": site} if site else None)

    def release_decisions(self, *, site: str | None = None, invoice_number: str | None = None) -> int:
        """Publish waiting decisions and return how many."""
        order = {"site": site, "invoice_number": invoice_number}
        return int(self._ask("POST", "/decisions/release", json=order)["released"])

    def advance_clock(self, seconds: float) -> None:
        """Put the sites' clock forward."""
        self._ask("POST", "/decisions/release", json={"advance_seconds": seconds})

    def mails(self) -> list[dict[str, Any]]:
        """Return which invoice was told in which mail: message_id, sent_ms, site, carrier, invoice_number, decision."""
        found: list[dict[str, Any]] = self._ask("GET", "/mails")["mails"]
        return found

    def reset(self) -> None:
        """Make the sites forget everything."""
        self._ask("POST", "/reset")

    def _ask(
        self, method: str, path: str, *, params: dict[str, str] | None = None, json: object = None
    ) -> dict[str, Any]:
        reply = self._http.request(method, path, params=params, json=json)
        reply.raise_for_status()
        answer: dict[str, Any] = reply.json()
        return answer
