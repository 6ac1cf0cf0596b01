"""The folder that stands in for servers that send: each message becomes a file, whole or not at all."""

import json
import os
from pathlib import Path

from core.clock import now
from core.ids import new_correlation_id


def put(directory: Path, name: str, content: bytes) -> None:
    """Write one file; who lists the folder never sees half of it.

    Raises:
        OSError: the folder cannot be written.
    """
    directory.mkdir(parents=True, exist_ok=True)
    draft = directory / f".{name}.{os.urandom(4).hex()}"
    draft.write_bytes(content)
    draft.replace(directory / name)


def put_message(directory: Path, kind: str, facts: dict[str, object]) -> str:
    """Write a message of one kind as JSON, with when; return the id that it is filed under.

    Raises:
        OSError: the folder cannot be written.
    """
    message_id = f"{kind}-{new_correlation_id()}"
    content = json.dumps({"id": message_id, "at": now().isoformat(), **facts}, indent=2, ensure_ascii=False)
    put(directory, f"{message_id}.json", content.encode())
    return message_id
