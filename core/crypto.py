"""Secrets at rest: AES-256-GCM under a data key of each secret's own, wrapped by a key that is not in the database."""

import os
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import NoReturn

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from core.errors import BillingError

_NONCE_BYTES = 12


class SecretUnreadableError(BillingError):
    """A stored secret cannot be opened: wrong key, or the row was moved or altered."""

    code = "secret_unreadable"


class KeyUnknownError(SecretUnreadableError):
    """A stored secret is wrapped by a key that is not among the configured ones."""

    code = "key_unknown"


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
        raise TypeError("A secret is never pickled.")

    def __getstate__(self) -> NoReturn:
        raise TypeError("A secret is never pickled.")


@dataclass(frozen=True)
class SealedSecret:
    """What the database keeps of a secret: everything here is useless without the keys."""

    key_id: str
    wrapped_key: bytes
    ciphertext: bytes


class Keys(ABC):
    """Key-encryption keys by id: the current one wraps data keys, every one unwraps.

    `context` names the place of a secret, as in 'account=7;field=password;v=1'; it is bound to the secret and to its
    data key, so a row that was moved or copied elsewhere cannot be opened.
    """

    @property
    @abstractmethod
    def current(self) -> str:
        """Id of the key that wraps from now on."""

    @property
    @abstractmethod
    def key_ids(self) -> tuple[str, ...]:
        """Ids of every key that still unwraps."""

    @abstractmethod
    def wrap(self, data_key: bytes, context: str) -> bytes:
        """Encrypt a data key under the current key.

        Raises:
            UnavailableError: the keys cannot be reached.
        """

    @abstractmethod
    def unwrap(self, key_id: str, wrapped_key: bytes, context: str) -> bytes:
        """Decrypt a data key that `key_id`, one of `key_ids`, wrapped.

        Raises:
            SecretUnreadableError: altered bytes, or another context.
            UnavailableError: the keys cannot be reached.
        """

    def seal(self, secret: Secret, context: str) -> SealedSecret:
        """Encrypt a secret for one place."""
        data_key = AESGCM.generate_key(256)
        ciphertext = encrypt(data_key, secret.reveal().encode(), context)
        return SealedSecret(self.current, self.wrap(data_key, context), ciphertext)

    def open(self, sealed: SealedSecret, context: str) -> Secret:
        """Decrypt a secret.

        Raises:
            KeyUnknownError: its key is not among these.
            SecretUnreadableError: altered bytes, or a row that belongs to another context.
        """
        return Secret(decrypt(self._data_key(sealed, context), sealed.ciphertext, context).decode())

    def rewrap(self, sealed: SealedSecret, context: str) -> SealedSecret:
        """Wrap the same data key under the current key; the ciphertext stays as it is."""
        data_key = self._data_key(sealed, context)
        return SealedSecret(self.current, self.wrap(data_key, context), sealed.ciphertext)

    def _data_key(self, sealed: SealedSecret, context: str) -> bytes:
        if sealed.key_id not in self.key_ids:
            message = (
                f"This log-in was sealed with the key {sealed.key_id}, which is not among the portal's keys. "
                "Nothing was sent; put that key back, or enter the password again."
            )
            raise KeyUnknownError(message, context=context, key_id=sealed.key_id)
        return self.unwrap(sealed.key_id, sealed.wrapped_key, context)


class JoinedKeys(Keys):
    """The keys of several places: the first place wraps, each unwraps its own. For moving from one to another."""

    def __init__(self, first: Keys, *others: Keys) -> None:
        self._first = first
        self._others = others

    @property
    def current(self) -> str:
        """Id of the first place's current key."""
        return self._first.current

    @property
    def key_ids(self) -> tuple[str, ...]:
        """Ids of all places."""
        return tuple(key_id for keys in (self._first, *self._others) for key_id in keys.key_ids)

    def wrap(self, data_key: bytes, context: str) -> bytes:
        """Encrypt a data key in the first place."""
        return self._first.wrap(data_key, context)

    def unwrap(self, key_id: str, wrapped_key: bytes, context: str) -> bytes:
        """Decrypt a data key where its key is."""
        place = next(keys for keys in (self._first, *self._others) if key_id in keys.key_ids)
        return place.unwrap(key_id, wrapped_key, context)


def encrypt(key: bytes, plaintext: bytes, context: str) -> bytes:
    """Return nonce and AES-256-GCM ciphertext, bound to the context."""
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plaintext, context.encode())


def decrypt(key: bytes, sealed: bytes, context: str) -> bytes:
    """Return what `encrypt` was given.

    Raises:
        SecretUnreadableError: another key, another context, or altered bytes.
    """
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], context.encode())
    except (InvalidTag, ValueError) as wrong:  # ValueError: too short to hold a nonce
        raise unreadable(context) from wrong


def unreadable(context: str) -> SecretUnreadableError:
    """Return the error of a secret that its key does not open."""
    message = "The stored log-in cannot be opened with the portal's keys. Nothing was sent; enter the password again."
    return SecretUnreadableError(message, context=context)
