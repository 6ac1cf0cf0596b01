"""The fields of findings by one set of names: an XML element by its LEDES field where the pipe formats have one."""

from collections import defaultdict
from functools import cache

from ledes.pipe.layout import LAYOUTS
from ledes.xml.elements import SPECS


def ledes_name(field: str) -> str:
    """Return the LEDES name in capitals: 'inv_date' -> 'INVOICE_DATE', 'tk_rate' -> 'TK_RATE'."""
    if field in _pipe_names():
        return field
    return _names_of_elements().get(field, field.upper())


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
