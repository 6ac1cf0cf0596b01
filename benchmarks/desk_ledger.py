"""What people at the desks were told: how long each action took, which edits were taken, and which were refused."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Taken:
    """An edit that the portal said it has kept: by whom, on which line, the value typed, and the words that mark it.

    `column` is the line's; 'proposal' for a text that waits for its timekeeper.
    """

    who: str
    mark: str
    line_id: int
    column: str
    value: Any


@dataclass(frozen=True)
class Refused:
    """An edit that the portal refused: what it said, and whether the form was kept with what is stored beside it."""

    who: str
    mark: str
    said: str
    offers_both: bool


@dataclass
class DeskLedger:
    """All of a run. Seconds are kept by kind of action, edits in the order in which they were answered."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    taken: list[Taken] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    toasts: list[str] = field(default_factory=list)

    def add(self, kind: str, seconds: float) -> None:
        """Keep how long one action took."""
        self.seconds.setdefault(kind, []).append(seconds)

    def ms(self, percent: int, kind: str = "") -> float:
        """Return a percentile in milliseconds, of one kind of action or of all."""
        chosen = [self.seconds[kind]] if kind else list(self.seconds.values())
        found = sorted(one for times in chosen for one in times)
        return round(found[min(len(found) * percent // 100, len(found) - 1)] * 1000, 1)

    def without(self, kind: str) -> "DeskLedger":
        """Return the times of everything but one kind."""
        return DeskLedger({name: times for name, times in self.seconds.items() if name != kind})

    @property
    def count(self) -> int:
        """How many actions were answered."""
        return sum(map(len, self.seconds.values()))
