"""Readings remembered by what was read: a file repeats the same dates, rates and codes thousands of times."""

from collections.abc import Callable, Iterable, Sequence
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

    def all_of(self, keys: Sequence[K]) -> list[V]:
        """Return the value of each key of a column, which is often one and the same; the walk over it stays in C."""
        if keys[0] == keys[-1] and keys.count(keys[0]) == len(keys):
            return [self[keys[0]]] * len(keys)
        return list(map(self.__getitem__, keys))


class Faults(Memory[K, tuple[V, ...]]):
    """Faults remembered by what has them; what has none stands in a set besides, where many are looked up at once."""

    def __init__(self, read: Callable[[K], tuple[V, ...]], most: int = 16_384) -> None:
        super().__init__(read, most)
        self._faultless: set[K] = set()

    def __missing__(self, key: K) -> tuple[V, ...]:
        faults = super().__missing__(key)
        if not faults:
            self._faultless.add(key)
        return faults

    def clear(self) -> None:
        """Forget everything."""
        super().clear()
        self._faultless.clear()

    def of_each(self, keys: Callable[[], Iterable[K]]) -> list[tuple[V, ...]]:
        """Return the faults of each key, or nothing at all when none has any; `keys` begins to give them anew."""
        return [] if self._faultless.issuperset(keys()) else list(map(self.__getitem__, keys()))
