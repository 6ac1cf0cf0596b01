"""Where evidence, and files for a while, are kept: bytes by key, in a folder or an S3 bucket, of one contract suite."""

import os
import re
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol
from uuid import uuid4

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from core.errors import InvalidInputError, NotFoundError, UnavailableError
from core.settings import Settings

_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*(/[A-Za-z0-9][A-Za-z0-9_.-]*)*")
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
        path = self._root / _checked(key)
        draft = path.with_name(f".{uuid4().hex}")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            _write_synced(draft, content)
            draft.replace(path)
        except OSError as wrong:
            with suppress(OSError):
                draft.unlink()
            raise _unavailable(key) from wrong

    def get(self, key: str) -> bytes:
        """Return the bytes of a key."""
        try:
            return (self._root / _checked(key)).read_bytes()
        except FileNotFoundError as missing:
            raise _not_found(key) from missing
        except OSError as wrong:
            raise _unavailable(key) from wrong

    def delete(self, key: str) -> None:
        """Forget the bytes of a key."""
        try:
            (self._root / _checked(key)).unlink(missing_ok=True)
        except OSError as wrong:
            raise _unavailable(key) from wrong


class S3ObjectStore:
    """An S3 bucket; credentials come from the environment's own chain."""

    def __init__(self, bucket: str, endpoint_url: str = "") -> None:
        timeouts = Config(connect_timeout=5, read_timeout=20, retries={"max_attempts": 3, "mode": "standard"})
        self._bucket = bucket
        self._client: Any = boto3.client("s3", endpoint_url=endpoint_url or None, config=timeouts)

    def put(self, key: str, content: bytes, media_type: str) -> None:
        """Store bytes durably before returning."""
        place = {"Bucket": self._bucket, "Key": _checked(key)}
        try:
            self._client.put_object(**place, Body=content, ContentType=media_type)
        except (BotoCoreError, ClientError) as wrong:
            raise _unavailable(key) from wrong

    def get(self, key: str) -> bytes:
        """Return the bytes of a key."""
        try:
            answer = self._client.get_object(Bucket=self._bucket, Key=_checked(key))
            content: bytes = answer["Body"].read()
        except ClientError as wrong:
            if wrong.response["Error"]["Code"] in _ABSENT:
                raise _not_found(key) from wrong
            raise _unavailable(key) from wrong
        except BotoCoreError as wrong:
            raise _unavailable(key) from wrong
        return content

    def delete(self, key: str) -> None:
        """Forget the bytes of a key."""
        try:
            self._client.delete_object(Bucket=self._bucket, Key=_checked(key))
        except (BotoCoreError, ClientError) as wrong:
            raise _unavailable(key) from wrong


def object_store(settings: Settings) -> ObjectStore:
    """Return the store that the settings name: the bucket, or the local folder while no bucket is named."""
    if settings.evidence_bucket:
        return S3ObjectStore(settings.evidence_bucket, settings.aws_endpoint_url)
    return LocalObjectStore(settings.evidence_dir)


def _write_synced(path: Path, content: bytes) -> None:
    with path.open("wb") as handle:
        handle.write(content)
        handle.flush()
        os.fsync(handle.fileno())


def _checked(key: str) -> str:
    if not _KEY.fullmatch(key):
        message = f"{key!r} is no key of the evidence store. Nothing was read or written."
        raise InvalidInputError(message)
    return key


def _not_found(key: str) -> NotFoundError:
    message = "This piece of evidence is no longer in the store. The ledger still holds its checksum and its date."
    return NotFoundError(message, key=key)


def _unavailable(key: str) -> UnavailableError:
    message = "The evidence store cannot be reached or is full. What was there is kept; try again in a few minutes."
    return UnavailableError(message, key=key)
