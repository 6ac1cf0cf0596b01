"""A LEDES 1998B file for the eye: every record's fields under their names, byte for byte as they are sent."""

from dataclasses import dataclass

from sqlmodel import Session

from services.actor import Actor
from services.invoice_documents import read_ledes_file

_END = "[]"
_SEPARATOR = "|"
_HEAD_LINES = 2


@dataclass(frozen=True)
class LedesPreview:
    """`fields` are the names of the header record; `records` the first lines, `record_count` how many there are."""

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
