"""A LEDES file for the eye: every record's fields under their names, or every line of XML, as they are sent."""

import re
from dataclasses import dataclass

from sqlmodel import Session

from ledes.sniff import looks_like_xml
from services.actor import Actor
from services.invoicing.invoice_documents import read_ledes_file

_END = "[]"
_SEPARATOR = "|"
_HEAD_LINES = 2
_XML_FIELDS = ("Line", "Element")
_ROOT = re.compile(rb"<ledesxmlebilling([0-9.]+)")
_INDENT = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True)
class LedesPreview:
    """`fields` are the names of the header record; `records` the first lines, `record_count` how many there are.

    XML has no header record: its lines are numbered, and indented as they are in the file.
    """

    file_name: str
    byte_count: int
    version: str
    fields: tuple[str, ...]
    records: tuple[tuple[str, ...], ...]
    record_count: int


def preview_ledes(session: Session, actor: Actor, *, revision_id: int, limit: int = 100) -> LedesPreview:
    """Return the first `limit` records of a revision's file, checked against its recorded SHA-256.

    Raises:
        NotFoundError: there is none, or it is of another attorney's matter.
        FileAlteredError: the bytes are not those that were finalised.
    """
    name, content = read_ledes_file(session, actor, revision_id=revision_id)
    return _of_xml(name, content, limit) if looks_like_xml(content[:64]) else _of_records(name, content, limit)


def _of_records(name: str, content: bytes, limit: int) -> LedesPreview:
    lines = [line.removesuffix(_END) for line in content.decode("ascii", "replace").splitlines() if line]
    records = lines[_HEAD_LINES:]
    return LedesPreview(
        file_name=name,
        byte_count=len(content),
        version=lines[0],
        fields=tuple(lines[1].split(_SEPARATOR)),
        records=tuple(tuple(record.split(_SEPARATOR)) for record in records[:limit]),
        record_count=len(records),
    )


def _of_xml(name: str, content: bytes, limit: int) -> LedesPreview:
    lines = content.decode("utf-8", "replace").splitlines()
    root = _ROOT.search(content)
    return LedesPreview(
        file_name=name,
        byte_count=len(content),
        version=f"LEDES XML {root[1].decode('ascii')}" if root else "XML",
        fields=_XML_FIELDS,
        records=tuple((str(number), _indented(line)) for number, line in enumerate(lines[:limit], start=1)),
        record_count=len(lines),
    )


def _indented(line: str) -> str:
    text = line.lstrip()
    return f"{_INDENT * (len(line) - len(text))}{text}"
