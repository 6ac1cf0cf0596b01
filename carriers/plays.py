"""What is played: one attempt at a list of steps, who looks on, and how long a step is waited for."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from carriers.page import Look, Target
from carriers.steps import Step, StepBase, Table

_FIRST_PAUSE, _LONGEST_PAUSE = 0.02, 0.12


class Watch(Protocol):
    """Somebody who looks on while a list is played."""

    def before(self, step: Step) -> None:
        """Called before a step; what it raises ends the list, and nothing of the step is done."""

    def after(self, step: Step) -> None:
        """Called when a step is done."""


@dataclass
class Play:
    """What one attempt knows and has done: values for placeholders, what was read, how many commit clicks were made.

    `files` are the bytes that an upload step may give, by placeholder.
    """

    values: Mapping[str, str]
    files: Mapping[str, bytes] = field(default_factory=dict)
    before_commit: Callable[[str], None] | None = None
    watch: Watch | None = None
    read: dict[str, str] = field(default_factory=dict)
    tables: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    commits: int = 0
    unseen_commit: str = ""

    @property
    def committed(self) -> bool:
        """Whether a click was made that cannot be taken back."""
        return self.commits > 0


class Watcher(Protocol):
    """Whoever wants to know what a player saw."""

    def looked(self, targets: Sequence[Target], seen: Look) -> None:
        """Hear of one look."""

    def read(self, table: Table, rows: list[dict[str, str]]) -> None:
        """Hear of one table."""


class Patience:
    """Waits for a step, a little longer each time, until its time is up."""

    def __init__(self, step: StepBase) -> None:
        self._until = time.monotonic() + step.timeout_seconds
        self._pause = _FIRST_PAUSE

    def waits(self) -> bool:
        """Wait once; False, at once, when the time is up."""
        if time.monotonic() > self._until:
            return False
        time.sleep(self._pause)
        self._pause = min(1.5 * self._pause, _LONGEST_PAUSE)
        return True
