"""What every object store agrees on: the shape of a key, and what is said when there is nothing, or nobody, there."""

import re

from core.errors import InvalidInputError, NotFoundError, UnavailableError

_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*(/[A-Za-z0-9][A-Za-z0-9_.-]*)*")


def checked_key(key: str) -> str:
    """Return a key that stays within its store.

    Raises:
        InvalidInputError: it would not.
    """
    if not _KEY.fullmatch(key):
        message = f"{key!r} is no key of the evidence store. Nothing was read or written."
        raise InvalidInputError(message)
    return key


def not_found(key: str) -> NotFoundError:
    """Return the error of a key without bytes."""
    message = "This piece of evidence is no longer in the store. The ledger still holds its checksum and its date."
    return NotFoundError(message, key=key)


def unavailable(key: str) -> UnavailableError:
    """Return the error of a store that cannot be reached."""
    message = "The evidence store cannot be reached or is full. What was there is kept; try again in a few minutes."
    return UnavailableError(message, key=key)
