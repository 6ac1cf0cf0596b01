"""Two readings of the same bills compared value by value, whatever formats they came in."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Final, TypeVar

from ledes.attributes import INVOICE_ATTRIBUTES, LINE_ATTRIBUTES, Attribute, shown_value
from ledes.document import LedesInvoice, LedesLine

T = TypeVar("T")
_NUMBER: Final = "line_item_number"
_PRESENT: Final = "present"


@dataclass(frozen=True, slots=True)
class DocumentDifference:
    """One place where two documents disagree.

    Attributes:
        invoice_number: of the invoice.
        line_item_number: of the line, as the old document numbers it where it has the line; '' for the invoice.
        field: LEDES field in capitals; '' when a whole invoice or line is in one document only.
        old: the value in the first document; '' for none, 'present' where the whole is meant.
        new: the value in the second.
    """

    invoice_number: str
    line_item_number: str
    field: str
    old: str
    new: str

    def as_json(self) -> dict[str, str]:
        """Return plain values for a JSON report."""
        return asdict(self)


def diff(
    a: Iterable[LedesInvoice],
    b: Iterable[LedesInvoice],
    *,
    invoice_attributes: Sequence[Attribute] = INVOICE_ATTRIBUTES,
    line_attributes: Sequence[Attribute] = LINE_ATTRIBUTES,
) -> tuple[DocumentDifference, ...]:
    """Return every difference; empty when both say the same.

    Invoices are matched by number. Lines are matched first when equal in all but perhaps their number, then by number,
    so that a line put in between does not make all that follow look changed.

    Args:
        a: the old documents.
        b: the new documents.
        invoice_attributes: what is compared of an invoice; give what both formats carry when they differ.
        line_attributes: what is compared of a line.
    """
    found: list[DocumentDifference] = []
    for old, new in _pairs(list(a), list(b), [lambda invoice: invoice.invoice_number]):
        if old is None or new is None:
            found.append(_one_sided(old, new))
            continue
        found += _values(old.invoice_number, "", old, new, invoice_attributes)
        found += _lines(old, new, line_attributes)
    return tuple(found)


def _one_sided(old: LedesInvoice | None, new: LedesInvoice | None) -> DocumentDifference:
    present = old or new
    number = present.invoice_number if present else ""
    return DocumentDifference(number, "", "", _PRESENT if old else "", _PRESENT if new else "")


def _lines(old: LedesInvoice, new: LedesInvoice, attributes: Sequence[Attribute]) -> Iterator[DocumentDifference]:
    content = [attribute for attribute in attributes if attribute.path != _NUMBER]

    def whole(line: LedesLine) -> Hashable:
        return tuple(attribute.of(line) for attribute in attributes)

    def unnumbered(line: LedesLine) -> Hashable:
        return tuple(attribute.of(line) for attribute in content)

    for mine, theirs in _pairs(old.lines, new.lines, [whole, unnumbered, lambda line: line.line_item_number]):
        if mine is not None and theirs is not None:
            yield from _values(old.invoice_number, mine.line_item_number, mine, theirs, attributes)
            continue
        present = mine or theirs
        number = present.line_item_number if present else ""
        yield DocumentDifference(old.invoice_number, number, "", _PRESENT if mine else "", _PRESENT if theirs else "")


def _values(
    invoice_number: str,
    line_number: str,
    old: LedesInvoice | LedesLine,
    new: LedesInvoice | LedesLine,
    attributes: Sequence[Attribute],
) -> Iterator[DocumentDifference]:
    for attribute in attributes:
        mine, theirs = attribute.of(old), attribute.of(new)
        if mine != theirs:
            yield DocumentDifference(
                invoice_number, line_number, attribute.name, shown_value(mine), shown_value(theirs)
            )


def _pairs(
    old: Sequence[T], new: Sequence[T], keys: Sequence[Callable[[T], Hashable]]
) -> list[tuple[T | None, T | None]]:
    """Match by one key after the other; what stays alone is paired with None. In the order of `old`, new ones last."""
    partner: dict[int, int] = {}
    free = dict.fromkeys(range(len(new)))
    for key in keys:
        places: dict[Hashable, list[int]] = defaultdict(list)
        for at in reversed(free):
            places[key(new[at])].append(at)
        for at, item in enumerate(old):
            if at not in partner and (waiting := places.get(key(item))):
                partner[at] = waiting.pop()
                del free[partner[at]]
    matched = [(item, new[partner[at]] if at in partner else None) for at, item in enumerate(old)]
    return [*matched, *((None, new[at]) for at in free)]
