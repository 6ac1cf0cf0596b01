"""What a repair did, so that a person can check it."""

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
