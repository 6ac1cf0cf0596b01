"""The fields of each format between pipes: order, names, types and limits, read from the packaged tables."""

import csv
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from typing import Final

from ledes.document import LedesLine
from ledes.formats import LedesFormat

TERMINATOR: Final = "[]"
LINE_END: Final = "\r\n"


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a format.

    Attributes:
        position: from 1.
        name: the name in the header, as the standard spells it.
        attribute: the name on `LedesInvoice` or `LedesLine`; of a party "law_firm.city".
        type: text, date, money, number, rate, currency, country or account.
        length: most characters of a text; most digits before the point of a number.
        decimals: most digits after the point.
        is_of_line: whether each row has its own value, rather than all rows of an invoice the same.
        required: yes, no, "by type" (depends on fee, expense or adjustment), "on fees", or "practice" (the
            standard lets it be blank, portals do not).
    """

    position: int
    name: str
    attribute: str
    type: str
    length: int
    decimals: int
    required: str
    is_of_line: bool

    @property
    def is_figure(self) -> bool:
        """Tell whether the value is a number."""
        return self.type in {"money", "number", "rate"}


@dataclass(frozen=True)
class Layout:
    """A format: what stands in its first two lines, and in the columns after them."""

    format: LedesFormat
    fields: tuple[Field, ...]

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Return the names of the fields in order."""
        return tuple(field.name for field in self.fields)

    @cached_property
    def header(self) -> str:
        """Return the second line without its end."""
        return "|".join(self.names)

    @cached_property
    def heading(self) -> str:
        """Return the first two lines with their ends."""
        return f"{self.format.value}{TERMINATOR}{LINE_END}{self.header}{TERMINATOR}{LINE_END}"

    @cached_property
    def head_fields(self) -> tuple[Field, ...]:
        """Return the fields that every row of an invoice repeats."""
        return tuple(field for field in self.fields if not field.is_of_line)

    @cached_property
    def leading(self) -> int:
        """Return how many of the first columns every row of an invoice repeats."""
        return next(at for at, field in enumerate(self.fields) if field.is_of_line)

    @cached_property
    def trailing(self) -> int:
        """Return how many of the last columns every row of an invoice repeats."""
        return next(at for at, field in enumerate(reversed(self.fields)) if field.is_of_line)

    @cached_property
    def frame(self) -> bytes:
        """Return what is left of a row when its values are taken out."""
        return f"{'|' * (len(self.fields) - 1)}{TERMINATOR}{LINE_END}".encode("ascii")

    @cached_property
    def has_taxes(self) -> bool:
        """Tell whether lines carry a tax inside their totals."""
        return any(field.attribute == "tax_total" for field in self.fields)


def _load(layout: LedesFormat, name: str) -> Layout:
    with (files("ledes.pipe") / "data" / name).open(encoding="ascii") as table:
        return Layout(layout, tuple(_field(row) for row in csv.DictReader(table)))


def _field(row: dict[str, str]) -> Field:
    return Field(
        position=int(row["position"]),
        name=row["field"],
        attribute=row["attribute"],
        type=row["type"],
        length=int(row["length"]),
        decimals=int(row["decimals"]),
        required=row["required"],
        is_of_line=row["attribute"] in LedesLine._fields,
    )


LEDES_1998B: Final = _load(LedesFormat.LEDES_1998B, "ledes_1998b_fields.csv")
LEDES_98BI_V2: Final = _load(LedesFormat.LEDES_98BI_V2, "ledes_98bi_v2_fields.csv")
LAYOUTS: Final = {layout.format: layout for layout in (LEDES_1998B, LEDES_98BI_V2)}
