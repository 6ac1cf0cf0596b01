"""Reads the text of a PDF back from its bytes: fonts by their ToUnicode tables, runs in the order they are drawn.

It knows what the product's typesetter writes (composite fonts with two-byte codes, Flate streams) and nothing of how
the text came there, so that a test reads what a carrier's clerk would.
"""

import re
import zlib
from collections.abc import Iterator

_OBJECT = re.compile(rb"(?:^|\n)(\d+) 0 obj\s(.*?)\nendobj", re.DOTALL)
_ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
_LITERAL = rb"\((?:\\.|[^\\)])*\)"
_TOKEN = re.compile(
    rb"/(f\d+) [\d.]+ Tf|\[((?:" + _LITERAL + rb"|<[0-9A-Fa-f]*>|[-\d.\s])*)\]\s*TJ|(" + _LITERAL + rb")\s*Tj",
    re.DOTALL,
)
_STRING = re.compile(rb"\(((?:\\.|[^\\)])*)\)|<([0-9A-Fa-f]*)>", re.DOTALL)


def text_of(pdf: bytes) -> str:
    """Return the text of every page, one line a run."""
    return "\n".join(pages_of(pdf))


def pages_of(pdf: bytes) -> list[str]:
    """Return the text of each page, one line a run."""
    objects = {int(number): body for number, body in _OBJECT.findall(pdf)}
    return ["\n".join(_runs(objects, page)) for page in _pages(objects)]


def _pages(objects: dict[int, bytes]) -> Iterator[bytes]:
    root = next(body for body in objects.values() if b"/Type/Pages" in body and b"/Parent" not in body)
    yield from _kids(objects, root)


def _kids(objects: dict[int, bytes], node: bytes) -> Iterator[bytes]:
    listed = re.search(rb"/Kids\[(.*?)\]", node)
    for number in re.findall(rb"(\d+) 0 R", listed[1] if listed else b""):
        kid = objects[int(number)]
        if b"/Kids" in kid:
            yield from _kids(objects, kid)
        else:
            yield kid


def _runs(objects: dict[int, bytes], page: bytes) -> Iterator[str]:
    fonts = _fonts(objects, _referred(objects, page, b"Resources"))
    table: dict[bytes, str] = {}
    for font, parts, single in _TOKEN.findall(_content(_referred(objects, page, b"Contents"))):
        if font:
            table = fonts[font]
            continue
        codes = b"".join(_bytes(*found) for found in _STRING.findall(parts or single))
        yield "".join(table.get(codes[at : at + 2], "\N{REPLACEMENT CHARACTER}") for at in range(0, len(codes), 2))


def _fonts(objects: dict[int, bytes], resources: bytes) -> dict[bytes, dict[bytes, str]]:
    listed = re.search(rb"/Font<<(.*?)>>", resources)
    named = re.findall(rb"/(f\d+) (\d+) 0 R", listed[1] if listed else b"")
    return {name: _table(_content(_referred(objects, objects[int(number)], b"ToUnicode"))) for name, number in named}


def _table(cmap: bytes) -> dict[bytes, str]:
    found = {}
    for block in re.findall(rb"beginbfchar(.*?)endbfchar", cmap, re.DOTALL):
        for code, text in re.findall(rb"<([0-9A-F]{4})>\s*<([0-9A-F]+)>", block):
            found[bytes.fromhex(code.decode())] = bytes.fromhex(text.decode()).decode("utf-16-be")
    for block in re.findall(rb"beginbfrange(.*?)endbfrange", cmap, re.DOTALL):
        for first, last, text in re.findall(rb"<([0-9A-F]{4})>\s*<([0-9A-F]{4})>\s*<([0-9A-F]{4})>", block):
            for step in range(int(last, 16) - int(first, 16) + 1):
                found[(int(first, 16) + step).to_bytes(2, "big")] = chr(int(text, 16) + step)
    return found


def _referred(objects: dict[int, bytes], holder: bytes, name: bytes) -> bytes:
    found = re.search(rb"/" + name + rb" (\d+) 0 R", holder)
    assert found is not None, f"{name.decode()} is not where it should be"
    return objects[int(found[1])]


def _content(body: bytes) -> bytes:
    head, _, stream = body.partition(b"stream\n")
    return zlib.decompressobj().decompress(stream) if b"/FlateDecode" in head else stream


def _bytes(literal: bytes, digits: bytes) -> bytes:
    if digits:
        return bytes.fromhex(digits.decode())
    return re.sub(rb"\\([0-7]{1,3}|\r?\n|.)", _escaped, literal, flags=re.DOTALL)


def _escaped(found: "re.Match[bytes]") -> bytes:
    said = found[1]
    if said[:1].isdigit():
        return bytes([int(said, 8)])
    return b"" if said.strip() == b"" else _ESCAPES.get(said, said)
