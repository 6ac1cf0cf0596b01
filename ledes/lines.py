"""The lines of a file as bytes, none longer than a record may be: a file without line ends is never held in memory."""

from collections.abc import Iterator
from typing import Final, Protocol

LONGEST_RECORD: Final = 65_536


class Source(Protocol):
    """What a file opened in binary mode offers."""

    def readline(self, size: int = -1, /) -> bytes:
        """Return the next line with its end, cut at `size` bytes; b"" at the end of the file."""


def read_lines(source: Source) -> Iterator[bytes]:
    """Yield the lines with their ends; a bare CR ends one only where else it would be too long.

    Of a line of `LONGEST_RECORD` bytes or more only as much is given; the rest is skipped.
    """
    rest = b""
    while raw := source.readline(LONGEST_RECORD):
        if not rest and len(raw) < LONGEST_RECORD:
            yield raw
            continue
        found = rest + raw
        end = len(found) if found.endswith(b"\n") else found.rfind(b"\r") + 1
        if not end and len(found) >= LONGEST_RECORD:
            end = LONGEST_RECORD
            _skip_line(source)
            found = found[:end]
        yield found[:end]
        rest = found[end:]
    if rest:
        yield rest


def _skip_line(source: Source) -> None:
    while (skipped := source.readline(LONGEST_RECORD)) and not skipped.endswith(b"\n"):
        pass
