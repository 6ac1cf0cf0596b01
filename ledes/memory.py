"""Readings remembered by what was read: a file repeats the same dates, rates and codes thousands of times."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

K = TypeVar("K")
V = TypeVar("V")
_MOST = 16_384


class Memory(dict[K, V]):
    """Values read on first use; forgotten all at once when they become too many, so that memory stays flat.

    Args:
        read: makes the value of a key; it must not depend on anything else.
    """

    def __init__(self, read: Callable[[K], V]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, key: K) -> V:
        if len(self) >= _MOST:
            self.clear()
        value = self[key] = self._read(key)
        return value

    def all_of(self, keys: Iterable[K]) -> Iterator[V]:
        """Return the value of each key; the walk over a column stays in C."""
        return map(self.__getitem__, keys)
