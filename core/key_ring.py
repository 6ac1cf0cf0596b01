"""The local key ring: key-encryption keys in a file that only its owner reads, or in the environment."""

import fcntl
import json
import os
from base64 import b64decode, b64encode
from binascii import Error as NoBase64
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from core.clock import now
from core.crypto import Keys, decrypt, encrypt
from core.errors import InvalidInputError, WrongStateError

_KEY_BYTES = 32
# A process that read the ring just before a rotation may seal with the old key for as long as its transaction takes.
_STILL_IN_USE = timedelta(minutes=15)


@dataclass(frozen=True)
class _Document:
    """The ring as it is stored; `superseded` says until when a key was the current one."""

    current: str
    keys: dict[str, bytes]
    superseded: dict[str, datetime] = field(default_factory=dict)

    def as_json(self) -> str:
        return json.dumps({
            "current": self.current,
            "keys": {name: b64encode(key).decode() for name, key in self.keys.items()},
            "superseded": {name: at.isoformat() for name, at in self.superseded.items()},
        })  # fmt: skip


class KeyRing(Keys):
    """Local keys by id; the newest one wraps, every one unwraps.

    A key's id holds the beginning of its checksum, so a ring of another installation is never taken for this one.
    """

    def __init__(self, document: _Document) -> None:
        self._document = document

    @classmethod
    def load_or_create(cls, path: Path) -> "KeyRing":
        """Read the ring at `path`; make one with a single random key, readable by its owner only, when absent.

        Raises:
            InvalidInputError: others may read the file, or it is no key ring.
        """
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            _store_first(path)
        return cls(_read(path))

    @classmethod
    def parse(cls, text: str, *, source: str) -> "KeyRing":
        """Read a ring from its JSON; `source` says where it stands, as in 'BILLING_KEY_RING'.

        Raises:
            InvalidInputError: it is no key ring.
        """
        return cls(_parsed(text, source))

    @property
    def current(self) -> str:
        """Id of the newest key."""
        return self._document.current

    @property
    def key_ids(self) -> tuple[str, ...]:
        """Ids of all keys, oldest first."""
        return tuple(self._document.keys)

    def wrap(self, data_key: bytes, context: str) -> bytes:
        """Encrypt a data key under the newest key."""
        return encrypt(self._document.keys[self.current], data_key, context)

    def unwrap(self, key_id: str, wrapped_key: bytes, context: str) -> bytes:
        """Decrypt a data key under the key that wrapped it."""
        return decrypt(self._document.keys[key_id], wrapped_key, context)


def add_key(path: Path) -> KeyRing:
    """Add a new current key to the ring stored at `path`; what is sealed already is re-wrapped afterwards."""
    KeyRing.load_or_create(path)
    with _alone(path):
        stored = _read(path)
        key = AESGCM.generate_key(256)
        name = _name(len({*stored.keys, *stored.superseded}) + 1, key)
        superseded = {**stored.superseded, stored.current: now()}
        changed = _Document(name, {**stored.keys, name: key}, superseded)
        _draft(path, changed).replace(path)
    return KeyRing(changed)


def remove_key(path: Path, key_id: str) -> KeyRing:
    """Take an old key out of the ring for good; the caller has made sure that nothing is sealed with it.

    Raises:
        InvalidInputError: there is no such key.
        WrongStateError: it is the current key, or was until a few minutes ago.
    """
    with _alone(path):
        stored = _read(path)
        _check_removable(stored, key_id)
        changed = replace(stored, keys={name: key for name, key in stored.keys.items() if name != key_id})
        _draft(path, changed).replace(path)
    return KeyRing(changed)


def _check_removable(stored: _Document, key_id: str) -> None:
    if key_id not in stored.keys:
        raise InvalidInputError(f"There is no key {key_id} in the ring. Nothing was changed; look at the list of keys.")
    if key_id == stored.current:
        raise WrongStateError(f"{key_id} is the current key. Nothing was changed; rotate first.")
    until = stored.superseded.get(key_id)
    if until is not None and now() - until < _STILL_IN_USE:
        at = f"{until + _STILL_IN_USE:%H:%M} UTC"
        message = f"{key_id} was the current key until a moment ago and a process may still seal with it. Try at {at}."
        raise WrongStateError(message)


def _name(number: int, key: bytes) -> str:
    return f"k{number}-{sha256(key).hexdigest()[:8]}"


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Keep two changes of one ring from overwriting each other's keys."""
    with path.with_name(f"{path.name}.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _read(path: Path) -> _Document:
    if path.stat().st_mode & 0o077:
        message = f"The key ring {path} can be read by others. No log-in was opened; run chmod 600 on it, start again."
        raise InvalidInputError(message)
    return _parsed(path.read_text(), str(path))


def _parsed(text: str, source: str) -> _Document:
    try:
        stored = json.loads(text)
        keys = {str(name): b64decode(key, validate=True) for name, key in stored["keys"].items()}
        superseded = {name: datetime.fromisoformat(at) for name, at in stored.get("superseded", {}).items()}
        document = _Document(stored["current"], keys, superseded)
    except (ValueError, KeyError, TypeError, AttributeError, NoBase64) as wrong:
        raise _no_ring(source) from wrong
    if document.current not in keys or any(len(key) != _KEY_BYTES for key in keys.values()):
        raise _no_ring(source)
    return document


def _no_ring(source: str) -> InvalidInputError:
    message = (
        f"{source} holds no key ring. No log-in was opened; put the ring back from your backup, as "
        '{"current": "k1", "keys": {"k1": "<32 random bytes in base64>"}}.'
    )
    return InvalidInputError(message)


def _store_first(path: Path) -> None:
    """Store a new ring, unless another process was quicker: secrets may be sealed under its key already."""
    key = AESGCM.generate_key(256)
    draft = _draft(path, _Document(_name(1, key), {_name(1, key): key}))
    with suppress(FileExistsError):
        path.hardlink_to(draft)
    draft.unlink()


def _draft(path: Path, document: _Document) -> Path:
    """Write a ring beside `path`, safe on the disk, readable by its owner only."""
    draft = path.with_name(f"{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle:
        handle.write(document.as_json())
        handle.flush()
        os.fsync(handle.fileno())
    return draft
