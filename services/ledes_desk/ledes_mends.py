"""Repairs of a file that lose nothing: listed, chosen one by one or all at once, and made into a file of its own."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Final

from ledes.file_format import FileFormat
from ledes.findings import Severity
from ledes.mending.changes import AllBut, RepairChange
from ledes.repair import repair
from services.ledes_desk.ledes_bench import Bench

MOST_OF_A_REASON: Final = 1_000
NOTHING_LEFT_OUT: Final = AllBut()


@dataclass(frozen=True)
class RepairList:
    """What can be mended without loss.

    Attributes:
        changes: by row; of each reason no more than `MOST_OF_A_REASON`.
        frame: those of them that are of the file as a whole and go along with any other.
        counts: all there are, by reason, in the order of the file.
        errors_left: errors that remain when all are made; warnings_left likewise.
    """

    changes: tuple[RepairChange, ...]
    frame: frozenset[RepairChange]
    counts: Mapping[str, int]
    errors_left: int
    warnings_left: int

    @property
    def total(self) -> int:
        """Return how many repairs there are."""
        return sum(self.counts.values())


@dataclass(frozen=True)
class Mended:
    """A file with the chosen repairs."""

    content: bytes
    repairs: int
    errors_left: int
    name: str


def list_repairs(bench: Bench) -> RepairList:
    """Return what can be mended of the file, and what would be left."""
    return bench.worked_out(listed_repairs)


def listed_repairs(content: bytes, file_format: FileFormat) -> RepairList:
    """Return the repairs of a file."""
    mended = repair(content, file_format)
    counts: Counter[str] = Counter()
    kept: list[RepairChange] = []
    for change in mended.changes:
        counts[change.reason] += 1
        if counts[change.reason] <= MOST_OF_A_REASON:
            kept.append(change)
    errors = sum(one.severity is Severity.ERROR for one in mended.remaining)
    return RepairList(tuple(kept), frozenset(mended.frame), dict(counts), errors, len(mended.remaining) - errors)


def mend(bench: Bench, left_out: AllBut = NOTHING_LEFT_OUT) -> Mended:
    """Make the repairs but those left out; the file itself stays as it is."""
    content, repairs, errors = bench.made(mended_content, left_out)
    path = PurePath(bench.file.name)
    return Mended(content, repairs, errors, f"{path.stem}-mended{path.suffix}")


def mended_content(content: bytes, file_format: FileFormat, left_out: AllBut) -> tuple[bytes, int, int]:
    """Return the mended bytes, how many repairs were made, and how many errors remain."""
    mended = repair(content, file_format, wants=left_out)
    return mended.content, len(mended.changes), sum(one.severity is Severity.ERROR for one in mended.remaining)


__all__ = ["MOST_OF_A_REASON", "AllBut", "Mended", "RepairChange", "RepairList", "list_repairs", "mend"]
