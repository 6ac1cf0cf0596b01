"""The fields of findings by one set of names: an XML element by its LEDES field where the pipe formats have one."""

from collections import defaultdict
from functools import cache
from typing import Final

from ledes.pipe.layout import LAYOUTS
from ledes.xml.elements import SPECS

_PARTIES: Final = {"lf_address": "LAW_FIRM_", "cl_address": "CLIENT_"}


def ledes_name(field: str) -> str:
    """Return the LEDES name in capitals: 'inv_date' -> 'INVOICE_DATE', 'tk_rate' -> 'TK_RATE'."""
    if field in _pipe_names():
        return field
    return _names_of_elements().get(field, field.upper())


def wanted_names(field: str) -> list[str]:
    """Return the LEDES names a missing value may go by: 'city' is of the firm's and of the client's address."""
    if field in _pipe_names():
        return [field]
    places = [(spec.name, spec.known[field]) for spec in SPECS.values() if field in spec.known]
    return [
        one.field or f"{_PARTIES.get(segment, '')}{field.upper()}" for segment, one in places if one.required != "no"
    ]


@cache
def _pipe_names() -> frozenset[str]:
    return frozenset(name for layout in LAYOUTS.values() for name in layout.names)


@cache
def _names_of_elements() -> dict[str, str]:
    """Return the name of each element that means the same field wherever it stands."""
    fields = defaultdict[str, set[str]](set)
    for spec in SPECS.values():
        for name, element in spec.known.items():
            fields[name].add(element.field)
    return {name: next(iter(found)) for name, found in fields.items() if len(found) == 1 and found != {""}}
