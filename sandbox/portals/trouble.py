"""Outages that come now and then by themselves, the same ones for the same seed."""

from dataclasses import dataclass, field
from random import Random

from sandbox.portals.faults import FaultKind

_KINDS = (FaultKind.BAD_GATEWAY, FaultKind.MAINTENANCE)


@dataclass(slots=True)
class Weather:
    """Strikes one page in `every` or so, never two close together; 0 never strikes."""

    every: int
    seed: str
    _random: Random = field(init=False)
    _left: int = field(init=False)

    def __post_init__(self) -> None:
        """Reckon when it strikes first, which is soon, so that a small month meets it too."""
        self._random = Random(self.seed)
        self._left = self._random.randint(1, max(1, self.every // 3)) if self.every else 0

    def strikes(self) -> FaultKind | None:
        """Count one page, and return what befalls it, if anything."""
        if not self.every:
            return None
        self._left -= 1
        if self._left > 0:
            return None
        self._left = self._pause()
        return self._random.choice(_KINDS)

    def _pause(self) -> int:
        return self._random.randint(self.every * 3 // 4, self.every * 5 // 4) if self.every else 0
