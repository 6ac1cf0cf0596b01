"""The records of a file as the tolerant reader joins them, with the bytes that each was made of."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from ledes.findings import FindingCode
from ledes.mending.changes import RepairChange
from ledes.mending.frame import Piece
from ledes.pipe.layout import TERMINATOR, Layout
from ledes.pipe.loose import LooseReader, Record

_ENCODINGS: Final = ("ascii", "utf-8", "cp1252", "latin-1")


class FoundRecord(NamedTuple):
    """One record.

    Attributes:
        row: line of the file it starts in.
        text: what it says, without [].
        raws: the bytes of the lines it was read from.
        problems: faults of its frame.
        torn_field: the field in which a line break stood, or ''.
    """

    row: int
    text: str
    raws: tuple[bytes, ...]
    problems: frozenset[FindingCode]
    torn_field: str

    @property
    def values(self) -> list[str]:
        """Return what stands between the pipes."""
        return self.text.split("|")

    @property
    def shown(self) -> str:
        """Return the record as it was written, for people."""
        return self.text if FindingCode.TERMINATOR_MISSING in self.problems else f"{self.text}{TERMINATOR}"

    @property
    def is_cut(self) -> bool:
        """Tell whether the record was too long to be read, so that nothing but its bytes is whole."""
        return FindingCode.RECORD_TOO_LONG in self.problems

    def encode(self, text: str) -> bytes:
        """Return a text of this record in bytes; in the record's own encoding where it is not plain ASCII."""
        own = next(encoding for encoding in _ENCODINGS if all(_can_be(raw, encoding) for raw in self.raws))
        try:
            return text.encode(own)
        except UnicodeEncodeError:
            return text.encode()


def find_records(pieces: tuple[Piece, ...], layout: Layout) -> Iterator[FoundRecord]:
    """Yield the records, torn ones joined by a space."""
    reader, waiting = LooseReader(), list[Piece]()
    reader.layout = layout
    for piece in pieces:
        waiting.append(piece)
        found = list(reader.read([piece.raw]))
        if not found:
            continue
        still_open = [waiting.pop()] if reader.is_torn else []
        yield from _placed(found, waiting)
        waiting = still_open
    yield from _placed(list(reader.finish()), waiting)


def _placed(found: list[Record], pieces: list[Piece]) -> Iterator[FoundRecord]:
    """Give records their row in the file and their bytes: the last of two is one piece, what came before the other."""
    parts = [pieces] if len(found) == 1 else [pieces[:-1], pieces[-1:]]
    for record, own in zip(found, parts, strict=False):
        torn = next((one.field for one in record.problems if one.code is FindingCode.LINE_BREAK), "")
        codes = frozenset(one.code for one in record.problems)
        yield FoundRecord(own[0].row, record.text, tuple(piece.raw for piece in own), codes, torn)


def frame_changes(record: FoundRecord) -> Iterator[RepairChange]:
    """Say how a record was made whole."""
    if FindingCode.LINE_BREAK in record.problems:
        reason = "A line break inside a value only separates words, as a space does."
        yield RepairChange(record.row, record.torn_field, "a line break", "a space", reason)
    if FindingCode.TERMINATOR_MISSING in record.problems:
        yield RepairChange(record.row, "", "no []", TERMINATOR, "Every record ends with [].")


def _can_be(raw: bytes, encoding: str) -> bool:
    try:
        raw.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
