"""Where a file is read from: anything opened in binary mode, looked into before it is read."""

from typing import Protocol

BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class Source(Protocol):
    """What a file opened in binary mode offers."""

    def read(self, size: int = -1, /) -> bytes:
        """Return the next bytes, at most `size` of them; b"" at the end of the file."""

    def readline(self, size: int = -1, /) -> bytes:
        """Return the next line with its end, cut at `size` bytes; b"" at the end of the file."""


class Peeked:
    """A source whose beginning was looked at and is given once more.

    Attributes:
        head: what was looked at.
        count: bytes given so far.
    """

    def __init__(self, source: Source, size: int) -> None:
        self._source = source
        self.head = self._rest = source.read(size)
        self.count = 0

    def read(self, size: int = -1, /) -> bytes:
        """Return the next bytes, at most `size` of them; b"" at the end of the file."""
        if self._rest:
            found, self._rest = (self._rest, b"") if size < 0 else (self._rest[:size], self._rest[size:])
        else:
            found = self._source.read(size)
        self.count += len(found)
        return found

    def readline(self, size: int = -1, /) -> bytes:
        """Return the next line with its end, cut at `size` bytes; b"" at the end of the file."""
        end = self._rest.find(b"\n") + 1 or len(self._rest)
        found = self.read(end if size < 0 else min(end, size)) if self._rest else b""
        if not found.endswith(b"\n") and len(found) != size:
            rest = self._source.readline(size if size < 0 else size - len(found))
            self.count += len(rest)
            found += rest
        return found
