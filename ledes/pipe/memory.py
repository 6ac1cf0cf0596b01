"""Readings remembered by what was read: a file repeats the same dates, rates and codes thousands of times."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Memory(dict[K, V]):
    """Values read on first use; forgotten all at once when they become too many, so that memory stays flat.

    Args:
        read: makes the value of a key; it must not depend on anything else.
        most: how many values are kept.

    Attributes:
        read: the same, for a key that cannot be looked up.
    """

    def __init__(self, read: Callable[[K], V], most: int = 16_384) -> None:
        super().__init__()
        self.read, self._most = read, most

    def __missing__(self, key: K) -> V:
        if len(self) >= self._most:
            self.clear()
        value = self[key] = self.read(key)
        return value

    def all_of(self, keys: Iterable[K]) -> Iterator[V]:
        """Return the value of each key; the walk over a column stays in C."""
        return map(self.__getitem__, keys)
