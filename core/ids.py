"""Random identifiers and the correlation id that follows one request into its jobs."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from hashlib import sha256

_correlation: ContextVar[str] = ContextVar("correlation_id", default="")


def new_token() -> str:
    """Return 256 random bits as URL-safe text."""
    return secrets.token_urlsafe(32)


def new_correlation_id() -> str:
    """Return a short random id, 16 hex digits."""
    return secrets.token_hex(8)


def sha256_hex(content: bytes | str) -> str:
    """Return the SHA-256 of bytes, or of text in UTF-8, as 64 hex digits."""
    return sha256(content.encode() if isinstance(content, str) else content).hexdigest()


def correlation_id() -> str:
    """Return the id of the request or job under way, or '' outside one."""
    return _correlation.get()


@contextmanager
def correlated(value: str = "") -> Iterator[str]:
    """Run a block under `value`, or under a fresh id when none is given."""
    chosen = value or new_correlation_id()
    token = _correlation.set(chosen)
    try:
        yield chosen
    finally:
        _correlation.reset(token)


def correlate(value: str) -> None:
    """Put the rest of this task under `value`; for an event of the portal, which has a task of its own."""
    _correlation.set(value)
