"""What a repair did, so that a person can check it, and which repairs a person wants."""

from collections.abc import Callable
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class RepairChange:
    """One repair.

    Attributes:
        row: line of the file that was given, as an editor counts it; 0 when it is the whole file.
        field: LEDES field name in capitals; '' when it is not a value but the frame of the file.
        before: what stood there.
        after: what stands there now.
        reason: why both mean the same, one sentence.
    """

    row: int
    field: str
    before: str
    after: str
    reason: str

    def as_json(self) -> dict[str, str | int]:
        """Return plain values for a JSON report."""
        return asdict(self)


Wants = Callable[[RepairChange], bool]


def every(_change: RepairChange) -> bool:
    """Want all of them."""
    return True


@dataclass(frozen=True, slots=True)
class AllBut:
    """Wants all repairs but those that a person has left out.

    Attributes:
        places: row and field of single repairs.
        reasons: of kinds of repairs.
    """

    places: frozenset[tuple[int, str]] = frozenset()
    reasons: frozenset[str] = frozenset()

    def __call__(self, change: RepairChange) -> bool:
        """Tell whether a repair is wanted."""
        return (change.row, change.field) not in self.places and change.reason not in self.reasons
