"""Valid files damaged by recipe: the same bytes always do the same damage, so that a find can be repeated."""

from collections.abc import Callable, Iterator

TOKENS = (
    b"", b"|", b"[]", b"\r\n", b"\n", b"\r", b"NULL", b"-1", b"0", b"1e5", b"NaN", b"1,000.00", b"20260230",
    b"\xff", b"\xe2\x80\x9c", b"\x00", b" ", b"99999999999999999999.99", b"0.00001",
    b"X", b"20261301", b"IF", b"E", b"<", b"&", b"\t",
)  # fmt: skip
_STEP = 4


def damaged(content: bytes, recipe: bytes) -> bytes:
    """Return the content after each four bytes of the recipe have changed one place of it."""
    for deed, high, low, choice in _steps(recipe):
        at = (high * 256 + low) % (len(content) + 1)
        content = DEEDS[deed % len(DEEDS)](content, at, choice)
    return content


def _steps(recipe: bytes) -> Iterator[tuple[int, int, int, int]]:
    for start in range(0, len(recipe) - _STEP + 1, _STEP):
        deed, high, low, choice = recipe[start : start + _STEP]
        yield deed, high, low, choice


def _put(content: bytes, at: int, choice: int) -> bytes:
    return content[:at] + bytes([choice]) + content[at + 1 :]


def _insert(content: bytes, at: int, choice: int) -> bytes:
    return content[:at] + TOKENS[choice % len(TOKENS)] + content[at:]


def _fill(content: bytes, at: int, choice: int) -> bytes:
    """Replace a whole value between pipes."""
    start = content.rfind(b"|", 0, at) + 1
    end = content.find(b"|", at)
    return content[:start] + TOKENS[choice % len(TOKENS)] + content[end:] if start and end > 0 else content


def _drop(content: bytes, at: int, choice: int) -> bytes:
    return content[:at] + content[at + choice :]


def _repeat(content: bytes, at: int, choice: int) -> bytes:
    """Repeat a line."""
    start = content.rfind(b"\n", 0, at) + 1
    end = content.find(b"\n", at) + 1
    return content[:end] + content[start:end] * (choice % 3) + content[end:] if end else content


DEEDS: tuple[Callable[[bytes, int, int], bytes], ...] = (_put, _insert, _fill, _drop, _repeat)
