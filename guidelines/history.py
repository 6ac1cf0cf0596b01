"""Work that the lines at hand do not show: the same people's other time, on any matter, billed or not."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from functools import cached_property
from operator import attrgetter
from typing import Literal, TypeVar

_Key = TypeVar("_Key", bound=Hashable)


@dataclass(frozen=True, slots=True, kw_only=True)
class PastLine:
    """A fee or an expense recorded elsewhere.

    Attributes:
        source: identity of the entry, as on `GuidelineLine.source`; a bill's own lines are left out by it.
        reference: for people, as in 'invoice 10234' or 'matter 2024-00017, not billed yet'.
        matter: the firm's matter number.
        is_billed: whether an invoice holds it.
    """

    source: str
    reference: str
    matter: str
    kind: Literal["F", "E"]
    worked_on: date
    timekeeper_id: str
    units: Decimal
    narrative: str
    is_billed: bool
    task_code: str = ""
    expense_code: str = ""
    unit_cost: Decimal = Decimal(0)
    started_at: time | None = None
    ended_at: time | None = None


class History:
    """An index over past lines, built once for as many bills as share it; each part when a rule first asks for it.

    A line that is asked for with `own` is left out when its source is among them: a bill is no history of its own.
    """

    def __init__(self, lines: Iterable[PastLine] = ()) -> None:
        self.lines = tuple(lines)

    @classmethod
    def over(cls, lines: "History | Iterable[PastLine]") -> "History":
        """Return `lines` as a history, itself when it is one."""
        return lines if isinstance(lines, History) else cls(lines)

    def of_day(self, timekeeper_id: str, day: date, own: frozenset[str] = frozenset()) -> list[PastLine]:
        """Return a timekeeper's other fees of a day."""
        return _without(self._by_day.get((timekeeper_id, day), ()), own)

    def of_matter(self, matter: str, own: frozenset[str] = frozenset()) -> list[PastLine]:
        """Return a matter's other fees and expenses."""
        return _without(self._by_matter.get(matter, ()), own)

    @cached_property
    def _by_day(self) -> Mapping[tuple[str, date], Sequence[PastLine]]:
        return _grouped([line for line in self.lines if line.kind == "F"], attrgetter("timekeeper_id", "worked_on"))

    @cached_property
    def _by_matter(self) -> Mapping[str, Sequence[PastLine]]:
        return _grouped(self.lines, attrgetter("matter"))


def _grouped(lines: Sequence[PastLine], key: Callable[[PastLine], _Key]) -> dict[_Key, list[PastLine]]:
    groups: defaultdict[_Key, list[PastLine]] = defaultdict(list)
    for group, line in zip(map(key, lines), lines, strict=True):
        groups[group].append(line)
    return dict(groups)


def _without(lines: Sequence[PastLine], own: frozenset[str]) -> list[PastLine]:
    return [line for line in lines if line.source not in own]
