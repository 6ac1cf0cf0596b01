"""A server that has started looks for garbage less often, and not through what it was made of."""

import gc
from collections.abc import Iterator

import pytest

from core.memory import settle


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*before)


class Knot:
    """Something that can hold on to itself."""

    itself: "Knot"


def test_settle_leaves_what_is_loaded_alone_and_still_finds_garbage() -> None:
    before = gc.get_threshold()
    settle()
    assert gc.get_freeze_count() > 0
    assert gc.get_threshold() > before
    knot = Knot()
    knot.itself = knot
    del knot
    assert gc.collect() > 0
