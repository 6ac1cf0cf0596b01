"""The tolerant reader of LEDES XML: fed piece by piece, every fault a finding, one invoice in memory at a time."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Final, Protocol
from xml.parsers import expat

from ledes.document import LedesInvoice
from ledes.file_format import STANDARD, FileFormat
from ledes.findings import Finding, FindingCode, Problem
from ledes.xml.bill import Bills
from ledes.xml.nodes import NOWHERE, Place
from ledes.xml.reading import Reading, limits_of, placed
from ledes.xml.sniff import XML_2000_ROOT, local_name, version_of_root
from ledes.xml.tree import StopReading, Tree

_PIECE: Final = 65_536
_LONGEST_TAG: Final = 1_048_576
_UTF_8: Final = frozenset({"utf-8", "utf8", "us-ascii", "ascii"})
_UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")
_UNDEFINED_ENTITY: Final = 11


class Source(Protocol):
    """What a file opened in binary mode offers."""

    def readline(self, size: int = -1, /) -> bytes:
        """Return the next line with its end, cut at `size` bytes; b"" at the end of the file."""


def stream(
    source: Source, file_format: FileFormat = STANDARD, *, today: date | None = None
) -> Iterator[LedesInvoice | Finding]:
    """Yield findings and invoices, one a matter, as they are met.

    Args:
        source: the file, at its beginning.
        file_format: the carrier's limits; its field names are those of the pipe formats.
        today: the day after which dates lie in the future; today in UTC when not given.
    """
    scan = _Scan(file_format, today or datetime.now(UTC).date())
    is_going = True
    while is_going and (piece := _piece(source)):
        is_going = scan.feed(piece)
        yield from scan.take()
    if is_going:
        scan.finish()
        yield from scan.take()


def _piece(source: Source) -> bytes:
    """Return some whole lines, about 64 KB: fewer calls of the parser than lines."""
    parts, size = [], 0
    while size < _PIECE and (line := source.readline(_PIECE)):
        parts.append(line)
        size += len(line)
    return b"".join(parts)


class _Scan:
    """One parser at work, and what it has found."""

    def __init__(self, file_format: FileFormat, today: date) -> None:
        self._file_format, self._today = file_format, today
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.XmlDeclHandler = self._declaration
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.StartElementHandler = self._root
        self._early: list[LedesInvoice | Finding] = []
        self._reading: Reading | None = None
        self._tree: Tree | None = None
        self._bills: Bills | None = None
        self._fed = 0
        self._piece = b""

    def take(self) -> list[LedesInvoice | Finding]:
        """Return what has been found since the last call."""
        found = self._early + (self._reading.outbox if self._reading else [])
        self._early = []
        if self._reading:
            self._reading.outbox.clear()
        return found

    def feed(self, piece: bytes) -> bool:
        """Read a piece; return False when nothing after it can be read."""
        self._piece = piece
        if not self._fed and piece.startswith(_UTF_16):
            self._tell_utf_16()
        try:
            self._parser.Parse(piece, False)
        except StopReading:
            return False
        except expat.ExpatError as error:
            self._tell_malformed(error)
            return False
        except (LookupError, ValueError):
            self._tell_encoding()
            return False
        self._fed += len(piece)
        if self._tree:
            self._tree.cut_giant()
        return self._is_tag_short()

    def finish(self) -> None:
        """Take the end of the file."""
        self._piece = b""
        try:
            self._parser.Parse(b"", True)
        except expat.ExpatError as error:
            self._tell_malformed(error)
            return
        if self._bills:
            self._bills.finish()

    def _root(self, name: str, attributes: dict[str, str]) -> None:
        version = version_of_root(name, attributes)
        if version is None:
            self._tell_foreign(local_name(name))
            raise StopReading
        self._reading = Reading(limits_of(version, self._file_format), self._file_format, self._today)
        self._bills = Bills(self._reading)
        self._tree = Tree(self._parser, self._reading, self._bills.close)
        self._parser.StartElementHandler = self._tree.start
        self._parser.EndElementHandler = self._tree.end
        self._parser.CharacterDataHandler = self._tree.texts.append

    def _tell_utf_16(self) -> None:
        problem = Problem(
            FindingCode.WRONG_ENCODING, "", "The file is UTF-16; LEDES XML is UTF-8.", "Save it as UTF-8."
        )
        self._early.append(placed(problem, Place(1, 1, 0)))

    def _declaration(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if encoding and encoding.lower() not in _UTF_8 and not self._early:
            message = f"The file declares the encoding {encoding}; LEDES XML is UTF-8."
            problem = Problem(FindingCode.WRONG_ENCODING, "", message, "Save it as UTF-8.", value=encoding)
            self._early.append(placed(problem, self._here()))

    def _doctype(self, name: str, *_identifiers: object) -> None:
        if name == XML_2000_ROOT:
            self._tell_foreign(name)
        else:
            message = "The file has a DOCTYPE, which LEDES XML does not have and which could declare entities."
            fix = "Remove it; what it declares is never read."
            self._early.append(placed(Problem(FindingCode.ENTITY_DECLARED, "", message, fix), self._here()))
        raise StopReading

    def _here(self) -> Place:
        parser = self._parser
        return Place(parser.CurrentLineNumber, parser.CurrentColumnNumber + 1, parser.CurrentByteIndex)

    def _tell_foreign(self, name: str) -> None:
        if name == XML_2000_ROOT:
            message = "The file is LEDES XML 2000, which its committee has withdrawn and which is not read here."
            fix = "Export it as LEDES XML 2.1, or as LEDES 1998B."
            problem = Problem(FindingCode.UNSUPPORTED_FORMAT, "", message, fix, value=name)
        else:
            message = f"The file is XML, but its root {name[:40]!r} is not LEDES XML 2.0, 2.1 or 2.2."
            fix = "Check that it is the right file."
            problem = Problem(FindingCode.NOT_LEDES, "", message, fix, value=name)
        self._early.append(placed(problem, self._here()))

    def _tell_malformed(self, error: expat.ExpatError) -> None:
        place = Place(error.lineno, error.offset + 1, max(self._parser.ErrorByteIndex, -1))
        self._early += self._reading.outbox if self._reading else []
        if self._reading:
            self._reading.outbox.clear()
        self._early.append(placed(self._malformed(error, place), place))
        if self._reading is None:
            message = "The file breaks off before it says that it is LEDES XML."
            problem = Problem(FindingCode.NOT_LEDES, "", message, "Check that it is the right file.")
            self._early.append(placed(problem, NOWHERE))

    def _tell_encoding(self) -> None:
        """Report an encoding that nobody here can read; its name has been reported where it stands."""
        message = "The file cannot be read in the encoding that it declares."
        self._early.append(placed(Problem(FindingCode.NOT_LEDES, "", message, "Save it as UTF-8."), NOWHERE))

    def _malformed(self, error: expat.ExpatError, place: Place) -> Problem:
        at = place.offset - self._fed
        if 0 <= at < len(self._piece) and self._piece[at] > 0x7F:  # noqa: PLR2004 -- beyond ASCII
            message = f"The byte 0x{self._piece[at]:02X} is not UTF-8."
            return Problem(FindingCode.WRONG_ENCODING, "", message, "Save the file as UTF-8.")
        message = f"The XML is broken here: {expat.errors.messages[error.code]}."
        fix = "Mend it at this place, or export the file again."
        if error.code == _UNDEFINED_ENTITY:
            fix = "XML knows only &amp; &lt; &gt; &quot; and &apos;; write the character itself, or its number."
        return Problem(FindingCode.MALFORMED_XML, "", message, fix)

    def _is_tag_short(self) -> bool:
        """Tell whether no tag or comment has gone on for a megabyte, which the parser would have to hold whole."""
        if self._fed - max(self._parser.CurrentByteIndex, 0) <= _LONGEST_TAG:
            return True
        message = "A tag or comment that begins here has no end for a megabyte."
        problem = Problem(FindingCode.MALFORMED_XML, "", message, "Look for a missing >, or export the file again.")
        self._early.append(placed(problem, self._here()))
        if self._reading is None:
            message = "The file does not say that it is LEDES XML."
            self._early.append(placed(Problem(FindingCode.NOT_LEDES, "", message, "Check the file."), NOWHERE))
        return False
