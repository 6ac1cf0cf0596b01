"""Authorization codes bound to their PKCE challenge, good once and for a minute."""

import base64
import threading
import time
from collections.abc import Callable
from hashlib import sha256
from hmac import compare_digest

_LIFE_SECONDS = 60.0


class BoundCodes:
    """The challenge each code was given for; the library underneath knows no PKCE."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._challenges: dict[str, tuple[str, float]] = {}
        self._lock = threading.Lock()

    def bind(self, code: str, challenge: str) -> None:
        """Remember the challenge of a code."""
        with self._lock:
            self._challenges[code] = (challenge, self._clock() + _LIFE_SECONDS)

    def redeem(self, code: str, verifier: str) -> bool:
        """Use a code up; True when it is fresh and the verifier answers its challenge (S256)."""
        with self._lock:
            challenge, until = self._challenges.pop(code, ("", 0.0))
        return self._clock() < until and compare_digest(challenge_of(verifier), challenge)


def challenge_of(verifier: str) -> str:
    """Return the S256 challenge of a verifier, as RFC 7636 writes it."""
    return base64.urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()
