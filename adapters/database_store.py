"""The object store in the database itself: for web server and workers that have nothing else in common.

The one place outside services/ that writes tables. It knows no use case: a key and its bytes, whole or not at all.
"""

from sqlalchemy import delete, insert, select
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, col

from adapters.object_keys import checked_key, not_found, unavailable
from core.clock import now
from core.db import Database
from core.errors import BillingError
from core.ids import sha256_hex
from models import StoredChunk, StoredObject
from models.stored_object import CHUNK_BYTES


class StoredBytesDamagedError(BillingError):
    """What the database holds of an object is not what was put there."""

    code = "stored_bytes_damaged"
    status_code = 409


class DatabaseObjectStore:
    """Tables of objects and their chunks, written in transactions of their own.

    `database` opens a connection an operation and keeps none, so that a request which holds one of the portal's few
    connections never waits for a second of the same.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, key: str, content: bytes, media_type: str) -> None:
        """Store bytes durably before returning."""
        checked_key(key)
        try:
            self._database.transact(lambda session: _put(session, key, content, media_type))
        except SQLAlchemyError as wrong:
            raise unavailable(key) from wrong

    def get(self, key: str) -> bytes:
        """Return the bytes of a key.

        Raises:
            StoredBytesDamagedError: they are not the ones that were put there.
        """
        named = col(StoredObject.object_key) == checked_key(key)
        try:
            with self._database.read_only() as session:
                found = session.scalars(select(StoredObject).where(named)).first()
                content = b"" if found is None else _content(session, found)
        except SQLAlchemyError as wrong:
            raise unavailable(key) from wrong
        if found is None:
            raise not_found(key)
        if sha256_hex(content) != found.sha256:
            message = "The stored bytes are damaged, so they are not shown. Tell an administrator; a backup has them."
            raise StoredBytesDamagedError(message, key=key, byte_count=len(content), stored_byte_count=found.byte_count)
        return content

    def delete(self, key: str) -> None:
        """Forget the bytes of a key."""
        checked_key(key)
        try:
            self._database.transact(lambda session: _delete(session, key))
        except SQLAlchemyError as wrong:
            raise unavailable(key) from wrong


def _put(session: Session, key: str, content: bytes, media_type: str) -> None:
    _delete(session, key)
    row = StoredObject(
        object_key=key,
        media_type=media_type,
        byte_count=len(content),
        sha256=sha256_hex(content),
        created_at=now(),
    )
    session.add(row)
    session.flush()
    # One statement a chunk: a server takes packets of some megabytes only.
    for position, start in enumerate(range(0, len(content), CHUNK_BYTES)):
        part = content[start : start + CHUNK_BYTES]
        session.execute(insert(StoredChunk).values(stored_object_id=row.id, position=position, content=part))


def _content(session: Session, found: StoredObject) -> bytes:
    mine = select(col(StoredChunk.content)).where(col(StoredChunk.stored_object_id) == found.id)
    return b"".join(session.scalars(mine.order_by(col(StoredChunk.position))))


def _delete(session: Session, key: str) -> None:
    named = select(col(StoredObject.id)).where(col(StoredObject.object_key) == key)
    stored_object_id = session.scalars(named).first()
    if stored_object_id is not None:
        session.execute(delete(StoredChunk).where(col(StoredChunk.stored_object_id) == stored_object_id))
        session.execute(delete(StoredObject).where(col(StoredObject.id) == stored_object_id))
