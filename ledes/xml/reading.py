"""What a reader carries along: the carrier's wishes, what has been found so far, and what is named only once."""

from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from typing import Final

from ledes.document import LedesInvoice
from ledes.file_format import FileFormat, Verdict
from ledes.findings import Finding, FindingCode, Problem
from ledes.formats import LedesFormat
from ledes.xml.elements import NO_LIMIT, SPECS, Element, Spec
from ledes.xml.item_numbers import ItemNumbers
from ledes.xml.nodes import Place

_MOST_NAMES: Final = 100
_OF_FEES: Final = frozenset(
    {"LINE_ITEM_TASK_CODE", "LINE_ITEM_ACTIVITY_CODE", "TIMEKEEPER_ID", "TIMEKEEPER_CLASSIFICATION"}
)


class Limits:
    """Lengths, decimals and tolerance of one version for one carrier; compared by identity, as a key of caches.

    Attributes:
        lengths: most characters by element.
    """

    def __init__(self, version: LedesFormat, file_format: FileFormat) -> None:
        self.tolerance = file_format.math_tolerance
        self.classifications = file_format.classifications
        self._file_format = file_format
        self.lengths = {
            one: _length(one, version, file_format) for spec in SPECS.values() for one in spec.known.values()
        }
        self._required = {name: self._wanted(spec) for name, spec in SPECS.items()}

    def decimals(self, element: Element) -> int:
        """Return the most decimals of a figure: 4, or fewer where the carrier wants fewer."""
        return min(4, self._file_format.max_decimals.get(element.field, 4))

    def required(self, spec: Spec) -> dict[str, str]:
        """Return what must be in a segment, by element: why (yes, draft or practice)."""
        return self._required[spec.name]

    def _wanted(self, spec: Spec) -> dict[str, str]:
        wanted = {name: one.required for name, one in spec.required.items()}
        own = self._file_format.required - (_OF_FEES if spec.name == "expense" else frozenset())
        return wanted | {name: "yes" for name, one in spec.known.items() if one.field in own}


def limits_of(version: LedesFormat, file_format: FileFormat) -> Limits:
    """Return the limits, the same object for equal arguments, so that readings are remembered across files."""
    return _limits(version, file_format.model_dump_json())


@lru_cache(maxsize=64)
def _limits(version: LedesFormat, text: str) -> Limits:
    return Limits(version, FileFormat.model_validate_json(text))


def _length(element: Element, version: LedesFormat, file_format: FileFormat) -> int:
    own = element.lengths.get(version, NO_LIMIT)
    return min(own, file_format.max_length.get(element.field, own))


@dataclass(slots=True)
class Reading:
    """One file being read.

    Attributes:
        today: the day after which dates lie in the future.
        outbox: invoices and findings not yet handed on.
        items: file_item_nbr values used so far.
        named: elements reported once already.
    """

    limits: Limits
    file_format: FileFormat
    today: date
    outbox: list[LedesInvoice | Finding] = field(default_factory=list)
    items: ItemNumbers = field(default_factory=ItemNumbers)
    named: set[tuple[FindingCode, str]] = field(default_factory=set)

    def tell(self, problem: Problem, place: Place) -> None:
        """Report a fault at a place."""
        self.outbox.append(placed(problem, place))

    def tell_once(self, problem: Problem, place: Place) -> None:
        """Report a fault of an element unless it was reported before; after a hundred names none are added."""
        key = (problem.code, problem.field)
        if key not in self.named and len(self.named) < _MOST_NAMES:
            self.named.add(key)
            self.tell(problem, place)

    def judge(self, verdict: Verdict, problem: Problem, place: Place) -> None:
        """Report a fault as severely as the carrier takes it."""
        if verdict is not Verdict.IGNORE:
            self.tell(replace(problem, is_warning=verdict is Verdict.WARNING), place)


def placed(problem: Problem, place: Place) -> Finding:
    """Return the finding of a fault at a place."""
    return replace(problem, column=place.column).at(place.row, place.offset)
