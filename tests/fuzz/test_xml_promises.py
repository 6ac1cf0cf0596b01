"""A short run of the fuzz target's promises from a fixed seed, without its instrumentation."""

import random

import pytest

from tests.fuzz.xml_promises import SEEDS, check_promises, check_promises_for

SEED, RUNS = 20_261_123, 1_500


@pytest.mark.parametrize("content", SEEDS)
def test_promises_hold_for_valid_files(content):
    check_promises(content)


@pytest.mark.slow
def test_promises_hold_for_damaged_files():
    chance = random.Random(SEED)  # noqa: S311 -- repeatable on purpose
    for _ in range(RUNS):
        check_promises_for(bytes([chance.randrange(80)]) + chance.randbytes(chance.randrange(4, 24)))
