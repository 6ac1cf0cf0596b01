"""Which attributes of an invoice and of its lines each format carries; those of a part are dotted, as `client.city`."""

from typing import Final, NamedTuple

from ledes.formats import LedesFormat
from ledes.pipe.layout import LEDES_98BI_V2, LEDES_1998B, Layout
from ledes.xml import carried as xml


class Carried(NamedTuple):
    """The attributes a format carries, by the level they belong to."""

    invoice: tuple[str, ...]
    line: tuple[str, ...]


def _pipe(layout: Layout) -> Carried:
    return Carried(
        invoice=tuple(field.attribute for field in layout.fields if not field.is_of_line),
        line=tuple(field.attribute for field in layout.fields if field.is_of_line),
    )


CARRIED: Final[dict[LedesFormat, Carried]] = {
    LedesFormat.LEDES_1998B: _pipe(LEDES_1998B),
    LedesFormat.LEDES_98BI_V2: _pipe(LEDES_98BI_V2),
    LedesFormat.XML_2_0: Carried(xml.INVOICE, xml.LINE),
    LedesFormat.XML_2_1: Carried(xml.INVOICE, xml.LINE),
    LedesFormat.XML_2_2: Carried((*xml.INVOICE, "replaces_invoice"), xml.LINE),
}
