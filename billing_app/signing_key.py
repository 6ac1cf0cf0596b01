"""The key that signs the short cookie of a sign-in under way."""

import os
from pathlib import Path

from core.ids import new_token
from core.settings import get_settings


def signing_key() -> str:
    """Return the configured secret, or one made at first use and kept beside the key ring."""
    settings = get_settings()
    if configured := settings.session_secret.get_secret_value():
        return configured
    path = settings.key_ring_path.parent / "session-secret"
    try:
        return _create(path)
    except FileExistsError:
        return path.read_text()


def _create(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    key = new_token()
    draft = path.with_suffix(f".{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as handle:
        handle.write(key)
    try:
        # A link is made whole or not at all, so two processes starting at once agree on one key.
        os.link(draft, path)
    finally:
        draft.unlink()
    return key
