"""The invoice being read, whose end is not yet known."""

from collections.abc import Iterable, Sequence
from itertools import chain, repeat

from ledes.findings import Finding
from ledes.pipe.blocks import Run
from ledes.pipe.layout import Layout
from ledes.pipe.loose import Record
from ledes.pipe.rows import Rows, Start


class OpenInvoice:
    """Rows of one invoice as they come, in runs or one by one.

    Attributes:
        number: its INVOICE_NUMBER; '' before the first row.
        count: rows so far.
        is_rest: whether rows of it were closed before, because they had become too many.
        findings: faults of rows that do not have a value for each field, met between its rows.
    """

    def __init__(self, layout: Layout, number: str = "", *, is_rest: bool = False) -> None:
        self.number = number
        self.is_rest = is_rest
        self.count = 0
        self.findings: list[Finding] = []
        self._layout = layout
        self._runs: list[Run] = []
        self._starts: list[Start] = []
        self._unclean: list[int] = []

    def add_run(self, run: Run, row: int, offset: int) -> None:
        """Add rows that stand line after line."""
        self._starts.append(Start(self.count, row, offset, run.frame))
        self._runs.append(run)
        self.count += run.size

    def add(self, record: Record, values: list[str]) -> None:
        """Add a row, its values in the order of the format."""
        if not record.is_clean:
            self._unclean.append(self.count)
        last = len(values) - self._layout.trailing
        run = Run(values[: self._layout.leading], values[self._layout.leading : last], values[last:], 1, 0, 0)
        self.add_run(run, record.row, record.offset)

    def rows(self) -> Rows:
        """Return the rows."""
        first, layout = self._runs[0], self._layout
        width = len(layout.fields) - layout.leading - layout.trailing
        is_same = all(run.leading == first.leading and run.trailing == first.trailing for run in self._runs)
        cells = first.cells if len(self._runs) == 1 else list(chain.from_iterable(run.cells for run in self._runs))
        columns = [
            *self._repeated([run.leading for run in self._runs], is_same=is_same),
            *[cells[at::width] for at in range(width)],
            *self._repeated([run.trailing for run in self._runs], is_same=is_same),
        ]
        return Rows(columns, self._starts, self._unclean, repeats_ends=is_same)

    def _repeated(self, values: list[list[str]], *, is_same: bool) -> Iterable[Sequence[str]]:
        """Return as columns what each run repeats on all its rows."""
        if is_same:
            return [[value] * self.count for value in values[0]]
        sizes = [run.size for run in self._runs]
        return zip(*chain.from_iterable(map(repeat, values, sizes)), strict=True)
