"""The 24 fields of LEDES 1998B: order, names, types and limits, read from the packaged table."""

import csv
from dataclasses import dataclass
from importlib.resources import files
from typing import Final

FORMAT: Final = "LEDES1998B"
TERMINATOR: Final = "[]"
LINE_END: Final = "\r\n"


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the format.

    Attributes:
        position: 1 to 24.
        name: the name in the header, in capitals.
        attribute: the name on `LedesInvoice` or `LedesLine`.
        type: text, date, money or number.
        length: most characters of a text; most digits before the point of a number.
        decimals: most digits after the point.
        required: yes, no, "by type" (depends on fee, expense or adjustment), or "practice" (the
            standard lets it be blank, portals do not).
    """

    position: int
    name: str
    attribute: str
    type: str
    length: int
    decimals: int
    required: str


def _load() -> tuple[Field, ...]:
    with (files("ledes.pipe") / "data" / "ledes_1998b_fields.csv").open(encoding="ascii") as table:
        return tuple(
            Field(
                position=int(row["position"]),
                name=row["field"],
                attribute=row["attribute"],
                type=row["type"],
                length=int(row["length"]),
                decimals=int(row["decimals"]),
                required=row["required"],
            )
            for row in csv.DictReader(table)
        )


FIELDS: Final = _load()
FIELD: Final = {field.name: field for field in FIELDS}
NAMES: Final = tuple(field.name for field in FIELDS)
HEADER: Final = "|".join(NAMES)
COLUMN_COUNT: Final = len(FIELDS)
