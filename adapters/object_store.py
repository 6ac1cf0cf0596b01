"""Where evidence, and files for a while, are kept: bytes by key, in a folder, an S3 bucket or the database."""

import os
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol
from uuid import uuid4

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from sqlalchemy.engine import URL

from adapters.database_store import DatabaseObjectStore
from adapters.object_keys import checked_key, not_found, unavailable
from core.db import Database, get_database
from core.errors import NotFoundError
from core.settings import Settings

_ABSENT = frozenset({"NoSuchKey", "404"})


class ObjectStore(Protocol):
    """Bytes by key; keys are path-like, as in 'evidence/7/2/001-before.png'."""

    def put(self, key: str, content: bytes, media_type: str) -> None:
        """Store bytes durably before returning; the same key again replaces them whole.

        Raises:
            UnavailableError: the store cannot be reached or is full.
        """
        ...

    def get(self, key: str) -> bytes:
        """Return the bytes of a key.

        Raises:
            NotFoundError: there are none.
            UnavailableError: the store cannot be reached.
        """
        ...

    def delete(self, key: str) -> None:
        """Forget the bytes of a key; none there is no error. For files kept for a while, never for evidence.

        Raises:
            UnavailableError: the store cannot be reached.
        """
        ...


class LocalObjectStore:
    """A folder. A file appears whole or not at all: it is written beside its place, synced, then renamed."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def put(self, key: str, content: bytes, media_type: str) -> None:  # noqa: ARG002 -- a folder keeps no media types
        """Store bytes durably before returning."""
        path = self._root / checked_key(key)
        draft = path.with_name(f".{uuid4().hex}")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            _write_synced(draft, content)
            draft.replace(path)
        except OSError as wrong:
            with suppress(OSError):
                draft.unlink()
            raise unavailable(key) from wrong

    def get(self, key: str) -> bytes:
        """Return the bytes of a key."""
        try:
            return (self._root / checked_key(key)).read_bytes()
        except FileNotFoundError as missing:
            raise not_found(key) from missing
        except OSError as wrong:
            raise unavailable(key) from wrong

    def delete(self, key: str) -> None:
        """Forget the bytes of a key."""
        try:
            (self._root / checked_key(key)).unlink(missing_ok=True)
        except OSError as wrong:
            raise unavailable(key) from wrong


class S3ObjectStore:
    """An S3 bucket; credentials come from the environment's own chain."""

    def __init__(self, bucket: str, endpoint_url: str = "") -> None:
        timeouts = Config(connect_timeout=5, read_timeout=20, retries={"max_attempts": 3, "mode": "standard"})
        self._bucket = bucket
        self._client: Any = boto3.client("s3", endpoint_url=endpoint_url or None, config=timeouts)

    def put(self, key: str, content: bytes, media_type: str) -> None:
        """Store bytes durably before returning."""
        place = {"Bucket": self._bucket, "Key": checked_key(key)}
        try:
            self._client.put_object(**place, Body=content, ContentType=media_type)
        except (BotoCoreError, ClientError) as wrong:
            raise unavailable(key) from wrong

    def get(self, key: str) -> bytes:
        """Return the bytes of a key."""
        try:
            answer = self._client.get_object(Bucket=self._bucket, Key=checked_key(key))
            content: bytes = answer["Body"].read()
        except ClientError as wrong:
            if wrong.response["Error"]["Code"] in _ABSENT:
                raise not_found(key) from wrong
            raise unavailable(key) from wrong
        except BotoCoreError as wrong:
            raise unavailable(key) from wrong
        return content

    def delete(self, key: str) -> None:
        """Forget the bytes of a key."""
        try:
            self._client.delete_object(Bucket=self._bucket, Key=checked_key(key))
        except (BotoCoreError, ClientError) as wrong:
            raise unavailable(key) from wrong


class MovedObjectStore:
    """A store that took over from an older one: it takes all that is new; the older one still gives what it holds."""

    def __init__(self, store: ObjectStore, older: ObjectStore) -> None:
        self._store = store
        self._older = older

    def put(self, key: str, content: bytes, media_type: str) -> None:
        """Store bytes in the newer store."""
        self._store.put(key, content, media_type)

    def get(self, key: str) -> bytes:
        """Return the bytes of a key, from where they are."""
        try:
            return self._store.get(key)
        except NotFoundError:
            return self._older.get(key)

    def delete(self, key: str) -> None:
        """Forget the bytes of a key in both."""
        self._store.delete(key)
        self._older.delete(key)


def object_store(settings: Settings) -> ObjectStore:
    """Return the store that the settings name.

    A bucket where one is named; else the database, unless it is the SQLite of one machine: that machine has a folder.
    A folder that an installation used before it had such a database is still read.
    """
    if settings.evidence_bucket:
        return S3ObjectStore(settings.evidence_bucket, settings.aws_endpoint_url)
    database, folder = get_database(), LocalObjectStore(settings.evidence_dir)
    if settings.evidence_store == "folder" or (settings.evidence_store == "" and database.is_sqlite):
        return folder
    kept = DatabaseObjectStore(_beside(database.url))
    return MovedObjectStore(kept, folder) if settings.evidence_dir.is_dir() else kept


@lru_cache(maxsize=4)
def _beside(url: URL) -> Database:
    return Database(url, keeps_connections=False)


def _write_synced(path: Path, content: bytes) -> None:
    with path.open("wb") as handle:
        handle.write(content)
        handle.flush()
        os.fsync(handle.fileno())
