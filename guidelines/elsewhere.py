"""The history that one bill has: all past work but its own lines, each part taken out of the index once."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property
from types import MappingProxyType
from typing import Final

from guidelines.history import History, PastLine

_NOTHING: Final[Mapping[date, Sequence[PastLine]]] = MappingProxyType({})


class Elsewhere:
    """Past work as the rules of one bill see it.

    Args:
        history: past work, the bill's own lines among it or not.
        matter: the bill's matter.
        own: sources of all lines of the bill, so that none counts as its own history.
    """

    def __init__(self, history: History, matter: str, own: frozenset[str]) -> None:
        self._history = history
        self._matter = matter
        self._own = own
        self._days: dict[tuple[str, date], list[PastLine]] = {}

    def of_day(self, timekeeper_id: str, day: date) -> Sequence[PastLine]:
        """Return a timekeeper's other fees of a day, of any matter."""
        key = (timekeeper_id, day)
        found = self._days.get(key)
        if found is None:
            found = self._days[key] = self._history.of_day(timekeeper_id, day, self._own)
        return found

    @cached_property
    def of_matter(self) -> Sequence[PastLine]:
        """Return the matter's other fees and expenses."""
        return self._history.of_matter(self._matter, self._own)

    def of_matter_day(self, day: date) -> Sequence[PastLine]:
        """Return the matter's other fees and expenses of a day."""
        return self._matter_days.get(day, ())

    @cached_property
    def _matter_days(self) -> Mapping[date, Sequence[PastLine]]:
        if not self.of_matter:
            return _NOTHING
        days: defaultdict[date, list[PastLine]] = defaultdict(list)
        for line in self.of_matter:
            days[line.worked_on].append(line)
        return days
