"""Secrets at rest: AES-256-GCM under a data key of each secret's own, wrapped by a local key ring."""

import json
import os
from base64 import b64decode, b64encode
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from core.errors import BillingError

_NONCE_BYTES = 12


class SecretUnreadableError(BillingError):
    """A stored secret cannot be opened: wrong key ring, or the row was moved or altered."""

    code = "secret_unreadable"


class Secret:
    """A password or TOTP seed in memory. Not a `str`, so it cannot leak through json, logs or pickles."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Return the text, at the one place that types it into a site."""
        return self._value

    def __repr__(self) -> str:
        return "Secret(***)"

    __str__ = __repr__

    def __format__(self, _spec: str) -> str:
        return repr(self)

    def __reduce__(self) -> NoReturn:
        message = "A secret is never pickled."
        raise TypeError(message)


@dataclass(frozen=True)
class SealedSecret:
    """What the database keeps of a secret: everything here is useless without the key ring."""

    key_id: str
    wrapped_key: bytes
    ciphertext: bytes


class KeyRing:
    """Local key-encryption keys by id; the newest one wraps, every one unwraps."""

    def __init__(self, keys: dict[str, bytes], current: str) -> None:
        self._keys = keys
        self.current = current

    @classmethod
    def load_or_create(cls, path: Path) -> "KeyRing":
        """Read the ring at `path`; make one with a single random key, readable by its owner only, when absent."""
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            _store_first(path)
        stored = json.loads(path.read_text())
        return cls({name: b64decode(key) for name, key in stored["keys"].items()}, stored["current"])

    def rotate(self, path: Path) -> "KeyRing":
        """Add a new current key to the ring stored at `path`; secrets are then re-wrapped with `rewrap`."""
        stored = KeyRing.load_or_create(path)
        name = f"k{len(stored._keys) + 1}"  # noqa: SLF001 -- same class
        keys = {**stored._keys, **self._keys, name: AESGCM.generate_key(256)}  # noqa: SLF001 -- same class
        _draft(path, keys, name).replace(path)
        return KeyRing(keys, name)

    def seal(self, secret: Secret, context: str) -> SealedSecret:
        """Encrypt a secret for one place; `context` names it, as in 'account=7;field=password;v=1'."""
        data_key = AESGCM.generate_key(256)
        ciphertext = _encrypt(data_key, secret.reveal().encode(), context)
        return SealedSecret(self.current, _encrypt(self._keys[self.current], data_key, context), ciphertext)

    def open(self, sealed: SealedSecret, context: str) -> Secret:
        """Decrypt a secret.

        Raises:
            SecretUnreadableError: unknown key, altered bytes, or a row that belongs to another context.
        """
        return Secret(_decrypt(self._data_key(sealed, context), sealed.ciphertext, context).decode())

    def rewrap(self, sealed: SealedSecret, context: str) -> SealedSecret:
        """Wrap the same data key under the current key; the ciphertext stays as it is."""
        data_key = self._data_key(sealed, context)
        return SealedSecret(self.current, _encrypt(self._keys[self.current], data_key, context), sealed.ciphertext)

    def _data_key(self, sealed: SealedSecret, context: str) -> bytes:
        if sealed.key_id not in self._keys:
            raise _unreadable(context)
        return _decrypt(self._keys[sealed.key_id], sealed.wrapped_key, context)


def _store_first(path: Path) -> None:
    """Store a new ring, unless another process was quicker: secrets may be sealed under its key already."""
    draft = _draft(path, {"k1": AESGCM.generate_key(256)}, "k1")
    with suppress(FileExistsError):
        path.hardlink_to(draft)
    draft.unlink()


def _draft(path: Path, keys: dict[str, bytes], current: str) -> Path:
    """Write a ring beside `path`, safe on the disk, readable by its owner only."""
    document = {"current": current, "keys": {name: b64encode(key).decode() for name, key in keys.items()}}
    draft = path.with_name(f"{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle:
        json.dump(document, handle)
        handle.flush()
        os.fsync(handle.fileno())
    return draft


def _encrypt(key: bytes, plaintext: bytes, context: str) -> bytes:
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plaintext, context.encode())


def _decrypt(key: bytes, sealed: bytes, context: str) -> bytes:
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], context.encode())
    except InvalidTag as wrong:
        raise _unreadable(context) from wrong


def _unreadable(context: str) -> SecretUnreadableError:
    message = "The stored log-in cannot be opened with this key ring. Nothing was sent; enter the password again."
    return SecretUnreadableError(message, context=context)
