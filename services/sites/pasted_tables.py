"""A table pasted from a spreadsheet or as CSV: rows by column name, every fault with its line and column."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from core.errors import InvalidInputError
from core.money import to_decimal

MOST_ROWS = 2000
_LONGEST = 200_000
_MOST_DOLLARS, _DECIMALS = 100_000, 4
_DAYS = ("%Y-%m-%d", "%m/%d/%Y", "%m/%d/%y")


class PastedRow:
    """One row; its readers name the line and the column where something is not understood."""

    def __init__(self, line: int, cells: Mapping[str, str], titles: Mapping[str, str]) -> None:
        self.line = line
        self._cells = cells
        self._titles = titles

    def text(self, column: str) -> str:
        """Return a cell, '' where it is empty or missing."""
        return self._cells.get(column, "")

    def needed(self, column: str) -> str:
        """Return a cell that must not be empty."""
        if not (found := self.text(column)):
            raise self.fault(column, "is missing")
        return found

    def day(self, column: str) -> date | None:
        """Return a day, written as 2026-01-31 or 1/31/2026; None where the cell is empty."""
        found = self.text(column)
        for form in _DAYS if found else ():
            try:
                return datetime.strptime(found, form).date()  # noqa: DTZ007 -- a day has no time zone
            except ValueError:
                continue
        if found:
            raise self.fault(column, f"“{found[:30]}” is no date; write it as 2026-01-31")
        return None

    def dollars(self, column: str) -> Decimal:
        """Return an amount, with or without a dollar sign and thousands."""
        found = self.needed(column)
        try:
            amount = to_decimal(found.replace("$", "").replace(",", "").strip())
        except InvalidInputError as wrong:
            raise self.fault(column, f"“{found[:30]}” is no amount") from wrong
        if not 0 < amount < _MOST_DOLLARS or -int(amount.as_tuple().exponent) > _DECIMALS:
            raise self.fault(column, f"“{found[:30]}” is no rate in dollars, with four decimals at most")
        return amount

    def fault(self, column: str, what: str) -> InvalidInputError:
        """Return the error about a cell."""
        title = self._titles.get(column, column)
        return InvalidInputError(f"Line {self.line}, {title}: {what}. Nothing was changed.", line=self.line)


def pasted_rows(text: str, titles: Mapping[str, str]) -> list[PastedRow]:
    """Return the rows of a pasted table; its first line may name the columns, else they stand as in `titles`.

    Raises:
        InvalidInputError: it is too long, no table, or has more columns than are known.
    """
    if len(text) > _LONGEST:
        raise InvalidInputError("This is far longer than such a list needs. Nothing was changed.")
    lines = list(_cells(text))
    columns = list(titles)
    if lines and (named := _named(lines[0][1], titles)):
        columns, lines = named, lines[1:]
    if len(lines) > MOST_ROWS:
        raise InvalidInputError(f"A list has at most {MOST_ROWS:,} lines. Nothing was changed.")
    for at, cells in lines:
        if any(cells[len(columns) :]):
            message = f"Line {at}: it has {len(cells)} columns, and only {', '.join(titles.values())} are known."
            raise InvalidInputError(f"{message} Nothing was changed.", line=at)
    return [PastedRow(at, dict(zip(columns, cells, strict=False)), titles) for at, cells in lines]


def as_pasted(rows: Sequence[Sequence[str]]) -> str:
    """Return rows as they would be pasted: tabs between cells."""
    return "\n".join("\t".join(" ".join(cell.split()) for cell in row).rstrip("\t") for row in rows)


def _cells(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each line's number and its cells; lines without any are left out."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = "\t" if "\t" in text else ";" if ";" in first and "," not in first else ","
    reader = csv.reader(text.splitlines(), delimiter=delimiter, skipinitialspace=True)
    try:
        for cells in reader:
            stripped = [cell.strip() for cell in cells]
            if any(stripped):
                yield reader.line_num, stripped
    except csv.Error as wrong:
        raise InvalidInputError(f"Line {reader.line_num}: this is no table ({wrong}). Nothing was changed.") from wrong


def _named(cells: Sequence[str], titles: Mapping[str, str]) -> list[str]:
    """Return the columns that a first line names; [] when it is a row already."""
    known = {word.lower(): column for column, title in titles.items() for word in (column, title)}
    named = [known.get(cell.lower(), "") for cell in cells]
    return named if all(name for name, cell in zip(named, cells, strict=True) if cell) else []
