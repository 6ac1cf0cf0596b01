"""Where the keys of the carriers' log-ins are kept: a local ring, or AWS KMS. Both pass one contract suite."""

from functools import lru_cache
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from core.crypto import JoinedKeys, Keys, unreadable
from core.errors import InvalidInputError, UnavailableError
from core.key_ring import KeyRing
from core.settings import Settings

_NOT_THIS_SECRET = frozenset({"InvalidCiphertextException", "IncorrectKeyException"})


class KmsKeys(Keys):
    """AWS KMS keys, the current one first; credentials come from the environment's own chain.

    The place of a secret goes along as KMS encryption context, so KMS itself refuses a data key that was moved, and its
    log says which account and field was opened.
    """

    def __init__(self, key_ids: tuple[str, ...], endpoint_url: str = "") -> None:
        timeouts = Config(connect_timeout=5, read_timeout=10, retries={"max_attempts": 3, "mode": "standard"})
        self._key_ids = key_ids
        self._client: Any = boto3.client("kms", endpoint_url=endpoint_url or None, config=timeouts)

    @property
    def current(self) -> str:
        """The first key."""
        return self._key_ids[0]

    @property
    def key_ids(self) -> tuple[str, ...]:
        """Every configured key."""
        return self._key_ids

    def wrap(self, data_key: bytes, context: str) -> bytes:
        """Let KMS encrypt a data key."""
        asked = {"KeyId": self.current, "Plaintext": data_key, "EncryptionContext": _as_pairs(context)}
        try:
            wrapped: bytes = self._client.encrypt(**asked)["CiphertextBlob"]
        except (BotoCoreError, ClientError) as wrong:
            raise _unavailable(self.current, wrong) from wrong
        return wrapped

    def unwrap(self, key_id: str, wrapped_key: bytes, context: str) -> bytes:
        """Let KMS decrypt a data key."""
        asked = {"KeyId": key_id, "CiphertextBlob": wrapped_key, "EncryptionContext": _as_pairs(context)}
        try:
            data_key: bytes = self._client.decrypt(**asked)["Plaintext"]
        except ClientError as wrong:
            if wrong.response["Error"]["Code"] in _NOT_THIS_SECRET:
                raise unreadable(context) from wrong
            raise _unavailable(key_id, wrong) from wrong
        except BotoCoreError as wrong:
            raise _unavailable(key_id, wrong) from wrong
        return data_key


def keys_of(settings: Settings) -> Keys:
    """Return the keys that the settings name.

    With KMS keys named, those wrap, and a local ring that is there still opens what it sealed: re-wrapping moves it.

    Raises:
        InvalidInputError: the local ring cannot be used.
    """
    key_ids = _kms_key_ids(settings)
    if not key_ids:
        return _local(settings)
    service = _service(key_ids, settings.aws_endpoint_url)
    return JoinedKeys(service, _local(settings)) if _has_ring(settings) else service


def has_keys(settings: Settings) -> bool:
    """Whether there are keys by now; without any, `keys_of` makes a new ring, which opens nothing that is stored."""
    return bool(_kms_key_ids(settings)) or _has_ring(settings)


def is_file_ring(settings: Settings) -> bool:
    """Whether the current key stands in the ring's file, where a command can add and remove keys."""
    return not settings.kms_key_ids.strip() and not settings.key_ring.get_secret_value()


def _kms_key_ids(settings: Settings) -> tuple[str, ...]:
    return tuple(name.strip() for name in settings.kms_key_ids.split(",") if name.strip())


def _has_ring(settings: Settings) -> bool:
    return bool(settings.key_ring.get_secret_value()) or settings.key_ring_path.exists()


@lru_cache(maxsize=4)
def _service(key_ids: tuple[str, ...], endpoint_url: str) -> KmsKeys:
    return KmsKeys(key_ids, endpoint_url)


def _local(settings: Settings) -> KeyRing:
    if text := settings.key_ring.get_secret_value():
        hint = (
            "" if text.lstrip().startswith("{") else " (it wants the ring's JSON; BILLING_KEY_RING_PATH names a file)"
        )
        return KeyRing.parse(text, source=f"BILLING_KEY_RING{hint}")
    return KeyRing.load_or_create(settings.key_ring_path)


def _as_pairs(context: str) -> dict[str, str]:
    """Return 'account=7;field=password;v=1' as KMS wants it."""
    pairs = dict(part.split("=", 1) for part in context.split(";") if "=" in part)
    if not pairs:
        raise InvalidInputError(f"{context!r} names no place of a secret. Nothing was sealed or opened.")
    return pairs


def _unavailable(key_id: str, wrong: Exception) -> UnavailableError:
    code = wrong.response["Error"]["Code"] if isinstance(wrong, ClientError) else type(wrong).__name__
    message = (
        f"The key service did not let the portal use the key {key_id} ({code}). Every file and every log-in was kept; "
        "check the key's id, its state and the portal's permission."
    )
    return UnavailableError(message, key_id=key_id, reason=code)
