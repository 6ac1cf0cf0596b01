"""The rows of one invoice side by side, and where in the file each begins."""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate, chain
from operator import attrgetter
from typing import NamedTuple

from ledes.findings import Finding, Problem


class Start(NamedTuple):
    """Where a run of rows begins that stand line after line.

    Attributes:
        first: place of the first row among the rows of its invoice, from 0.
        row: line of the file of that row.
        offset: of its first byte.
        frame: bytes of each row that belong to no value: pipes, [] and the line's end.
    """

    first: int
    row: int
    offset: int
    frame: int


class Rows:
    """The rows of one invoice, at least one.

    Args:
        columns: one for each field of the format, each with one value a row.
        starts: of the runs of rows, in order; the first begins at 0.
        unclean: places (from 0) of the rows that may hold characters LEDES cannot carry.
        repeats_ends: whether it is known that the values that stand first and last in each row are the same on all.
    """

    def __init__(
        self,
        columns: Sequence[Sequence[str]],
        starts: Sequence[Start],
        unclean: Sequence[int] = (),
        *,
        repeats_ends: bool = False,
    ) -> None:
        self.columns = columns
        self.starts = starts
        self.unclean = unclean
        self.repeats_ends = repeats_ends
        self._lengths: list[int] = []

    def __len__(self) -> int:
        return len(self.columns[0])

    def at(self, problem: Problem, index: int) -> Finding:
        """Place a fault in the row with this index."""
        start = self._start(index)
        return problem.at(start.row + index - start.first, self._offset(start, index))

    def number(self, index: int) -> int:
        """Return the line of the file that holds the row with this index."""
        start = self._start(index)
        return start.row + index - start.first

    def _start(self, index: int) -> Start:
        return self.starts[bisect_right(self.starts, index, key=attrgetter("first")) - 1]

    def _offset(self, start: Start, index: int) -> int:
        """Reckon from the run's start; lengths are only looked at where there is a fault."""
        if not self._lengths:
            sums = map(sum, zip(*(map(len, column) for column in self.columns), strict=True))
            self._lengths = list(chain((0,), accumulate(sums)))
        values = self._lengths[index] - self._lengths[start.first]
        return start.offset + values + start.frame * (index - start.first)
