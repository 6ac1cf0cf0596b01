"""The invoice being read, whose end is not yet known."""

from collections.abc import Sequence

from ledes.findings import Finding
from ledes.pipe.loose import Record
from ledes.pipe.rows import Rows, Start


class OpenInvoice:
    """Rows of one invoice as they come, in runs or one by one.

    Attributes:
        number: its INVOICE_NUMBER; '' before the first row.
        count: rows so far.
        findings: faults of rows that do not have a value for each field, met between its rows.
    """

    def __init__(self, number: str = "") -> None:
        self.number = number
        self.count = 0
        self.findings: list[Finding] = []
        self._cells: list[str] = []
        self._starts: list[Start] = []
        self._unclean: list[int] = []

    def add_run(self, cells: list[str], count: int, row: int, offset: int, frame: int) -> None:
        """Add rows that stand line after line."""
        self._starts.append(Start(self.count, row, offset, frame))
        self._cells = self._cells + cells if self._cells else cells
        self.count += count

    def add(self, record: Record) -> None:
        """Add a row."""
        if not record.is_clean:
            self._unclean.append(self.count)
        self._starts.append(Start(self.count, record.row, record.offset, 0))
        self._cells += record.values
        self.count += 1

    def rows(self, order: Sequence[int], width: int) -> Rows:
        """Return the rows, their columns in the order of the format."""
        return Rows([self._cells[column::width] for column in order], self._starts, self._unclean)
