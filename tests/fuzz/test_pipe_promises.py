"""A short run of the fuzz targets between pipes, the same every time; `make fuzz` runs them longer."""

import base64
import random

import pytest

from tests.fuzz.pipe_promises import SEEDS, check_promises, check_promises_for

pytestmark = pytest.mark.slow
ROUNDS = 3_000


def test_promises_hold_of_valid_files():
    for content in SEEDS:
        check_promises(content)


@pytest.mark.parametrize("seed", range(len(SEEDS)))
def test_promises_hold_of_damaged_files(seed):
    chance = random.Random(seed)  # noqa: S311 -- the same damage every time
    for _ in range(ROUNDS):
        check_promises_for(bytes([seed]) + chance.randbytes(4 * chance.randint(1, 6)))


def test_promises_hold_of_any_bytes():
    chance = random.Random(99)  # noqa: S311 -- the same bytes every time
    for _ in range(ROUNDS):
        check_promises_for(b"\xff" + chance.randbytes(chance.randint(0, 400)))


@pytest.mark.parametrize("found", ["AP//JCQCAXIKpwoASiRKJCQ="], ids=["text inside a terminator"])
def test_promises_hold_of_what_was_found_before(found):
    check_promises_for(base64.b64decode(found))
