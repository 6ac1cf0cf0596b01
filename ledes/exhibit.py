"""The bytes that a finding is about, shown as they stand in the file: the line, the value in it, odd characters."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from ledes.characters import character_name
from ledes.findings import Finding
from ledes.places import Span, place_of

_ENCODINGS: Final = ("utf-8", "cp1252", "latin-1")
_AROUND: Final = 400
_MOST_MARKED: Final = 2_000
_MOST_ODD: Final = 40
_FIRST, _LAST = 0x20, 0x7E
_NUL_PICTURE: Final = 0x2400
_DELETE, _DELETE_PICTURE = 0x7F, "\N{SYMBOL FOR DELETE}"
_UNSEEN: Final = "\N{DOTTED CIRCLE}"


class Piece(NamedTuple):
    """A part of the line as it is shown.

    Attributes:
        text: to be shown; of a character that cannot be seen, a picture.
        is_marked: whether it belongs to the value the finding is about.
        code_point: 'U+2019' of a character outside printable ASCII, else ''.
        name: of that character.
    """

    text: str
    is_marked: bool
    code_point: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Exhibit:
    """The place of one finding.

    Attributes:
        row: line of the file, as an editor counts it; 0 when the finding is of the whole file.
        column: position of the value among those of the record, from 1, in XML the place in the line; 0: none.
        columns: how many values the record has; 0 in XML.
        first, last: bytes of the value, counted from 0, the last one included; of a blank value `last` is before it.
        encoding: in which the bytes were read.
        pieces: what stands there, one after the other; before: how many of them stand before the value.
        odd: each character outside printable ASCII that is shown, once, with what it is called.
        is_cut_before: whether more of the line stands before the first piece.
        is_cut_after: whether more stands behind the last one.
    """

    row: int
    column: int
    columns: int
    first: int
    last: int
    encoding: str
    pieces: tuple[Piece, ...]
    before: int
    odd: tuple[tuple[str, str], ...]
    is_cut_before: bool
    is_cut_after: bool


def exhibit(content: bytes, finding: Finding) -> Exhibit:
    """Return the bytes of a file that a finding is about."""
    place = place_of(content, finding)
    encoding = _encoding_of(content[place.line.start : place.line.end])
    before, marked, after = _cut(content, place.line, place.value, encoding)
    first = tuple(_pieces(before.text, is_marked=False))
    pieces = (
        *first,
        *_pieces(marked.text, is_marked=True),
        *_pieces(after.text, is_marked=False),
    )
    named = dict.fromkeys((piece.code_point, piece.name) for piece in pieces if piece.code_point)
    return Exhibit(
        row=finding.row,
        column=place.column,
        columns=place.columns,
        first=place.value.start,
        last=place.value.end - 1,
        encoding=encoding,
        pieces=pieces,
        before=len(first),
        odd=tuple(named)[:_MOST_ODD],
        is_cut_before=before.is_cut,
        is_cut_after=marked.is_cut or after.is_cut,
    )


class _Text(NamedTuple):
    text: str
    is_cut: bool


def _cut(content: bytes, line: Span, value: Span, encoding: str) -> tuple[_Text, _Text, _Text]:
    """Decode the three parts of the line, each as far as it is shown."""

    def decoded(start: int, end: int) -> str:
        return content[start:end].decode(encoding, "replace")

    before, marked, after = (
        decoded(line.start, value.start),
        decoded(value.start, value.end),
        decoded(value.end, line.end),
    )
    return (
        _Text(before[-_AROUND:], len(before) > _AROUND),
        _Text(marked[:_MOST_MARKED], len(marked) > _MOST_MARKED),
        _Text(after[:_AROUND], len(after) > _AROUND),
    )


def _encoding_of(raw: bytes) -> str:
    """Return the encoding in which the readers take these bytes."""
    for encoding in _ENCODINGS:
        try:
            raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        return encoding
    return _ENCODINGS[-1]


def _pieces(text: str, *, is_marked: bool) -> Iterator[Piece]:
    """Part a text at its odd characters."""
    plain = ""
    for character in text:
        if _FIRST <= ord(character) <= _LAST:
            plain += character
            continue
        if plain:
            yield Piece(plain, is_marked)
            plain = ""
        yield Piece(_picture(character), is_marked, f"U+{ord(character):04X}", _name(character))
    if plain:
        yield Piece(plain, is_marked)


def _picture(character: str) -> str:
    number = ord(character)
    if number < _FIRST:
        return chr(_NUL_PICTURE + number)
    if number == _DELETE:
        return _DELETE_PICTURE
    if character.isprintable() and not character.isspace() and not unicodedata.combining(character):
        return character
    return _UNSEEN


def _name(character: str) -> str:
    number = ord(character)
    if number < _FIRST or number == _DELETE:
        return unicodedata.name(_picture(character)).removeprefix("SYMBOL FOR ")
    return character_name(character)
