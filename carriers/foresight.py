"""One look for several steps: an observing step's look asks along what the steps after it look for."""

from collections.abc import Callable, Iterator, Sequence

from carriers.page import Match, Target
from carriers.steps import (
    ClickStep,
    DismissStep,
    ExpectStep,
    FrameStep,
    GotoStep,
    ReadStep,
    ReadTableStep,
    Step,
    SwitchWindowStep,
    WaitForStep,
)

_OBSERVING = (ExpectStep, ReadStep, ReadTableStep, WaitForStep)
_LOOKS_FOR_ITSELF = (DismissStep, FrameStep, GotoStep, SwitchWindowStep)


class Foresight:
    """What the last look saw for the steps that follow; nothing once the page was touched.

    Attributes:
        asked: what the looks of the running step ask along.
        is_fresh: whether the page was looked at since it was touched last.
    """

    def __init__(self) -> None:
        self.asked: tuple[Target, ...] = ()
        self.is_fresh = False
        self._seen: dict[Target, Match] = {}

    def plan(self, steps: Sequence[Step], place: int, target_of: Callable[[Step], Target]) -> None:
        """Say which step of a list begins."""
        self.asked = tuple(map(target_of, _same_page(steps, place)))

    def keep(self, matches: Sequence[Match | None]) -> None:
        """Keep what a look found of `asked`."""
        self._seen = {target: match for target, match in zip(self.asked, matches, strict=True) if match is not None}
        self.is_fresh = True

    def take(self, target: Target) -> Match | None:
        """Return what was seen of a target, once."""
        return self._seen.pop(target, None)

    def forget(self) -> None:
        """The page is touched, or may have changed."""
        self.asked, self._seen, self.is_fresh = (), {}, False


def observes(step: Step) -> bool:
    """Whether a step only looks."""
    return isinstance(step, _OBSERVING) and not (isinstance(step, WaitForStep) and step.gone)


def _same_page(steps: Sequence[Step], place: int) -> Iterator[Step]:
    """Yield the steps after one that only looks, up to the first that touches; a commit click looks for itself."""
    if not observes(steps[place]):
        return
    for step in steps[place + 1 :]:
        if isinstance(step, _LOOKS_FOR_ITSELF) or (isinstance(step, ClickStep) and step.commit):
            return
        yield step
        if not observes(step):
            return
