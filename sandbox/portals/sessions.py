"""Who is logged in at a site. Sessions live in memory: a restarted site has forgotten them, as real ones have."""

import secrets
from dataclasses import dataclass, field

from sandbox.portals.world import Account


@dataclass(slots=True)
class Session:
    """One visitor; `is_signed_in` turns True after the last step of the log-in."""

    account: Account
    is_signed_in: bool = True
    form_token: str = field(default_factory=lambda: secrets.token_hex(16))
    seen_ms: int = 0
    attachment: tuple[str, bytes] | None = None
    """Name and bytes of a file that was given but not sent yet, where a site takes the two apart."""


class Sessions:
    """The sessions of one site, by cookie value."""

    def __init__(self) -> None:
        self._by_key: dict[str, Session] = {}

    def open(self, account: Account, *, is_signed_in: bool = True) -> str:
        """Start a session and return its key."""
        key = secrets.token_urlsafe(24)
        self._by_key[key] = Session(account, is_signed_in)
        return key

    def get(self, key: str | None) -> Session | None:
        """Return the session of a key."""
        return self._by_key.get(key or "")

    def end(self, key: str | None) -> None:
        """Log a visitor out."""
        self._by_key.pop(key or "", None)

    def end_all(self) -> None:
        """Log everybody out."""
        self._by_key.clear()
