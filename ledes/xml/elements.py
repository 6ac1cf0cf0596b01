"""The elements of LEDES XML: segments, order, kinds and lengths, read from the packaged table.

The table says of each element where it was seen, because the standard's own schema was not at hand; docs/ledes.md
explains the letters.
"""

import csv
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Final

from ledes.formats import LedesFormat

VERSIONS: Final = (LedesFormat.XML_2_0, LedesFormat.XML_2_1, LedesFormat.XML_2_2)
NO_LIMIT: Final = 15_360
ITEM: Final = "file_item_nbr"
_WRAPPERS: Final = {"lf_address": "address_info", "cl_address": "address_info", "lf_billing_contact": "contact_info"}
_OTHER_NAMES: Final = {"tksum": "tk_sum"}


@dataclass(slots=True, eq=False)
class Element:
    """One element of a segment.

    Attributes:
        kind: text, day, number, money, percent, item (a file_item_nbr), segment, structure, wrapper, or other (known,
            but nothing of it has a place in a document).
        required: yes; draft (the LEDES API draft wants it); practice (portals want it); or no.
        lengths: most characters by version.
        order: place among its siblings; 0 when no source tells.
        field: the name in the pipe formats, by which a carrier's limits go; '' where they have none.
        spec: of a segment or structure, what it may hold.
    """

    name: str
    kind: str
    required: str
    lengths: dict[LedesFormat, int]
    order: int
    field: str
    spec: "Spec | None" = None


@dataclass(slots=True)
class Spec:
    """A segment or structure: its name and its elements by name."""

    name: str
    known: dict[str, Element] = field(default_factory=dict)

    @property
    def required(self) -> dict[str, Element]:
        """Return the elements that must be there, for whatever reason."""
        return {name: one for name, one in self.known.items() if one.required != "no"}


def _load() -> dict[str, Spec]:
    specs: dict[str, Spec] = {}
    with (files("ledes.xml") / "data" / "elements.csv").open(encoding="ascii") as table:
        for row in csv.DictReader(table):
            specs.setdefault(row["segment"], Spec(row["segment"])).known[row["element"]] = _element(row)
    for spec in specs.values():
        for name, one in spec.known.items():
            if one.kind in {"segment", "structure"}:
                one.spec = specs[_OTHER_NAMES.get(name, name)]
    for name, wrapper in _WRAPPERS.items():
        specs[name].known[wrapper] = Element(wrapper, "wrapper", "no", {}, 0, "", specs[name])
    return specs


def _element(row: dict[str, str]) -> Element:
    lengths = [int(part) for part in row["length"].split("/") if part] or [NO_LIMIT]
    by_version = dict(zip(VERSIONS, lengths if len(lengths) > 1 else lengths * len(VERSIONS), strict=True))
    return Element(row["element"], row["kind"], row["required"], by_version, int(row["order"]), row["field"])


SPECS: Final = _load()
