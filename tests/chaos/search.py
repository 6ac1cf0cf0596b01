"""Looks for a text wherever a run may have left it, also where it was encoded or packed on the way."""

import html
import json
import zlib
from base64 import b64decode, b64encode
from binascii import Error as NoBase64
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from threading import Thread
from urllib.parse import quote, quote_plus

from redis import Redis
from redis.exceptions import RedisError


def finds(text: str, contents: Iterable[bytes]) -> bool:
    """Whether any of the contents holds the text, plain or in a form that programs give it."""
    forms = _forms(text)
    return any(form in layer for content in contents for layer in _layers(content) for form in forms)


def files_below(folder: Path) -> Iterator[bytes]:
    """Return what every file below a folder holds."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path.read_bytes()


class RedisEar:
    """Hears every command that reaches a Redis, so that what was deleted again is searched too."""

    def __init__(self, url: str) -> None:
        self.heard: list[bytes] = []
        self._redis = Redis.from_url(url, decode_responses=False)
        self._connection = self._redis.connection_pool.get_connection()
        self._connection.send_command("MONITOR")
        self._connection.read_response()
        Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        with suppress(RedisError, OSError, ValueError):
            while True:
                self.heard.append(_unescaped(self._connection.read_response()))

    def close(self) -> None:
        """Stop listening."""
        self._connection.disconnect()
        self._redis.close()

    def dump(self) -> list[bytes]:
        """Return the values of all keys that are there now."""
        values: list[bytes] = []
        for key in self._redis.scan_iter():
            match self._redis.type(key):
                case b"hash":
                    values += [part for pair in self._redis.hgetall(key).items() for part in pair]
                case b"stream":
                    values += [part for _, row in self._redis.xrange(key) for pair in row.items() for part in pair]
                case b"string":
                    values.append(self._redis.get(key) or b"")
                case _:
                    values.append(self._redis.dump(key) or b"")
        return values


def _unescaped(line: bytes | str) -> bytes:
    """Undo how MONITOR writes what is not printable."""
    text = line.decode("latin-1") if isinstance(line, bytes) else line
    return text.encode("latin-1").decode("unicode_escape").encode("latin-1")


def _forms(text: str) -> set[bytes]:
    plain = text.encode()
    packed = [b64encode(b"x" * shift + plain + b"x" * 3)[4 if shift else 0 : -8] for shift in range(3)]
    return {
        plain,
        plain.hex().encode(),
        html.escape(text).encode(),
        json.dumps(text)[1:-1].encode(),
        quote(text, safe="").encode(),
        quote_plus(text).encode(),
        text.encode("utf-16-le"),
        *packed,
    }


def _layers(content: bytes) -> Iterator[bytes]:
    """Return the content, and what is packed in it."""
    yield content
    with suppress(NoBase64, ValueError):
        content = b64decode(content, validate=True)
    for start in _starts(content):
        with suppress(zlib.error):
            yield zlib.decompressobj().decompress(content[start:])


def _starts(content: bytes) -> Iterator[int]:
    start = content.find(b"x\x9c")
    while start >= 0:
        yield start
        start = content.find(b"x\x9c", start + 1)
