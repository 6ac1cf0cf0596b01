"""How fast one session may send events: a bucket of tokens each, refilled steadily."""

import time
from collections import OrderedDict

_PER_SECOND = 20.0
_BURST = 80.0
_MOST_KEYS = 5000


class Pace:
    """Token buckets by session or address; the longest unused are forgotten first."""

    def __init__(self, per_second: float = _PER_SECOND, burst: float = _BURST) -> None:
        self._per_second = per_second
        self._burst = burst
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def allows(self, key: str) -> bool:
        """Take one token of the key's bucket; False when it is empty."""
        at = time.monotonic()
        level, filled_at = self._buckets.pop(key, (self._burst, at))
        level = min(self._burst, level + (at - filled_at) * self._per_second)
        is_allowed = level >= 1
        self._buckets[key] = (level - 1 if is_allowed else level, at)
        if len(self._buckets) > _MOST_KEYS:
            self._buckets.popitem(last=False)
        return is_allowed
