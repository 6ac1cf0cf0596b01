"""The sites' own clock, which the control port can put forward. One-time codes keep to the real time."""

import time


class SiteClock:
    """Milliseconds since 1970, plus what the control port added."""

    def __init__(self) -> None:
        self._ahead_ms = 0

    def now_ms(self) -> int:
        """Return the sites' time."""
        return time.time_ns() // 1_000_000 + self._ahead_ms

    def advance(self, seconds: float) -> None:
        """Put the clock forward."""
        self._ahead_ms += round(seconds * 1000)

    def reset(self) -> None:
        """Go back to the real time."""
        self._ahead_ms = 0
