"""Files on a person's LEDES workbench: bytes in the object store for some hours, and nobody else's to see."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import PurePosixPath

from sqlalchemy import ColumnElement, and_, func, select
from sqlmodel import Session, col

from adapters.object_store import ObjectStore, object_store
from core.clock import now
from core.db import on_commit
from core.errors import BillingError, InvalidInputError, NotFoundError, WrongStateError
from core.ids import new_correlation_id, sha256_hex
from core.settings import get_settings
from models import LedesFile
from models.enums import LedesFileOrigin, Role
from services import audit
from services.access import person_id, require
from services.actor import Actor, system_actor
from services.row_ids import row_id

LARGEST_FILE = 25 * 1024 * 1024 - 64 * 1024
"""Bytes; what the portal takes in one upload, less what the browser puts around the file."""
MOST_FILES = 40
_NAME_LENGTH = 120
_SUBJECT = "ledes_file"
_MEDIA_TYPE = "application/octet-stream"
_WHOSE = (Role.BILLER, Role.ADMIN, Role.ATTORNEY)
_SWEPT_AT_ONCE = 200


class LedesFileAlteredError(BillingError):
    """The stored bytes are not the ones that were dropped."""

    code = "ledes_file_altered"
    status_code = 409


@dataclass(frozen=True)
class KeptFile:
    """One file of a person; `made_from` is the name of the file it was made from, '' of an uploaded one."""

    id: int
    name: str
    origin: LedesFileOrigin
    made_from: str
    size_bytes: int
    sha256: str
    object_key: str
    created_at: datetime
    expires_at: datetime


def keep_file(
    session: Session,
    actor: Actor,
    *,
    name: str,
    content: bytes,
    origin: LedesFileOrigin = LedesFileOrigin.UPLOADED,
    made_from: str = "",
    store: ObjectStore | None = None,
) -> KeptFile:
    """Put a file on the actor's workbench; its bytes follow once the row is sure, so that none lie there alone.

    Raises:
        DeniedError: the workbench is not for this person.
        InvalidInputError: the file is larger than the portal takes.
        WrongStateError: the workbench is full.
    """
    require(actor, *_WHOSE, what="The LEDES workbench")
    owner_id, at = person_id(actor), now()
    _check_room(session, owner_id, len(content))
    row = LedesFile(
        owner_id=owner_id,
        origin=origin,
        name=plain_name(name),
        made_from=made_from[:_NAME_LENGTH],
        size_bytes=len(content),
        sha256=sha256_hex(content),
        object_key=f"workbench/{owner_id}/{new_correlation_id()}{new_correlation_id()}",
        created_at=at,
        expires_at=at + timedelta(hours=get_settings().workbench_hours),
    )
    session.add(row)
    session.flush()
    tag, size = f"ledes_file:{origin}", row.size_bytes
    audit.record(session, actor, tag, _SUBJECT, row_id(row), name=row.name, size_bytes=size, sha256=row.sha256)
    kept, target = _kept(row), store or object_store(get_settings())
    on_commit(session, lambda: target.put(kept.object_key, content, _MEDIA_TYPE))
    return kept


def list_files(session: Session, actor: Actor) -> list[KeptFile]:
    """Return the actor's files, the newest first."""
    require(actor, *_WHOSE, what="The LEDES workbench")
    newest = select(LedesFile).where(_is_own(person_id(actor))).order_by(col(LedesFile.id).desc())
    return [_kept(row) for row in session.scalars(newest)]


def find_file(session: Session, actor: Actor, *, file_id: int) -> KeptFile:
    """Return one of the actor's files.

    Raises:
        NotFoundError: there is none, it has expired, or it is somebody else's.
    """
    require(actor, *_WHOSE, what="The LEDES workbench")
    row = session.scalar(select(LedesFile).where(col(LedesFile.id) == file_id, _is_own(person_id(actor))))
    if row is None:
        raise _gone()
    return _kept(row)


def read_content(file: KeptFile, *, store: ObjectStore | None = None) -> bytes:
    """Return the bytes of a file that was found for its owner.

    Raises:
        NotFoundError: the store no longer has them.
        LedesFileAlteredError: they are not the ones that were kept.
    """
    if store is not None:
        return _checked(store, file.object_key, file.sha256)
    return _held(file.object_key, file.sha256)


def read_file(session: Session, actor: Actor, *, file_id: int, store: ObjectStore | None = None) -> tuple[str, bytes]:
    """Return name and bytes of one of the actor's files."""
    file = find_file(session, actor, file_id=file_id)
    return file.name, read_content(file, store=store)


def discard_file(session: Session, actor: Actor, *, file_id: int, store: ObjectStore | None = None) -> None:
    """Take one of the actor's files away, bytes first."""
    file = find_file(session, actor, file_id=file_id)
    _discard(session, actor, session.get_one(LedesFile, file.id), "discarded", store or object_store(get_settings()))


def discard_expired(session: Session, *, store: ObjectStore | None = None) -> int:
    """Take away some of the files whose time is over; return how many."""
    over = select(LedesFile).where(col(LedesFile.expires_at) <= now()).limit(_SWEPT_AT_ONCE)
    rows = session.scalars(over).all()
    for row in rows:
        owner = system_actor(on_behalf_of_id=row.owner_id)
        _discard(session, owner, row, "expired", store or object_store(get_settings()))
    return len(rows)


def plain_name(name: str) -> str:
    """Return the last part of a file's name, as far as it is kept; never a path."""
    last = PurePosixPath(name.replace("\\", "/")).name
    printable = "".join(character for character in last if character.isprintable())
    return printable[-_NAME_LENGTH:] or "file"


def _discard(session: Session, actor: Actor, row: LedesFile, verb: str, store: ObjectStore) -> None:
    store.delete(row.object_key)
    audit.record(session, actor, f"ledes_file:{verb}", _SUBJECT, row_id(row), name=row.name, sha256=row.sha256)
    session.delete(row)
    session.flush()
    _held.cache_clear()


# A page is turned many times over one file; few are held, and a discarded one is let go of.
@lru_cache(maxsize=3)
def _held(key: str, sha256: str) -> bytes:
    return _checked(object_store(get_settings()), key, sha256)


def _checked(store: ObjectStore, key: str, sha256: str) -> bytes:
    try:
        content = store.get(key)
    except NotFoundError as missing:
        raise _gone() from missing
    if sha256_hex(content) != sha256:
        message = "The file was altered after it was dropped here, so it is not shown. Drop it again."
        raise LedesFileAlteredError(message)
    return content


def _check_room(session: Session, owner_id: int, size: int) -> None:
    if size > LARGEST_FILE:
        message = f"The file has {size:,} bytes; {LARGEST_FILE:,} is the most. It was not kept; split it."
        raise InvalidInputError(message)
    if (session.scalar(select(func.count()).select_from(LedesFile).where(_is_own(owner_id))) or 0) >= MOST_FILES:
        message = f"There are {MOST_FILES} files on your workbench. This one was not kept; discard some and try again."
        raise WrongStateError(message)


def _is_own(owner_id: int) -> ColumnElement[bool]:
    return and_(col(LedesFile.owner_id) == owner_id, col(LedesFile.expires_at) > now())


def _gone() -> NotFoundError:
    hours = get_settings().workbench_hours
    message = f"This file is not on your workbench (any more); files stay for {hours} hours. Drop it again."
    return NotFoundError(message)


def _kept(row: LedesFile) -> KeptFile:
    return KeptFile(
        id=row_id(row),
        name=row.name,
        origin=row.origin,
        made_from=row.made_from,
        size_bytes=row.size_bytes,
        sha256=row.sha256,
        object_key=row.object_key,
        created_at=row.created_at,
        expires_at=row.expires_at,
    )
